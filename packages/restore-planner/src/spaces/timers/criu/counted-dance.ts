// The dance of CRIU 3.19 and later: create and delete, where every ID must be the next in a count from 0.
import type { RestoreRun } from '../restore-run.ts';
import { type Ending, OK } from './restorer.ts';

/** What a restorer makes of a dance that fails at timer `index`. */
export interface DanceEndings {
  /** A create was refused with −errno. */
  refused(index: number, result: number): Ending;
  /** An ID came that is not the next in the count; its timer is alive. */
  outOfOrder(index: number, id: number): Ending;
}

/** Dances to each ID in turn; to one that is behind, which has two timers, or above all there are, it goes on until an ID comes that is not the next. */
export function countedDance(run: RestoreRun, ids: readonly number[], endings: DanceEndings): Ending {
  let count = 0; // the ID the next create must give
  for (const [index, wanted] of ids.entries()) {
    if (run.next === count && count !== wanted) {
      const pairs = run.ascend(index, count < wanted ? wanted : Number.POSITIVE_INFINITY);
      if (pairs < 0) return endings.refused(index, pairs);
      count += pairs;
    }
    const id = run.create(index);
    if (id < 0) return endings.refused(index, id);
    if (id !== count) return endings.outOfOrder(index, id);
    count++;
  }
  return OK;
}
