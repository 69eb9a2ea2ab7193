// One header block of a tar archive. Source: POSIX pax, "ustar Interchange Format"; GNU tar, "Basic Tar Format" (base-256 numbers).
import { latin1, utf8 } from '../bytes/text.ts';

const NAME_AT = 0;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;
const TYPE_AT = 156;
const MAGIC_AT = 257;
const PREFIX_AT = 345; // star's times are behind a prefix that ends before them
const BLANK = 0x20; // what the checksum field counts as

/** What is used of a header. */
export interface TarHeader {
  /** All bytes are 0: the archive's end mark. */
  isNull: boolean;
  /** The checksum is right. */
  isValid: boolean;
  path: string;
  /** Bytes of the contents; undefined if the field holds none, or a number below 0. */
  size: number | undefined;
}

/** Reads a block of 512 bytes. @returns undefined for a number past 2⁵³. */
export function tarHeader(block: Uint8Array): TarHeader | undefined {
  const [size, checksum] = [numberAt(block, SIZE_AT, 12), numberAt(block, CHECKSUM_AT, 8)];
  if (size === null || checksum === null) return undefined;
  const sum = sumOf(block);
  const type = String.fromCharCode(block[TYPE_AT]!);
  const isFolder = type === '5' || ((type === '0' || type === '\0') && textAt(block, NAME_AT, 100).endsWith('/'));
  return {
    isNull: checksum === undefined && sum === 8 * BLANK,
    isValid: sum === checksum,
    path: pathOf(block),
    size: isFolder ? 0 : size !== undefined && size < 0 ? undefined : size,
  };
}

function sumOf(block: Uint8Array): number {
  let sum = 8 * BLANK;
  for (let at = 0; at < block.length; at++) if (at < CHECKSUM_AT || at >= TYPE_AT) sum += block[at]!;
  return sum;
}

function pathOf(block: Uint8Array): string {
  const name = textAt(block, NAME_AT, 100);
  if (latin1(block.subarray(MAGIC_AT, MAGIC_AT + 8)) !== 'ustar\x0000') return name;
  const prefix = textAt(block, PREFIX_AT, 155);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Text up to a 0. */
function textAt(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return utf8(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or base 256 behind a byte 0x80, or 0xff for what is below 0; undefined if it is none, null past 2⁵³. */
function numberAt(block: Uint8Array, at: number, length: number): number | undefined | null {
  const field = block.subarray(at, at + length);
  const first = field[0]!;
  if (first < 0x80) {
    const digits = /^\s*([0-7]+)/.exec(latin1(field).replace(/\0.*$/s, ''))?.[1];
    return digits === undefined ? undefined : Number.parseInt(digits, 8);
  }
  if (first !== 0x80 && first !== 0xff) return null;
  let value = first === 0xff ? -1 : 0;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : null;
}
