// A restorer that knows its kernel and uses the best mechanism it has; no CRIU does all of this.

import { errnoName } from '../../../errno.ts';
import { INT_MAX } from '../../../int-max.ts';
import type { CreateCall } from '../../../types.ts';
import type { RestoreRun } from '../restore-run.ts';
import { countedDance } from './counted-dance.ts';
import { type Ending, givesUp, OK, refusedOutcome } from './restorer.ts';

/**
 * Restores by the kernel's own way to ask for an ID; where there is none, by the dance on next-ID kernels and by filling dense ones.
 *
 * It says what it cannot get in words of its own.
 */
export function native(run: RestoreRun, ids: readonly number[]): Ending {
  const impossible = impossibleId(ids);
  if (impossible !== null) return impossible;
  switch (run.policy.restoreCall) {
    case 'prctl':
      return inRestoreMode(run, ids);
    case 'create-at-id':
      return byCreate(run, ids, 'at-id');
    case 'sigev-bit':
      return byCreate(run, ids, 'use-id');
    case 'cursor':
      return byCursor(run, ids);
    case null:
      return run.policy.ids === 'next' ? dance(run, ids) : fill(run, ids);
  }
}

/** What no calls could get. */
function impossibleId(ids: readonly number[]): Ending | null {
  const seen = new Set<number>();
  for (const id of ids) {
    if (id > INT_MAX) return givesUp([`Can't get timer ID ${id | 0}: no kernel gives it`]);
    if (seen.has(id)) return givesUp([`Can't get timer ID ${id}: another timer of the process has it`]);
    seen.add(id);
  }
  return null;
}

function inRestoreMode(run: RestoreRun, ids: readonly number[]): Ending {
  run.prctl(true);
  const ending = byCreate(run, ids, 'restore-mode');
  run.prctl(false);
  return ending;
}

function byCreate(run: RestoreRun, ids: readonly number[], how: CreateCall): Ending {
  for (const [index, wanted] of ids.entries()) {
    const result = run.create(index, how, wanted);
    if (result < 0) return refused(run, wanted, result);
  }
  return OK;
}

function byCursor(run: RestoreRun, ids: readonly number[]): Ending {
  for (const [index, wanted] of ids.entries()) {
    run.setCursor(wanted);
    const result = run.create(index);
    if (result < 0) return refused(run, wanted, result);
  }
  return OK;
}

function dance(run: RestoreRun, ids: readonly number[]): Ending {
  return countedDance(run, ids, {
    refused: (index, result) => refused(run, ids[index]!, result),
    outOfOrder: (index, id) => outOfReach(ids[index]!, id),
  });
}

/** Creates every timer up to the last wanted ID, in the order in which IDs come, and deletes those that are not wanted at the end. */
function fill(run: RestoreRun, ids: readonly number[]): Ending {
  const downwards = run.policy.ids === 'highest';
  for (let nth = 0; nth < ids.length; nth++) {
    const index = downwards ? ids.length - 1 - nth : nth;
    const wanted = ids[index]!;
    const result = run.fillTo(index, wanted);
    if (result < 0) return refused(run, wanted, result);
    const id = run.create(index);
    if (id < 0) return refused(run, wanted, id);
    if (id !== wanted) return outOfReach(wanted, id);
  }
  run.drain();
  return OK;
}

function refused(run: RestoreRun, wanted: number, result: number): Ending {
  const errno = errnoName(result);
  return {
    outcome: refusedOutcome(run, result),
    lines: [`Can't get timer ID ${wanted}: timer_create fails with ${errno}`],
    errno,
  };
}

function outOfReach(wanted: number, id: number): Ending {
  return { outcome: 'fails', lines: [`Can't get timer ID ${wanted}: the kernel gave ${id}`], errno: null };
}
