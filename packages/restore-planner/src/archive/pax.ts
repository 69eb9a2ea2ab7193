// The records of a pax header: "25 path=checkpoint/x\n", each begun by its own length. Source: POSIX pax, "pax Extended Header".
import { latin1, utf8 } from '../bytes/text.ts';

/** What is used of a pax header: it overrides the header that follows. */
export interface Pax {
  path?: string;
  /** Bytes. */
  size?: number;
  /** The name of a sparse file, whose member is called otherwise: GNU tar's. */
  sparseName?: string;
}

const LONGEST_LENGTH = 8; // digits

/**
 * Reads the records. An empty value takes back what a header before has set.
 *
 * @returns `before` with what the records set; undefined if they are damaged.
 * Cost: time in the length, whatever the records.
 */
export function parsePax(bytes: Uint8Array, before: Pax): Pax | undefined {
  const pax = { ...before };
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.subarray(at, at + LONGEST_LENGTH).indexOf(0x20);
    const length = space < 1 ? Number.NaN : Number(latin1(bytes.subarray(at, at + space)));
    const end = at + length;
    const equals = bytes.indexOf(0x3d, at);
    if (!(Number.isInteger(length) && end <= bytes.length && bytes[end - 1] === 0x0a)) return undefined;
    if (equals < 0 || equals >= end) return undefined;
    const value = (): string => utf8(bytes.subarray(equals + 1, end - 1));
    const set = <Key extends keyof Pax>(key: Key, convert: (text: string) => Pax[Key]): void => {
      if (value() === '') delete pax[key];
      else pax[key] = convert(value());
    };
    const key = latin1(bytes.subarray(at + space + 1, equals));
    if (key === 'path') set('path', String);
    else if (key === 'size') set('size', Number);
    else if (key === 'GNU.sparse.name') set('sparseName', String);
    at = end;
  }
  return pax;
}
