// Errors for arguments that are not what they should be: a sentence, and its parts.
import { shown } from './shown.ts';

/** The parts of a refusal. Its message is "argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** What was refused, such as 'kernel', 'plan.processes[0].pid' or 'target.pidMax'. */
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

/** Refuses an argument's value. @throws RangeError with its parts, see {@link Refusal}. */
export function refuse(argument: string, value: unknown, expected: string): never {
  throw refusal(argument, shown(value), expected);
}

/** Whether an error is a refusal. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof RangeError && 'argument' in error && 'got' in error && 'expected' in error;
}
