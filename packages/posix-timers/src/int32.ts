// Numbers as system calls take them: 32 bits, read as signed.

/**
 * Reads a number as the kernel reads an int.
 *
 * @param value −2³¹…2³²−1; 2³¹ and above wrap to negative, as in the register.
 * @throws RangeError for anything else.
 */
export function toInt32(name: string, value: number): number {
  const word = value | 0;
  return word === value || word >>> 0 === value ? word : refuse(name, value);
}

function refuse(name: string, value: number): never {
  throw new RangeError(`posix-timers: ${name}: got ${String(value)}, expected an integer −2³¹…2³²−1`);
}
