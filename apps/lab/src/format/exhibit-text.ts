// An exhibit for a terminal.
import { styleText } from 'node:util';
import { definitions } from './definitions.ts';
import type { Exhibit } from './exhibit.ts';
import { paragraph } from './paragraph.ts';
import { table } from './table.ts';

/** What a text is for: whether it is a terminal, and whether that is to show no styles. */
export interface Screen {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Draws an exhibit: heading, table, how to read it. */
export function exhibitText({ title, columns, rows, reading, entries = [] }: Exhibit, screen: Screen): string {
  const list = entries.length > 0 ? `\n${definitions(entries)}` : '';
  return `${heading(title, screen)}\n\n${table(columns, rows)}\n${paragraph(reading)}${list}`;
}

/** Makes a heading: bold on a terminal, plain elsewhere. */
export function heading(text: string, { out, env }: Screen): string {
  return out.isTTY === true && !env.NO_COLOR ? styleText('bold', text, { validateStream: false }) : text;
}
