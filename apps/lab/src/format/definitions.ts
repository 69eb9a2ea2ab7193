// A list of names with what each means, for a terminal.
import { paragraph } from './paragraph.ts';
import { columnsOf, proseWidthOf, type Screen } from './screen.ts';

const INDENT = '  ';

/** Draws a list: the names in a column, what they mean beside it; below it where the names take more than half of the screen. */
export function definitions(entries: readonly (readonly [name: string, meaning: string])[], screen: Screen): string {
  const column = Math.max(0, ...entries.map(([name]) => columnsOf(name))) + 2 * INDENT.length;
  if (column > proseWidthOf(screen) / 2) {
    return entries.map(([name, meaning]) => `${INDENT}${name}\n${paragraph(meaning, screen, '    ')}`).join('');
  }
  const hanging = ' '.repeat(column);
  return entries
    .map(([name, meaning]) => {
      const head = `${INDENT}${name}${' '.repeat(column - INDENT.length - columnsOf(name))}`;
      return paragraph(meaning, screen, head, hanging);
    })
    .join('');
}
