// Dinero's traces: a label, an address, and what follows it.
import { FETCH, READ, WRITE } from './cache-stats.ts';
import type { LineFormat, LineReader } from './line-reader.ts';
import { HEX_DIGIT, NEWLINE, SPACE, type TraceCursor } from './trace-cursor.ts';

const RETURN = 0x0d;
const ZERO = 0x30;
const LOWER_X = 0x78;

/** Bytes of an access that does not say. */
const DIN_SIZE = 4;

/** Most bytes of an access: a larger number is rather an instruction word or a time. */
export const DIN_MOST = 4096;

/** Makes a table: byte of a label → kind, −1 for none. Int8Array, shape [256]. */
const kindsOf = (read: string, write: string, fetch: string): Int8Array => {
  const table = new Int8Array(256).fill(-1);
  for (const letter of read) table[letter.charCodeAt(0)] = READ;
  for (const letter of write) table[letter.charCodeAt(0)] = WRITE;
  for (const letter of fetch) table[letter.charCodeAt(0)] = FETCH;
  return table;
};

/** Makes a reader of lines with these labels; `sizeOf` reads what follows the address and its blanks. */
function dinReader(labels: Int8Array, names: string, sizeOf: (cursor: TraceCursor) => number): LineReader {
  return (cursor, batch) => {
    const { bytes } = cursor;
    cursor.skipBlanks();
    if (bytes[cursor.at] === NEWLINE || bytes[cursor.at] === RETURN) {
      cursor.endLine();
      return;
    }
    const kind = labels[bytes[cursor.at]!]!;
    if (kind < 0) throw cursor.error('bad-line', `expected a label, ${names},`);
    cursor.at++;
    if (bytes[cursor.at]! > SPACE) throw cursor.error('bad-line', 'expected a blank after the label');
    cursor.skipBlanks();
    if (bytes[cursor.at] === ZERO && (bytes[cursor.at + 1]! | 0x20) === LOWER_X) cursor.at += 2;
    const address = cursor.hex();
    if (bytes[cursor.at]! > SPACE) throw cursor.error('bad-line', 'expected a hexadecimal digit or a blank');
    cursor.skipBlanks();
    const size = bytes[cursor.at]! > SPACE ? sizeOf(cursor) : DIN_SIZE;
    cursor.checkAccess(address, size);
    cursor.skipBlanks();
    cursor.endLine();
    cursor.accesses++;
    batch.add(kind, address, size);
  };
}

/** Reads a size: 1…DIN_MOST, decimal, with no zero before it. Anything else may be something else. */
function size(cursor: TraceCursor): number {
  const { bytes, at } = cursor;
  let end = at;
  let value = 0;
  for (let digit = bytes[end]! - ZERO; digit >= 0 && digit <= 9 && value <= DIN_MOST; digit = bytes[++end]! - ZERO) {
    value = value * 10 + digit;
  }
  if (bytes[end]! > SPACE || bytes[at] === ZERO || value > DIN_MOST) {
    const isNumber = /^\d+\s*$/.test(cursor.restOfLine());
    const word = 'an instruction word, as in traces of Dinero III, makes the format dinero3';
    throw cursor.error(isNumber ? 'bad-size' : 'bad-line', `expected a size, 1 to ${DIN_MOST} bytes (${word}),`);
  }
  cursor.at = end;
  return value;
}

/** Passes over an instruction word of 32 bits. */
function instructionWord(cursor: TraceCursor): number {
  const { bytes, at } = cursor;
  let end = at;
  while (HEX_DIGIT[bytes[end]!]! >= 0) end++;
  if (bytes[end]! > SPACE || end - at !== 8) {
    throw cursor.error('bad-line', 'expected an instruction word, 8 hexadecimal digits, or nothing');
  }
  cursor.at = end;
  return DIN_SIZE;
}

/**
 * Dinero's din: "0 1fc0" or "r 1fc0 8": label, hexadecimal address (0x or not), decimal size (4 when absent). Empty lines are left out.
 *
 * Labels: 0, r, R read · 1, w, W write · 2, i, I fetch. The plain form "R 1fc0 8" is among them.
 */
export const DIN: LineFormat = {
  readLine: dinReader(kindsOf('0rR', '1wW', '2iI'), '0 1 2 or r w i', size),
  examples: ['0 7fff0010 64', 'w 0x7fff0010 64'],
};

/**
 * Traces of Dinero III with the instruction after the address: "2 430d70 27bdffe0". Every access has 4 bytes: the format tells no size.
 *
 * Source: DineroIV d4-7, its manual (the traditional din format: label, address, the rest of the line is ignored).
 */
export const DINERO3: LineFormat = {
  readLine: dinReader(kindsOf('0', '1', '2'), '0 1 2', instructionWord),
  examples: ['2 430d70 27bdffe0'],
  proof: /[1-9a-fA-F][\da-fA-F]{4,7}$/, // a number that no size has
  note: 'tells no sizes: every access is played as 4 bytes, and the third field, an instruction word, is not used',
};
