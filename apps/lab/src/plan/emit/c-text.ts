// The functions by which every value of a plan goes into a C program.
import { printable } from '../../format/printable.ts';

/**
 * Writes a text of one line into a block comment.
 *
 * Nothing in it ends the comment, begins another, continues a line or makes a trigraph, and no mark reorders what a reader sees: such characters stand
 * as <U+202E>.
 */
export function cComment(text: string): string {
  return printable(text)
    .replace(/\\u([\da-f]{4})/g, (_, digits: string) => `<U+${digits.toUpperCase()}>`)
    .replaceAll('\\', '<U+005C>')
    .replace(/\/(?=\*)|\*(?=\/)|\?(?=\?)/g, '$& ');
}

const PLAIN = /[^ -~]|["\\?]/gu;

/**
 * Writes a text as a string literal: what a program prints must be safe for its terminal as well.
 *
 * All but plain ASCII becomes octal escapes of UTF-8, which end after three digits whatever follows; so do question marks, which could make a
 * trigraph.
 */
export function cString(text: string): string {
  const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;
  const literal = printable(text).replace(PLAIN, (character) => [...Buffer.from(character)].map(octal).join(''));
  return `"${literal}"`;
}

/** Writes an integer. @throws RangeError for anything else. */
export function cInteger(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  throw new RangeError(`emit c: got ${typeof value === 'number' ? value : typeof value}, expected an integer`);
}
