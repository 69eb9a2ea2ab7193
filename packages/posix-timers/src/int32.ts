// Numbers as system calls take them: 32 bits, read as signed.

/**
 * Reads a number as the kernel reads an int.
 *
 * @param value −2³¹…2³²−1; 2³¹ and above wrap to negative, as in the register.
 * @throws RangeError for anything else.
 */
export function toInt32(name: string, value: number): number {
  if (typeof value !== 'number') return refuse(name, value);
  const word = value | 0;
  return word === value || word >>> 0 === value ? word : refuse(name, value);
}

/**
 * Checks a number that has its own range.
 *
 * @throws RangeError if it is not an integer min…max.
 */
export function checkInteger(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`posix-timers: ${name}: got ${show(value)}, expected an integer ${min}…${max}`);
}

function refuse(name: string, value: number): never {
  throw new RangeError(`posix-timers: ${name}: got ${show(value)}, expected an integer −2³¹…2³²−1`);
}

/** Writes any value; an object without running code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
