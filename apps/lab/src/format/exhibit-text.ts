// An exhibit for a terminal.
import { styleText } from 'node:util';
import type { Terminal } from '../cli/terminal.ts';
import { definitions } from './definitions.ts';
import type { Exhibit } from './exhibit.ts';
import { paragraph } from './paragraph.ts';
import { table } from './table.ts';

/** Draws an exhibit: heading, table, how to read it. */
export function exhibitText({ title, columns, rows, reading, entries = [] }: Exhibit, terminal: Terminal): string {
  const list = entries.length > 0 ? `\n${definitions(entries)}` : '';
  return `${heading(title, terminal)}\n\n${table(columns, rows)}\n${paragraph(reading)}${list}`;
}

/** Makes a heading: bold on a terminal, plain elsewhere. */
export function heading(text: string, { out, env }: Terminal): string {
  return out.isTTY === true && !env.NO_COLOR ? styleText('bold', text, { validateStream: false }) : text;
}
