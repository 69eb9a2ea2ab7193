// Tables of the page.
import type { Column, Exhibit } from './exhibit.ts';
import { type Html, type HtmlValue, html, prose } from './html.ts';

/**
 * Draws a table that scrolls sideways where the window is too narrow for it.
 *
 * @param label What it shows, for readers who do not see it.
 */
export function htmlTable(label: string, { columns, rows }: Pick<Exhibit, 'columns' | 'rows'>): Html {
  const sides = columns.map(({ align = 'right', width }) => (width === undefined ? align : `${align} text`));
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0
        ? html`<th scope="row" class="${sides[0]!}">${lines(cell)}</th>`
        : html`<td class="${sides[index]!}">${lines(cell)}</td>`,
    );
    return html`<tr>${cells}</tr>\n`;
  });
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead>${headRows(columns, sides)}</thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

/** The heads in one row, or in two where columns are grouped. */
function headRows(columns: readonly Column[], sides: readonly string[]): Html[] {
  if (columns.every(({ group }) => group === undefined)) return [html`<tr>${columns.map(headCell)}</tr>`];
  const upper = columns.flatMap((column, index) => {
    const { group } = column;
    if (group === undefined) return [headCell(column, index)];
    if (columns[index - 1]?.group === group) return [];
    const span = columns.filter((other) => other.group === group).length;
    return [html`<th scope="colgroup" colspan="${span}" class="group">${group}</th>`];
  });
  const lower = columns.flatMap((column, index) => (column.group === undefined ? [] : [headCell(column, index)]));
  return [html`<tr>${upper}</tr>`, html`<tr>${lower}</tr>`];

  function headCell({ head, group }: Column, index: number): Html {
    const rows = group === undefined && columns.some((column) => column.group !== undefined) ? 2 : 1;
    return html`<th scope="col" rowspan="${rows}" class="${sides[index]!}">${lines(head.trimStart())}</th>`;
  }
}

/** Draws an exhibit: heading, table, how to read it, and the names in it. */
export function htmlExhibit(exhibit: Exhibit): Html {
  const { title, reading, entries = [] } = exhibit;
  return html`<h3>${title}</h3>
${htmlTable(title, exhibit)}<p class="reading">${prose(reading)}</p>
${entries.length > 0 ? htmlEntries(entries) : ''}`;
}

/** Draws names with what each means. */
export function htmlEntries(entries: readonly (readonly [name: string, meaning: string])[]): Html {
  const items = entries.map(([name, meaning]) => html`<dt>${name}</dt><dd>${prose(meaning)}</dd>\n`);
  return html`<dl class="entries">${items}</dl>
`;
}

function lines(text: string): HtmlValue[] {
  return text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [html`<br>`, line]));
}
