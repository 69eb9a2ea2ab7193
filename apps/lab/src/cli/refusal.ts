// Errors for values that are not what they should be, as the packages throw them and as the app does: a sentence, and its parts.

/** The parts of a refusal. */
export interface Refusal extends RangeError {
  /** What was refused: an argument, an option, a flag. */
  readonly argument: string;
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for a value. @param got In words. */
export function refusal(argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/** Whether an error is a refusal, of whichever package. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof RangeError && 'argument' in error && 'got' in error && 'expected' in error;
}
