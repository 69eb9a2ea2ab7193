import { inspect, isDeepStrictEqual } from 'node:util';

/**
 * Fails unless two values are deeply equal: for checks of models, which run outside of a test runner, too.
 *
 * @param what Stands before both values in the error.
 */
export function expectSame(got: unknown, expected: unknown, what = 'the state'): void {
  if (got === expected || isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}: got ${inspect(got)}, expected ${inspect(expected)}`);
}
