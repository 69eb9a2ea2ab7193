// An exhibit for a terminal.
import { definitions } from './definitions.ts';
import type { Exhibit } from './exhibit.ts';
import { paragraph, wrapped } from './paragraph.ts';
import { columnsOf, type Screen, toned, widthOf } from './screen.ts';
import { table } from './table.ts';

/** Draws an exhibit: heading, table, how to read it. */
export function exhibitText({ title, columns, rows, reading, entries = [] }: Exhibit, screen: Screen): string {
  const list = entries.length > 0 ? `\n${definitions(entries, screen)}` : '';
  return `${heading(title, screen)}\n\n${table(columns, rows, screen)}\n${paragraph(reading, screen)}${list}`;
}

/** Makes a heading: bold where there are colours. */
export function heading(text: string, screen: Screen): string {
  const lines = columnsOf(text) <= widthOf(screen) ? [text] : wrapped(text, widthOf(screen));
  return lines.map((line) => toned(line, 'bold', screen)).join('\n');
}
