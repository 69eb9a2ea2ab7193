// The trace formats: each reads the lines of one block and reports their accesses.
import { type AccessSink, MAX_BYTES, NEWLINE, SPACE, type TraceCursor } from './trace-cursor.ts';

/** Formats {@link replay} reads. */
export type TraceFormat = 'lackey' | 'din';

/** Reads the cursor's block to its end. */
export type TraceReader = (cursor: TraceCursor, sink: AccessSink) => void;

const code = (character: string): number => character.charCodeAt(0);
const COMMA = code(',');
const RETURN = code('\r');
const [I, L, S, M] = [code('I'), code('L'), code('S'), code('M')];
/** Valgrind starts its own lines with two of one of these and the process ID: ==7== a message, --7-- debugging, **7** a user's. */
const VALGRIND_MARKS = [code('='), code('-'), code('*')];

/**
 * `valgrind --tool=lackey --trace-mem=yes`: "I  04000000,3", " L 1ffe,8", " S …", " M …".
 *
 * A modify counts as one read, and data accesses are cut to the shortest line, as cachegrind does both.
 * Valgrind's own lines and empty ones are left out.
 *
 * Source: Valgrind 3.19, lackey/lk_main.c (trace_instr, trace_load, trace_store, trace_modify); cachegrind/cg_main.c (addEvent_Dm).
 */
const readLackey: TraceReader = (cursor, sink) => {
  const { bytes } = cursor;
  const longest = sink.smallestLine ?? MAX_BYTES;
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const first = bytes[start]!;
    const kind = first === SPACE ? bytes[start + 1]! : first;
    const known = first === SPACE ? kind === L || kind === S || kind === M : kind === I && bytes[start + 1] === SPACE;
    if (!known || bytes[start + 2] !== SPACE) {
      skipNoise(cursor);
      continue;
    }
    cursor.at = start + 3;
    const address = cursor.hex();
    if (bytes[cursor.at] !== COMMA) throw cursor.error('bad-line', "expected ','");
    cursor.at++;
    const size = cursor.size(address);
    cursor.endLine();
    cursor.accesses++;
    if (kind === I) sink.fetch(address, size);
    else if (kind === S) sink.write(address, Math.min(size, longest));
    else sink.read(address, Math.min(size, longest));
  }
};

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
const READ_LABEL = 0;
const WRITE_LABEL = 1;
const FETCH_LABEL = 2;

/** byte → its label, −1 for none. Int8Array, shape [256]. */
const DIN_LABEL: Int8Array = new Int8Array(256).fill(-1);
for (const letter of '0rR') DIN_LABEL[code(letter)] = READ_LABEL;
for (const letter of '1wW') DIN_LABEL[code(letter)] = WRITE_LABEL;
for (const letter of '2iI') DIN_LABEL[code(letter)] = FETCH_LABEL;

/**
 * Dinero's din: "0 1fc0" or "r 1fc0 8": label, hexadecimal address (0x or not), decimal size (4 when absent). Empty lines are left out.
 *
 * Labels: 0, r, R read · 1, w, W write · 2, i, I fetch.
 */
const readDin: TraceReader = (cursor, sink) => {
  const { bytes } = cursor;
  while (cursor.at < bytes.length) {
    cursor.skipBlanks();
    if (bytes[cursor.at] === NEWLINE || bytes[cursor.at] === RETURN) {
      cursor.endLine();
      continue;
    }
    const label = DIN_LABEL[bytes[cursor.at]!]!;
    if (label < 0) throw cursor.error('bad-line', 'expected a label, 0 1 2 or r w i,');
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
    if (label === READ_LABEL) sink.read(address, size);
    else if (label === WRITE_LABEL) sink.write(address, size);
    else sink.fetch(address, size);
  }
};

/** The readers, by format. */
export const TRACE_READERS: Record<TraceFormat, TraceReader> = { lackey: readLackey, din: readDin };
