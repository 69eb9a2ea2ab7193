// A table with its heading and the sentence that says how to read it: drawn in the terminal and in the report alike.

import type { Tone } from './screen.ts';

/** One column. */
export interface Column {
  /** What stands over this column and its neighbours of the same group. */
  group?: string;
  /** May hold line breaks. */
  head: string;
  /** Numbers go right, which is the default; words go left. */
  align?: 'left' | 'right';
  /** In a terminal, cells wider than this are wrapped at spaces; on one wider than 100 columns, later. */
  width?: number;
  /** Where a terminal is too narrow, the column with the lowest number is left out first; one without a number never is. */
  drop?: number;
  /** Tells rows apart, with the others of its kind: repeated where a narrow terminal makes several tables of one. Without any, the first column does. */
  isKey?: boolean;
  /** Holds names of which the end tells more than the beginning, such as paths: on a narrow terminal the end is what is shown. */
  isPath?: boolean;
  /** What a cell is marked by on a terminal; null if by nothing. */
  mark?: (cell: string) => Mark | null;
}

/** A column with what it shows of a row. */
export interface ColumnOf<Row> extends Column {
  cell: (row: Row) => string;
}

/** Makes columns and cells of rows. */
export function tableOf<Row>(
  rows: readonly Row[],
  columns: readonly ColumnOf<Row>[],
): Pick<Exhibit, 'columns' | 'rows'> {
  return {
    columns: columns.map(({ cell: _, ...column }) => column),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
}

/** A sign before a word, and the colour of both. */
export interface Mark {
  readonly sign: string;
  readonly tone: Tone;
}

export interface Exhibit {
  title: string;
  columns: readonly Column[];
  /** One string per column each; cells may hold line breaks. */
  rows: readonly (readonly string[])[];
  /** How to read it, and what stands out. */
  reading: string;
  /** Names that come up in it, with what each means. */
  entries?: readonly (readonly [name: string, meaning: string])[];
}
