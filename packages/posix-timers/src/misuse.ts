// Errors for invalid arguments: a sentence, and its parts.

import { nearestKeys } from './nearest-keys.ts';

/** Characters of a string that an error shows. */
const LONGEST = 60;

/** The error for an argument. Its message is "posix-timers: argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The argument or option, such as 'id' or 'options.release'. */
  readonly argument: string;
  /** The value, in one short line. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an argument. @param got In words. */
export function refusal(argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`posix-timers: ${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/** Makes the error for an argument's value. */
export function refused(argument: string, value: unknown, expected: string): Refusal {
  return refusal(argument, show(value), expected);
}

/**
 * Checks that options are an object with known keys alone: a mistyped key must not be passed over in silence.
 *
 * @param example What to pass, in words.
 * @throws RangeError that names the key, and the known one that may be meant.
 */
export function checkKeys(argument: string, options: object, known: readonly string[], example = 'an object'): void {
  // A Map has no key of its own, and would be passed over, too.
  if (show(options) !== '[object Object]') throw refused(argument, options, example);
  // A loop makes no list of the keys: calls that are measured come here, too.
  for (const key in options) if (!known.includes(key)) throw unknownKey(argument, key, known);
}

function unknownKey(argument: string, unknown: string, known: readonly string[]): Refusal {
  const near = nearestKeys(unknown, known).map((key) => `'${key}'`);
  const hint = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  return refusal(argument, `the key ${show(unknown)}`, `some of ${known.join(', ')}${hint}`);
}

/** Writes any value in one short line: '3' is told from 3, and an object runs no code of its own. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, LONGEST)).slice(1, -1)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
