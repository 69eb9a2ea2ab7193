// Tables of the page.
import { DESIGNS } from '@idspace/posix-timers';
import { condense, oneLine } from './condense.ts';
import type { Column, Exhibit } from './exhibit.ts';
import { type Html, type HtmlValue, html, prose } from './html.ts';
import { listed } from './sentence.ts';

/**
 * Draws a table that scrolls sideways where the window is too narrow for it, and becomes a card for each row on a phone.
 *
 * @param label What it shows, for readers who do not see it.
 */
export function htmlTable(label: string, table: Pick<Exhibit, 'columns' | 'rows'>): Html {
  const { columns, rows, nothing } = condense(table);
  const sides = columns.map(({ align = 'right', width }) => (width === undefined ? align : `${align} text`));
  const names = columns.map(({ group, head }) => oneLine(group, head));
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0
        ? html`<th scope="row" class="${sides[0]!}" data-head="${names[0]!}">${lines(cell)}</th>`
        : html`<td class="${sides[index]!}" data-head="${names[index]!}">${lines(cell)}</td>`,
    );
    return html`<tr${isDesigns(row[0]!) ? html` data-key="${row[0]!}"` : ''}>${cells}</tr>\n`;
  });
  const none = nothing.length === 0 ? '' : html`<p class="reading">None in any row: ${listed(nothing)}.</p>\n`;
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table>
<thead>${headRows(columns, sides)}</thead>
<tbody>
${body}</tbody>
</table></div>
${none}`;
}

function isDesigns(names: string): boolean {
  return names.split(', ').every((name) => DESIGNS.some((design) => design === name));
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
    if (head === '') return html`<td rowspan="${rows}"></td>`;
    return html`<th scope="col" rowspan="${rows}" class="${sides[index]!}">${lines(head.trimStart())}</th>`;
  }
}

/** Draws an exhibit: the table, how to read it, and the names in it. */
export function htmlExhibit({ title, reading, entries = [], ...table }: Exhibit): Html {
  return html`${htmlTable(title, table)}${reading === '' ? '' : html`<p class="reading">${prose(reading)}</p>\n`}${entries.length > 0 ? htmlEntries(entries) : ''}`;
}

/** Draws an exhibit folded under its heading. */
export function foldedExhibit(exhibit: Exhibit): Html {
  return html`<details><summary>${exhibit.title}</summary>
${htmlExhibit(exhibit)}</details>
`;
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
