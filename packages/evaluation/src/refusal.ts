// Errors for options that are not what they should be: a sentence, and its parts.

import { nearestWords } from '@idspace/restore-planner/plan';

/** The parts of a refusal. Its message is "argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The option, or several with a sign between them: 'timers', 'processes × threads × timers'. */
  readonly argument: string;
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an option. @param got In words. */
export function refusal(argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/**
 * Checks that options are an object with known keys alone: a mistyped key must not be passed over in silence.
 *
 * @throws RangeError that names the key, and the known one that may be meant.
 */
export function checkKeys(argument: string, options: object, known: readonly string[]): void {
  const kind = Object.prototype.toString.call(options);
  // A Map has no key of its own, and would be passed over, too.
  if (kind !== '[object Object]') {
    throw refusal(
      argument,
      typeof options === 'object' && options !== null ? kind : String(options),
      'an object of options',
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearestWords(unknown, known).map((key) => `'${key}'`);
  const hint = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  throw refusal(argument, `the key ${valueText(unknown)}`, `some of ${known.join(', ')}${hint}`);
}

/** Returns a whole number. @throws RangeError naming the option if it is none, or not within min…max. */
export function whole(argument: string, value: unknown, min: number, max: number): number {
  if (isWhole(value, min, max)) return value;
  throw refusal(
    argument,
    typeof value === 'number' ? String(value) : valueText(value),
    `a whole number, ${min}…${max}`,
  );
}

/** Whether a value is a whole number, min…max. */
export function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

const SHOWN = 60; // characters

/** Shows a value of an option, or one that came out of a file: whatever it is, and however large, in some characters. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = `'${String(value)}'`;
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
