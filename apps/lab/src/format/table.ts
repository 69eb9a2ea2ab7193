// Tables for a terminal: no frame, two spaces between columns, a rule under the heads. Never a word in two.
import type { Column } from './exhibit.ts';
import { counted } from './number.ts';
import { wrapped } from './paragraph.ts';
import { columnsOf, hasMarks, isBounded, type Screen, toned, widthOf } from './screen.ts';

const USUAL = 100; // columns for which the widths of words are given
const NARROWEST = 24; // of a column of words or paths

type Rows = readonly (readonly string[])[];

/**
 * Draws a table that fits the screen.
 *
 * What is too wide is made narrower in this order: words wrap, heads fold, gaps shrink, paths lose their beginnings,
 * columns that have a priority are left out (a line tells which), and the others are put into several tables.
 *
 * @param rows One string per column each.
 * @returns Lines without trailing spaces, each ended by a line break.
 */
export function table(columns: readonly Column[], rows: Rows, screen: Screen): string {
  const left = [...columns.keys()];
  for (;;) {
    const [fields, gap] = fieldsOf(columns, rows, left, screen);
    const isTooWide = isBounded(screen) && totalOf(fields, gap) > widthOf(screen);
    const next = isTooWide ? firstToDrop(columns, left) : null;
    if (next === null) {
      const text = isTooWide ? stacked(columns, rows, left, screen) : drawn(fields, gap);
      return text + hiddenText(columns, left, screen);
    }
    left.splice(left.indexOf(next), 1);
  }
}

/** A column as it is drawn, with its cells. */
class Field {
  readonly column: Column;
  readonly cells: readonly string[];
  private readonly screen: Screen;
  private readonly signs: boolean;
  heads: readonly string[];
  width: number;

  constructor(column: Column, cells: readonly string[], screen: Screen) {
    this.column = column;
    this.screen = screen;
    this.heads = linesOf(column.head);
    this.signs = hasMarks(screen) && cells.some((cell) => column.mark?.(cell));
    this.cells = this.signs ? cells.map((cell) => `${column.mark!(cell)?.sign ?? ' '} ${cell}`) : cells;
    const most = (column.width ?? Number.POSITIVE_INFINITY) + Math.max(0, widthOf(screen) - USUAL);
    this.width = Math.max(widest(this.heads), Math.min(widest(this.cells.flatMap(linesOf)), most));
  }

  /** As narrow as it can be. */
  get least(): number {
    const { isPath, width } = this.column;
    const words = this.cells.flatMap((cell) => cell.split(/\s+/));
    if (isPath) return Math.max(NARROWEST, widest(this.heads));
    return width === undefined
      ? this.width
      : Math.min(this.width, Math.max(NARROWEST, widest(words), widest(this.heads)));
  }

  foldHead(): void {
    const words = this.column.head.split(/\s/);
    const width = Math.max(
      widest(words),
      this.column.width === undefined ? widest(this.cells.flatMap(linesOf)) : this.width,
    );
    this.heads = wrapped(this.column.head, width);
    this.width = Math.min(this.width, width);
  }

  cellLines(row: number): string[] {
    return linesOf(this.cells[row]!).flatMap((line) => {
      if (columnsOf(line) <= this.width) return [line];
      if (this.column.isPath) return [endOf(line, this.width)];
      const indent = /^ */.exec(line)![0];
      return wrapped(line.trim(), this.width - indent.length).map((part) => indent + part);
    });
  }

  /** A line of a cell in its place, with its colour. */
  padded(line: string, row?: number): string {
    const space = ' '.repeat(Math.max(0, this.width - columnsOf(line)));
    const mark =
      row === undefined ? null : this.column.mark?.(this.signs ? this.cells[row]!.slice(2) : this.cells[row]!);
    const text = mark && line !== '' ? toned(line, mark.tone, this.screen) : line;
    return (this.column.align ?? 'right') === 'left' ? text + space : space + text;
  }
}

/** Makes fields as narrow as it takes. @returns The gap. */
function squeeze(fields: readonly Field[], width: number, isScreen: boolean): number {
  makeRoomForGroups(fields, 2);
  shrink(
    fields.filter(({ column }) => column.width !== undefined),
    fields,
    width,
    2,
  );
  if (totalOf(fields, 2) <= width) return 2;
  if (!isScreen) return 1;
  for (const field of fields) field.foldHead();
  makeRoomForGroups(fields, 2);
  if (totalOf(fields, 2) <= width) return 2;
  makeRoomForGroups(fields, 1);
  shrink(
    fields.filter(({ column }) => column.isPath),
    fields,
    width,
    1,
  );
  return 1;
}

/** Neighbours of the same group. */
function groupsOf(fields: readonly Field[]): { name: string; from: number; members: readonly Field[] }[] {
  return fields.flatMap(({ column: { group } }, from) => {
    if (group === undefined || fields[from - 1]?.column.group === group) return [];
    const end = fields.findIndex(({ column }, at) => at > from && column.group !== group);
    return [{ name: group, from, members: fields.slice(from, end === -1 ? undefined : end) }];
  });
}

/** The name of a group is no wider than its columns. */
function makeRoomForGroups(fields: readonly Field[], gap: number): void {
  for (const { name, members } of groupsOf(fields)) {
    members.at(-1)!.width += Math.max(0, columnsOf(name) - totalOf(members, gap));
  }
}

/** Takes from the widest until all fit, or none can give. */
function shrink(some: readonly Field[], all: readonly Field[], width: number, gap: number): void {
  for (let over = totalOf(all, gap) - width; over > 0; over--) {
    const giving = some.filter((field) => field.width > field.least);
    if (giving.length === 0) return;
    const widestOne = giving.reduce((so, field) => (field.width > so.width ? field : so));
    widestOne.width--;
  }
}

function totalOf(fields: readonly Field[], gap: number): number {
  return fields.reduce((sum, field) => sum + field.width, gap * (fields.length - 1));
}

function firstToDrop(columns: readonly Column[], left: readonly number[]): number | null {
  const droppable = left.filter((at) => columns[at]!.drop !== undefined);
  if (droppable.length === 0) return null;
  return droppable.reduce((so, at) => (columns[at]!.drop! < columns[so]!.drop! ? at : so));
}

function drawn(fields: readonly Field[], gap: number): string {
  const between = ' '.repeat(gap);
  const join = (cells: string[]): string => cells.join(between).trimEnd();
  const heads = headLines(fields, gap).map(join);
  const rows = fields[0]!.cells.flatMap((_, row) => {
    const cells = fields.map((field) => field.cellLines(row));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      join(fields.map((field, at) => field.padded(cells[at]![line] ?? '', row))),
    );
  });
  return `${[...heads, '─'.repeat(totalOf(fields, gap)), ...rows].join('\n')}\n`;
}

/** The heads, which stand on the rule, and the name of each group over its columns. */
function headLines(fields: readonly Field[], gap: number): string[][] {
  const height = Math.max(...fields.map(({ heads, column }) => heads.length + Number(column.group !== undefined)));
  const lines = Array.from({ length: height }, (_, line) =>
    fields.map((field) => field.padded(field.heads[line - height + field.heads.length] ?? '')),
  );
  for (const { name, from, members } of groupsOf(fields).toReversed()) {
    const above = height - 1 - Math.max(...members.map(({ heads }) => heads.length));
    const width = totalOf(members, gap);
    lines[above]!.splice(from, members.length, name.padStart(Math.ceil((width + name.length) / 2)).padEnd(width));
  }
  return lines;
}

/** Several tables one below the other, each with the columns that tell the rows apart and as many others as fit; a group stays whole. */
function stacked(columns: readonly Column[], rows: Rows, left: readonly number[], screen: Screen): string {
  const keys = left.filter((at) => columns[at]!.isKey);
  const names = keys.length > 0 ? keys : left.slice(0, 1);
  const others = left.filter((at) => !names.includes(at));
  const units: number[][] = [];
  for (const at of others) {
    const { group } = columns[at]!;
    const before = units.at(-1);
    if (before !== undefined && group !== undefined && columns[before[0]!]!.group === group) before.push(at);
    else units.push([at]);
  }
  const tables: number[][] = [];
  for (const unit of units) {
    const wider = [...(tables.at(-1) ?? names), ...unit];
    if (tables.length > 0 && fits(wider)) tables[tables.length - 1] = wider;
    else tables.push([...names, ...unit]);
  }
  return tables.map((some) => drawn(...fieldsOf(columns, rows, some, screen))).join('\n');

  function fits(some: readonly number[]): boolean {
    return totalOf(...fieldsOf(columns, rows, some, screen)) <= widthOf(screen);
  }
}

/** Some columns of a table as narrow as they have to be, and the gap between them. */
function fieldsOf(columns: readonly Column[], rows: Rows, some: readonly number[], screen: Screen): [Field[], number] {
  const fields = some.map(
    (at) =>
      new Field(
        columns[at]!,
        rows.map((row) => row[at]!),
        screen,
      ),
  );
  return [fields, squeeze(fields, widthOf(screen), isBounded(screen))];
}

/** Says which columns are left out. */
function hiddenText(columns: readonly Column[], left: readonly number[], screen: Screen): string {
  const hidden = columns.filter((_, at) => !left.includes(at));
  if (hidden.length === 0) return '';
  const what = `… ${counted(hidden.length, 'column')} hidden`;
  const names = hidden.map(
    ({ group, head }) => `${group === undefined ? '' : `${group} `}${head.replaceAll('\n', ' ')}`,
  );
  const how = `${screen.out.isTTY === true ? 'widen the terminal' : 'set COLUMNS'} or --json`;
  const whole = `${what} (${names.join(', ')}): ${how}\n`;
  return columnsOf(whole.trimEnd()) <= widthOf(screen) ? whole : `${what}: ${how}\n`;
}

/** As much of the end as fits. */
function endOf(text: string, width: number): string {
  const characters = [...text];
  while (columnsOf(characters.join('')) >= width) characters.shift();
  return `…${characters.join('')}`;
}

function linesOf(text: string): string[] {
  return text.split('\n');
}

function widest(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, columnsOf(line)), 0);
}
