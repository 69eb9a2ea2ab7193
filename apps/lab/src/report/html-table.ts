// Tables of the page.
import type { Exhibit } from '../exhibits/exhibit.ts';
import { type Html, type HtmlValue, html, keepUnits } from './html.ts';

/**
 * Draws a table that scrolls sideways where the window is too narrow for it.
 *
 * @param label What it shows, for readers who do not see it.
 */
export function htmlTable(label: string, { columns, rows }: Pick<Exhibit, 'columns' | 'rows'>): Html {
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
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

/** Draws an exhibit: heading, how to read it, table. */
export function htmlExhibit(exhibit: Exhibit): Html {
  const { title, reading } = exhibit;
  return html`<h3>${title}</h3>
${htmlTable(title, exhibit)}<p class="reading">${keepUnits(reading)}</p>
`;
}

function lines(text: string): HtmlValue[] {
  return text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br>`, line]));
}
