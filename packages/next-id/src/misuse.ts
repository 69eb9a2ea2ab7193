// Errors for invalid arguments: a sentence, and its parts.

/** Characters of a string that an error shows. */
const LONGEST = 60;

/** The error for an argument. Its message is "call: argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The argument or option, such as 'id' or 'reuse'. */
  readonly argument: string;
  /** The value, in one short line. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an argument. @param call The class and method that was called, such as 'IdPool.reserve'. @param got In words. */
export function refusal(call: string, argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`${call}: ${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/** Makes the error for an argument's value. */
export function refused(call: string, argument: string, value: unknown, expected: string): Refusal {
  return refusal(call, argument, show(value), expected);
}

/** Returns options that are an object with known keys alone: a mistyped key must not be passed over in silence. */
export function checkKeys<T extends object>(call: string, argument: string, options: T, known: string): T {
  const shown = show(options);
  const isBag = shown === '[object Object]';
  // A Map has no key of its own, and would be passed over, too.
  if (!isBag || Symbol.iterator in options) {
    throw refusal(call, argument, isBag ? 'an iterable' : shown, `an object with some of ${known}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.split(', ').includes(key)) throw refusal(call, argument, `the key ${show(key)}`, `some of ${known}`);
  }
  return options;
}

/** Returns `value` if it is an integer in [min, max]. */
export function checkInteger(call: string, argument: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refused(call, argument, value, `an integer ${min}…${max}`);
}

/** Refuses what cannot be called. */
export function checkFunction(call: string, argument: string, value: unknown): void {
  if (typeof value !== 'function') throw refused(call, argument, value, 'a function');
}

/** Writes any value in one short line: '3' is told from 3, and an object runs no code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, LONGEST)).slice(1, -1)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
