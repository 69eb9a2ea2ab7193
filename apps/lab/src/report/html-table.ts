// Tables of the page.
import type { Column, Exhibit } from '../exhibits/exhibit.ts';
import { type Html, type HtmlValue, html, keepUnits } from './html.ts';

/** Draws a table that scrolls sideways where the window is too narrow for it. */
export function htmlTable(columns: readonly Column[], rows: readonly (readonly string[])[]): Html {
  const sides = columns.map(({ align = 'right', width }) => (width === undefined ? align : `${align} text`));
  const heads = columns.map(({ head }, index) => html`<th scope="col" class="${sides[index]!}">${lines(head)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0
        ? html`<th scope="row" class="${sides[0]!}">${lines(cell)}</th>`
        : html`<td class="${sides[index]!}">${lines(cell)}</td>`,
    );
    return html`<tr>${cells}</tr>\n`;
  });
  return html`<div class="scroll" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

/** Draws an exhibit: heading, how to read it, table. */
export function htmlExhibit({ title, columns, rows, reading }: Exhibit): Html {
  return html`<h3>${title}</h3>
${htmlTable(columns, rows)}<p class="reading">${keepUnits(reading)}</p>
`;
}

function lines(text: string): HtmlValue[] {
  return text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br>`, line]));
}
