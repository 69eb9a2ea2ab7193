// Reads the fields of a step. What is missing or of the wrong kind fails the scenario, with a text that says so.
import type { Step } from './recording.ts';

/** A step that cannot be played. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

/** Returns an integer field. @param fallback What it is when absent; left out: it must be there. */
export function integer(step: Step, field: string, fallback?: number): number {
  const value = step[field] ?? fallback;
  if (Number.isInteger(value)) return value as number;
  throw new StepError(`${field}: expected an integer, got ${JSON.stringify(value)}`);
}

/** Returns what a field's value stands for in a table. @param fallback The value when absent; left out: it must be there. */
export function oneOf<T>(step: Step, field: string, meanings: ReadonlyMap<unknown, T>, fallback?: string): T {
  const value = step[field] ?? fallback;
  const meaning = meanings.get(value);
  if (meaning !== undefined) return meaning;
  const known = [...meanings.keys()].map((key) => JSON.stringify(key)).join(', ');
  throw new StepError(`${field}: expected one of ${known}, got ${JSON.stringify(value)}`);
}
