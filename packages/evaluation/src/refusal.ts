// Errors for options that are not what they should be: a sentence, and its parts.

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
