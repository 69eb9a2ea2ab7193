// Checks the arguments of every class here.

/** The largest ID of a u31: 2³¹ − 1. */
export const INT_MAX = 0x7fff_ffff;

/** The largest u32: 2³² − 1. */
export const UINT_MAX = 0xffff_ffff;

/**
 * Returns `value` if it is an integer in [min, max].
 *
 * @throws RangeError naming the parameter, what was got and what is expected.
 */
export function checkInteger(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`next-id: ${name} is ${show(value)}, expected an integer ${min}…${max}`);
}

/** Writes any value; an object without running code of its own. */
function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
