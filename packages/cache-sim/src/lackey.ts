// Traces of valgrind's lackey.
import { BATCH } from './batch.ts';
import { FETCH, READ, WRITE } from './cache-stats.ts';
import type { LineFormat, LineReader } from './line-reader.ts';
import { HEX_DIGIT, NEWLINE, SPACE, type TraceCursor } from './trace-cursor.ts';

const code = (character: string): number => character.charCodeAt(0);
const COMMA = code(',');
const RETURN = code('\r');
const [I, L, S, M, B] = [code('I'), code('L'), code('S'), code('M'), code('B')];
/** Valgrind starts its own lines with two of one of these and the process ID: ==7== a message, --7-- debugging, **7** a user's. */
const VALGRIND_MARKS = [code('='), code('-'), code('*')];

/** byte → kind of a data access's letter, −1 for none. Int8Array, shape [256]. */
const DATA_KIND: Int8Array = new Int8Array(256).fill(-1);
DATA_KIND[L] = DATA_KIND[M] = READ;
DATA_KIND[S] = WRITE;

/** The quick way reads so many bytes of a line without looking for the end of the block. */
const QUICK_BYTES = 32;

/** Reads lines of the usual form, 8…13 digits and one for the size, until there is another, or the batch is full. */
const readLines: LineReader = (cursor, batch, longest) => {
  const { bytes } = cursor;
  const { kinds, addresses, bytes: sizes } = batch;
  const hex = HEX_DIGIT;
  const end = bytes.length - QUICK_BYTES;
  const before = batch.length;
  let at = cursor.at;
  let n = before;
  while (at < end && n < BATCH) {
    const first = bytes[at];
    const kind = first === SPACE ? DATA_KIND[bytes[at + 1]] : first === I && bytes[at + 1] === SPACE ? FETCH : -1;
    if (kind < 0 || bytes[at + 2] !== SPACE) break;
    const [a, b, c, d] = [hex[bytes[at + 3]], hex[bytes[at + 4]], hex[bytes[at + 5]], hex[bytes[at + 6]]];
    const [e, f, g, h] = [hex[bytes[at + 7]], hex[bytes[at + 8]], hex[bytes[at + 9]], hex[bytes[at + 10]]];
    if ((a | b | c | d | e | f | g | h) < 0) break;
    let low = (a << 28) | (b << 24) | (c << 20) | (d << 16) | (e << 12) | (f << 8) | (g << 4) | h;
    let upper = 0;
    let next = at + 11;
    for (let digit = hex[bytes[next]]; digit >= 0 && next < at + 16; digit = hex[bytes[++next]]) {
      upper = (upper << 4) | (low >>> 28);
      low = (low << 4) | digit;
    }
    const size = bytes[next + 1] - 48;
    if (bytes[next] !== COMMA || size < 1 || size > 9 || bytes[next + 2] !== NEWLINE) break;
    kinds[n] = kind;
    addresses[n] = upper * 2 ** 32 + (low >>> 0);
    sizes[n] = kind === FETCH || size < longest ? size : longest;
    n++;
    at = next + 3;
  }
  batch.length = n;
  cursor.take(at, n - before);
};

/** Reads one line of any form. */
const readLine: LineReader = (cursor, batch, longest) => {
  const { bytes } = cursor;
  cursor.skipBlanks();
  const letter = bytes[cursor.at]!;
  const kind = letter === I ? FETCH : DATA_KIND[letter]!;
  if (kind < 0 || bytes[cursor.at + 1] !== SPACE) {
    cursor.at = cursor.lineStart;
    skipNoise(cursor);
    return;
  }
  cursor.at++;
  cursor.skipBlanks();
  const address = cursor.hex();
  if (bytes[cursor.at] !== COMMA) throw cursor.error('bad-line', "expected ','");
  cursor.at++;
  const size = cursor.size(address);
  cursor.endLine();
  cursor.accesses++;
  batch.add(kind, address, kind === FETCH ? size : Math.min(size, longest));
};

/** Leaves out a line that valgrind prints beside the accesses. */
function skipNoise(cursor: TraceCursor): void {
  const { bytes, at } = cursor;
  const isEmpty = bytes[at] === NEWLINE || (bytes[at] === RETURN && bytes[at + 1] === NEWLINE);
  const isValgrinds = VALGRIND_MARKS.includes(bytes[at]!) && bytes[at + 1] === bytes[at];
  if (!isEmpty && !isValgrinds && !isSuperblock(cursor)) {
    const own = "or a line of valgrind's own (what the program prints goes elsewhere with --log-file=FILE),";
    throw cursor.error('bad-line', `expected 'I  ', ' L ', ' S ' or ' M ', ${own}`);
  }
  cursor.skipLine();
}

/** Whether the line says that a superblock is entered: "SB 04001090". */
function isSuperblock(cursor: TraceCursor): boolean {
  const { bytes, at } = cursor;
  return bytes[at] === S && bytes[at + 1] === B && /^SB [\da-fA-F]{1,16}$/.test(cursor.restOfLine());
}

/**
 * `valgrind --tool=lackey --trace-mem=yes`: "I  04000000,3", " L 1ffe,8", " S …", " M …".
 *
 * A modify counts as one read, and data accesses are cut to the shortest line, as cachegrind does both. Blanks at the start of a line
 * and after the letter may be more or fewer, as in traces that were edited. Valgrind's own lines, those of `--trace-superblocks=yes`
 * and empty ones are left out.
 *
 * Source: Valgrind 3.19, lackey/lk_main.c (trace_instr, trace_load, trace_store, trace_modify, trace_superblock); cachegrind/cg_main.c
 * (addEvent_Dm).
 */
export const LACKEY: LineFormat = {
  readLine,
  readLines,
  examples: ['I  04001090,3', ' L 1ffe,16', ' S 1ffe,8', ' M 1ffe,8', '==12== Lackey', 'SB 04001090'],
};
