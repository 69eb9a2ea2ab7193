// Tables for a terminal: no frame, two spaces between columns, a rule under the heads.
import CliTable from 'cli-table3';
import type { Column } from './exhibit.ts';

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
};

const WIDTH = 100; // columns of a terminal
const NARROWEST = 24; // of a column of words

/**
 * Draws a table no wider than 100 columns, where its words and gaps let it.
 *
 * @param rows One string per column each.
 * @returns Lines without trailing spaces, each ended by a line break.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = draw(columns, rows);
  const overhang = widthOf(lines) - WIDTH;
  if (overhang <= 0) return ruled(lines, columns);
  const narrower = columns.map((column) =>
    column.align === 'left' && column.width !== undefined
      ? { ...column, width: Math.max(column.width - overhang, NARROWEST) }
      : column,
  );
  const wrapped = draw(narrower, rows);
  return ruled(widthOf(wrapped) <= WIDTH ? wrapped : draw(narrower, rows, ' '), columns);
}

function draw(columns: readonly Column[], rows: readonly (readonly string[])[], gap = '  '): string[] {
  const drawn = new CliTable({
    head: heads(columns),
    colAligns: columns.map(({ align = 'right' }) => align),
    colWidths: columns.map(({ width }) => width ?? null),
    wordWrap: true,
    chars: { ...NO_FRAME, middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) drawn.push([...row]);
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** A group stands over the first of its columns. */
function heads(columns: readonly Column[]): string[] {
  return columns.map(({ group, head }, index) => {
    if (group === undefined) return head;
    return `${columns[index - 1]?.group === group ? '' : group}\n${head}`;
  });
}

function widthOf(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => line.length));
}

/** Puts a rule under the heads. */
function ruled(lines: string[], columns: readonly Column[]): string {
  const headHeight = Math.max(...heads(columns).map((head) => head.split('\n').length));
  lines.splice(headHeight, 0, '─'.repeat(widthOf(lines)));
  return `${lines.join('\n')}\n`;
}
