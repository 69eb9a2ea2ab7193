// Tables for a terminal: no frame, two spaces between columns, a rule under the heads.
import CliTable from 'cli-table3';
import type { Column } from '../exhibits/exhibit.ts';

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Draws a table.
 *
 * @param rows One string per column each.
 * @returns Lines without trailing spaces, each ended by a line break.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new CliTable({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'right' }) => align),
    colWidths: columns.map(({ width }) => width ?? null),
    wordWrap: true,
    chars: NO_FRAME,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) drawn.push([...row]);
  const lines = drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const headHeight = Math.max(...columns.map(({ head }) => head.split('\n').length));
  const width = Math.max(...lines.map((line) => line.length));
  lines.splice(headHeight, 0, '─'.repeat(width));
  return `${lines.join('\n')}\n`;
}
