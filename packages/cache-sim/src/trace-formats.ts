// The trace formats: each reads the lines of one block and reports their accesses.
import { BATCH, type Batch } from './batch.ts';
import { FETCH, READ, WRITE } from './cache-stats.ts';
import { HEX_DIGIT, NEWLINE, SPACE, type TraceCursor } from './trace-cursor.ts';

/** Formats {@link replay} reads. */
export type TraceFormat = 'lackey' | 'din';

/** Reads the cursor's block to its end; data accesses of lackey's are cut to `longest` bytes. */
export type TraceReader = (cursor: TraceCursor, batch: Batch, longest: number) => void;

const code = (character: string): number => character.charCodeAt(0);
const COMMA = code(',');
const RETURN = code('\r');
const [I, L, S, M] = [code('I'), code('L'), code('S'), code('M')];
/** Valgrind starts its own lines with two of one of these and the process ID: ==7== a message, --7-- debugging, **7** a user's. */
const VALGRIND_MARKS = [code('='), code('-'), code('*')];

/** byte → kind of a data access's letter, −1 for none. Int8Array, shape [256]. */
const LACKEY_KIND: Int8Array = new Int8Array(256).fill(-1);
LACKEY_KIND[L] = LACKEY_KIND[M] = READ;
LACKEY_KIND[S] = WRITE;

/** The quick way reads so many bytes of a line without looking for the end of the block. */
const QUICK_BYTES = 32;

/**
 * `valgrind --tool=lackey --trace-mem=yes`: "I  04000000,3", " L 1ffe,8", " S …", " M …".
 *
 * A modify counts as one read, and data accesses are cut to the shortest line, as cachegrind does both.
 * Valgrind's own lines and empty ones are left out.
 *
 * Source: Valgrind 3.19, lackey/lk_main.c (trace_instr, trace_load, trace_store, trace_modify); cachegrind/cg_main.c (addEvent_Dm).
 */
const readLackey: TraceReader = (cursor, batch, longest) => {
  const { length } = cursor.bytes;
  while (cursor.at < length) {
    quickLackey(cursor, batch, longest);
    if (batch.isFull) batch.flush();
    else if (cursor.at < length) lackeyLine(cursor, batch, longest);
  }
};

/** Reads lines of the usual form, 8…13 digits and one for the size, until there is another, or the batch is full. */
function quickLackey(cursor: TraceCursor, batch: Batch, longest: number): void {
  const { bytes } = cursor;
  const { kinds, addresses, bytes: sizes } = batch;
  const hex = HEX_DIGIT;
  const end = bytes.length - QUICK_BYTES;
  const before = batch.length;
  let at = cursor.at;
  let n = before;
  while (at < end && n < BATCH) {
    const first = bytes[at];
    const kind = first === SPACE ? LACKEY_KIND[bytes[at + 1]] : first === I && bytes[at + 1] === SPACE ? FETCH : -1;
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
}

/** Reads one line of any form. */
function lackeyLine(cursor: TraceCursor, batch: Batch, longest: number): void {
  const { bytes, at } = cursor;
  const first = bytes[at]!;
  const kind = first === SPACE ? LACKEY_KIND[bytes[at + 1]!]! : first === I && bytes[at + 1] === SPACE ? FETCH : -1;
  if (kind < 0 || bytes[at + 2] !== SPACE) {
    skipNoise(cursor);
    return;
  }
  cursor.at = at + 3;
  const address = cursor.hex();
  if (bytes[cursor.at] !== COMMA) throw cursor.error('bad-line', "expected ','");
  cursor.at++;
  const size = cursor.size(address);
  cursor.endLine();
  cursor.accesses++;
  batch.add(kind, address, kind === FETCH ? size : Math.min(size, longest));
}

/** Leaves out a line that valgrind prints beside the trace. */
function skipNoise(cursor: TraceCursor): void {
  const { bytes, at } = cursor;
  const isEmpty = bytes[at] === NEWLINE || (bytes[at] === RETURN && bytes[at + 1] === NEWLINE);
  const isValgrinds = VALGRIND_MARKS.includes(bytes[at]!) && bytes[at + 1] === bytes[at];
  if (!isEmpty && !isValgrinds) {
    throw cursor.error('bad-line', "expected 'I  ', ' L ', ' S ' or ' M ', or a line of valgrind's own,");
  }
  cursor.skipLine();
}

/** Bytes of a din access that does not say. */
const DIN_SIZE = 4;

/** byte of a label → kind, −1 for none. Int8Array, shape [256]. */
const DIN_KIND: Int8Array = new Int8Array(256).fill(-1);
for (const letter of '0rR') DIN_KIND[code(letter)] = READ;
for (const letter of '1wW') DIN_KIND[code(letter)] = WRITE;
for (const letter of '2iI') DIN_KIND[code(letter)] = FETCH;

/**
 * Dinero's din: "0 1fc0" or "r 1fc0 8": label, hexadecimal address (0x or not), decimal size (4 when absent). Empty lines are left out.
 *
 * Labels: 0, r, R read · 1, w, W write · 2, i, I fetch. The plain form "R 1fc0 8" is among them.
 */
const readDin: TraceReader = (cursor, batch) => {
  const { bytes } = cursor;
  while (cursor.at < bytes.length) {
    cursor.skipBlanks();
    if (bytes[cursor.at] === NEWLINE || bytes[cursor.at] === RETURN) {
      cursor.endLine();
      continue;
    }
    const kind = DIN_KIND[bytes[cursor.at]!]!;
    if (kind < 0) throw cursor.error('bad-line', 'expected a label, 0 1 2 or r w i,');
    cursor.at++;
    if (bytes[cursor.at]! > SPACE) throw cursor.error('bad-line', 'expected a blank after the label');
    cursor.skipBlanks();
    if (bytes[cursor.at] === 0x30 && (bytes[cursor.at + 1]! | 0x20) === 0x78) cursor.at += 2; // 0x
    const address = cursor.hex();
    if (bytes[cursor.at]! > SPACE) throw cursor.error('bad-line', 'expected a hexadecimal digit or a blank');
    cursor.skipBlanks();
    const size = bytes[cursor.at]! > SPACE ? cursor.size(address) : DIN_SIZE;
    cursor.skipBlanks();
    cursor.endLine();
    cursor.accesses++;
    batch.add(kind, address, size);
  }
};

/** The readers, by format. */
export const TRACE_READERS: Record<TraceFormat, TraceReader> = { lackey: readLackey, din: readDin };
