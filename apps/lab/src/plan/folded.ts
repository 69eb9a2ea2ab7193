// What a table of many checkpoints leaves out, and says of it.
import { count, counted } from '../format/number.ts';
import { line } from '../format/paragraph.ts';
import type { Screen } from '../format/screen.ts';
import { firstOf } from '../format/sentence.ts';

/** Rows of a kind that are shown; more are summed up. A few that are fine take no more room than their sum. */
export const MOST_TROUBLED = 30;
export const MOST_FINE = 5;

/** A row for each of the first, and one for the rest. */
export function folded<Row>(
  rows: readonly Row[],
  most: number,
  cells: (row: Row) => string[],
  sum: (name: string, rest: readonly Row[]) => string[],
): string[][] {
  if (rows.length <= most) return rows.map(cells);
  const rest = rows.slice(most - 1);
  return [...rows.slice(0, most - 1).map(cells), sum(counted(rest.length, 'other'), rest)];
}

/** Says what could not be read, and why. @param unread Names and errors that can be printed. */
export function unreadText(unread: readonly { name: string; error: string }[], all: boolean, screen: Screen): string {
  if (unread.length === 0) return '';
  const lines = firstOf(
    unread,
    all ? unread.length : MOST_TROUBLED,
    ({ name, error }) => line(error.includes(name) ? error : `${name}: ${error}`, screen, '  '),
    (left) => `  … and ${count(left)} more\n`,
  );
  return `\nNot read:\n${lines.join('')}`;
}
