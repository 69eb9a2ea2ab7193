// Errors for invalid arguments: a sentence, and its parts.

/** Characters of a string that an error shows. */
const LONGEST = 60;

/** The error for an argument. Its message is "argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The argument or option, such as 'process' or 'pidMax'. */
  readonly argument: string;
  /** The value, in one short line. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an argument. @param got In words. */
export function refusal(argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/** Makes the error for an argument's value. */
export function refused(argument: string, value: unknown, expected: string): Refusal {
  return refusal(argument, show(value), expected);
}

/** Returns options that are an object with known keys alone: a mistyped key must not be passed over in silence. */
export function checkKeys<Options extends object>(options: Options, ...known: (keyof Options & string)[]): Options {
  // A Map has no key of its own, and would be passed over, too.
  if (show(options) !== '[object Object]') throw refused('options', options, 'an object of options');
  const unknown = Object.keys(options).find((key) => !(known as string[]).includes(key));
  if (unknown === undefined) return options;
  throw refusal('options', `the key ${show(unknown)}`, `${known.length > 1 ? 'some of ' : ''}${known.join(', ')}`);
}

/**
 * Checks a number that a caller passes.
 *
 * @throws RangeError that names the argument, its value and the range.
 */
export function checkInteger(value: number, argument: string, min: number, max: number): void {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    throw refused(argument, value, `an integer, ${min}…${max}`);
  }
}

/** Writes any value in one short line: '3' is told from 3, and an object runs no code of its own. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, LONGEST)).slice(1, -1)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
