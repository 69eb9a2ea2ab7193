// Errors for invalid arguments.

/**
 * Checks a number that a caller passes.
 *
 * @throws RangeError that names the argument, its value and the range.
 */
export function checkInteger(value: number, name: string, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name}: got ${show(value)}, expected an integer, ${min}…${max}`);
}

/** Writes any value; an object without running code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
