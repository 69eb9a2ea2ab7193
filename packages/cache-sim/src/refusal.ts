// Errors for options that are not what they should be: a sentence, and its parts.
import { show } from './show.ts';

/** The parts of a refusal. */
export interface Parts {
  /** The option, such as 'seed', 'D1 policy' or the name of a cache. */
  readonly argument: string;
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
  /** What is wrong, where that is one part of a shape that was given whole: 'line is 63'. */
  readonly reason?: string;
}

/** A RangeError with its parts. */
export interface Refusal extends RangeError, Parts {}

/** Makes the error for an option's value. */
export function refuse(argument: string, value: unknown, expected: string): Refusal {
  const got = show(value);
  return refusal(`${argument} is ${got}`, { argument, got, expected });
}

/** Makes the error for something else. @param problem What its message says before what is expected. */
export function refusal(problem: string, parts: Parts): Refusal {
  const error = new RangeError(`cache-sim: ${problem}; expected ${parts.expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries(parts)) Object.defineProperty(error, part, { value });
  return error as Refusal;
}
