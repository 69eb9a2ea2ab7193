// A list of names with what each means, for a terminal.
import { paragraph } from './paragraph.ts';

const WIDTH = 100; // columns
const INDENT = '  ';

/** Draws a list: the names in a column, what they mean beside it, wrapped at 100 columns. */
export function definitions(entries: readonly (readonly [name: string, meaning: string])[]): string {
  const column = Math.max(0, ...entries.map(([name]) => name.length)) + 2 * INDENT.length;
  const hanging = `\n${' '.repeat(column)}`;
  const lines = entries.map(([name, meaning]) => {
    const wrapped = paragraph(meaning, WIDTH - column)
      .trimEnd()
      .replaceAll('\n', hanging);
    return `${(INDENT + name).padEnd(column)}${wrapped}\n`;
  });
  return lines.join('');
}
