// Operations at random, for property tests.
import type { Random } from '@idspace/testkit';
import { type Operation, operation } from '../../src/engine/operations.ts';

/** An operation that makes sense on a process with few timers. @param most Calls of it. */
export function randomOperation(rng: Random, most: number): Operation {
  const count = 1 + rng.below(most);
  const first = rng.below(500);
  switch (rng.below(10)) {
    case 0:
      return operation('delete', Math.min(count, 100), first, 1 + rng.below(5));
    case 1:
      return operation('lookup', count, first);
    case 2:
      return operation('delete-random', Math.min(count, 30));
    case 3:
      return operation('lookup-random', count);
    case 4:
      return operation('churn', count);
    case 5:
      return operation('pairs', count);
    case 6:
      return operation('restore', Math.min(count, 20), 1000 * rng.below(1000), 1 + rng.below(200));
    case 7:
      return operation('want', 1, rng.below(1_000_000));
    default:
      return operation('create', count);
  }
}
