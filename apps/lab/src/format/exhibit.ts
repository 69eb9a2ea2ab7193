// A table with its heading and the sentence that says how to read it: drawn in the terminal and in the report alike.

/** One column. */
export interface Column {
  /** What stands over this column and its neighbours of the same group. */
  group?: string;
  /** May hold line breaks. */
  head: string;
  /** Numbers go right, which is the default; words go left. */
  align?: 'left' | 'right';
  /** In a terminal, cells wider than this are wrapped at spaces. */
  width?: number;
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
