// Numbers as system calls take them: 32 bits, read as signed.

import { refused } from './misuse.ts';

/**
 * Reads a number as the kernel reads an int.
 *
 * @param value −2³¹…2³²−1; 2³¹ and above wrap to negative, as in the register.
 * @throws RangeError for anything else.
 */
export function toInt32(name: string, value: number): number {
  const word = typeof value === 'number' ? value | 0 : 0;
  if (word === value || word >>> 0 === value) return word;
  throw refused(name, value, 'an integer -2147483648…4294967295');
}

/**
 * Checks a number that has its own range.
 *
 * @throws RangeError if it is not an integer min…max.
 */
export function checkInteger(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refused(name, value, `an integer ${min}…${max}`);
}
