// Errors for invalid arguments.

/**
 * Checks a number that a caller passes.
 *
 * @throws RangeError that names the argument, its value and the range.
 */
export function checkInteger(value: number, name: string, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name}: got ${String(value)}, expected an integer, ${min}…${max}`);
}
