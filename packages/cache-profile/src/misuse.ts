// Errors for invalid arguments: a sentence, and its parts.

/** Characters of a string that an error shows. */
const LONGEST = 60;

/** The error for an argument. Its message is "call: argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The argument or option, such as 'script' or 'options.only'. */
  readonly argument: string;
  /** The value, in one short line. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an argument. @param got In words. */
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

/** Writes any value in one short line: '3' is told from 3, and an object runs no code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, LONGEST)).slice(1, -1)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
