// Screen: how wide a text may be, and whether it may have colours and marks.
import { styleText } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

/** What a text is for: a stream that may be a terminal, and the environment that says how to treat it. */
export interface Screen {
  readonly out: {
    write(text: string): unknown;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OF_A_TERMINAL = 80; // columns of one that does not tell
const OF_A_FILE = 100;
const FEWEST = 40;
const MOST_OF_PROSE = 100; // a line of running text that is longer is hard to read

/** The help, which looks the same everywhere. */
export const HELP_SCREEN: Screen = { out: { write: () => {}, columns: OF_A_TERMINAL }, env: { COLUMNS: '80' } };

/**
 * Tells how wide a screen is: COLUMNS, else what the terminal says, else 80; 100 for a pipe or a file.
 *
 * @returns Columns, 40 or more.
 */
export function widthOf({ out, env }: Screen): number {
  const unknown = out.isTTY === true ? OF_A_TERMINAL : OF_A_FILE;
  return Math.max(toldBy(env) || out.columns || unknown, FEWEST);
}

/** Whether what is wider is cut off or folded by the screen. A file has room for every column of a table. */
export function isBounded({ out, env }: Screen): boolean {
  return out.isTTY === true || toldBy(env) > 0;
}

function toldBy({ COLUMNS = '' }: Screen['env']): number {
  return /^\d{1,4}$/.test(COLUMNS) ? Number(COLUMNS) : 0;
}

/** Columns for running text. */
export function proseWidthOf(screen: Screen): number {
  return Math.min(widthOf(screen), MOST_OF_PROSE);
}

/** Whether ✓ ✗ ∞ stand before an outcome: on a terminal that shows them. */
export function hasMarks(screen: Screen): boolean {
  return isCapable(screen) || hasColours(screen);
}

/** Whether there are colours: on a terminal unless NO_COLOR is set, and where FORCE_COLOR is set, which counts more, as in Node.js itself. */
export function hasColours(screen: Screen): boolean {
  const { FORCE_COLOR, NO_COLOR } = screen.env;
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR);
  return isCapable(screen) && !NO_COLOR;
}

function isCapable({ out, env }: Screen): boolean {
  return out.isTTY === true && env.TERM !== 'dumb';
}

export type Tone = 'bold' | 'green' | 'red' | 'yellow' | 'dim';

/** Gives a text a tone, where there are colours. */
export function toned(text: string, tone: Tone, screen: Screen): string {
  // Node's own: a library would bring the same five pairs of codes.
  return hasColours(screen) ? styleText(tone, text, { validateStream: false }) : text;
}

const NARROW = /^[\u0020-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u259f]*$/;

/** Counts the columns that a text without escapes takes: two for 名, none for an accent that stands alone. */
export function columnsOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let columns = 0;
  for (const character of text) if (!/\p{M}/u.test(character)) columns += eastAsianWidth(character.codePointAt(0)!);
  return columns;
}
