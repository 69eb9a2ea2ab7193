// Create+delete pairs, as restorers make them up to a high ID where they cannot ask for one: billions.

import { CPU, clockKind } from './clock.ts';
import { EAGAIN } from './errno.ts';
import { refused } from './misuse.ts';
import type { FAULT, Sigevent } from './sigevent.ts';
import type { SignalStruct } from './signal-struct.ts';
import { ANY_ID, INT_MAX } from './tables/limits.ts';

/** What came of a run of create+delete pairs. */
export interface Pairs {
  /** Whole pairs made, up to the first call that failed or gave another ID than the expected one. */
  pairs: number;
  /** The ID of the last whole pair; −1 without one. */
  lastId: number;
  /** What the last timerCreate returned: an ID or −errno; −1 if none was made. */
  created: number;
  /** What the last timerDelete returned; 0 if none was made. */
  deleted: number;
}

/** What makes the two calls of a pair. */
interface Caller {
  timerCreate(clock: number, sigevent: Sigevent | null | typeof FAULT): number;
  timerDelete(id: number): number;
}

/**
 * Makes pairs, as `Task.createDeletePairs` says.
 *
 * @param caller A task of the process.
 * @throws RangeError for a count or a first ID that there cannot be, and as the two calls.
 */
export function createPairs(
  caller: Caller,
  signal: SignalStruct,
  clock: number,
  sigevent: Sigevent | null | typeof FAULT,
  count: number,
  firstId: number,
): Pairs {
  if (!(Number.isSafeInteger(count) && count >= 0)) throw refused('count', count, 'an integer 0…9007199254740991');
  if (!(Number.isInteger(firstId) && firstId >= ANY_ID && firstId <= INT_MAX)) {
    throw refused('firstId', firstId, 'an integer 0…2147483647, or -1 for any');
  }
  const result: Pairs = { pairs: 0, lastId: -1, created: -1, deleted: 0 };
  while (result.pairs < count && singlePair(caller, clock, sigevent, firstId, result)) {
    // A null sigevent's value is the ID, and a CPU clock notes who is counted: these differ from pair to pair.
    if (sigevent === null || clockKind(clock) === CPU) continue;
    addPairs(signal, count, firstId, result);
    break;
  }
  return result;
}

/** Makes the two calls. Returns whether they gave what they should. */
function singlePair(
  caller: Caller,
  clock: number,
  sigevent: Sigevent | null | typeof FAULT,
  firstId: number,
  result: Pairs,
): boolean {
  const id = caller.timerCreate(clock, sigevent);
  result.created = id;
  if (id < 0 || (firstId >= 0 && id !== firstId + result.pairs)) return false;
  result.deleted = caller.timerDelete(id);
  if (result.deleted !== 0) return false;
  result.pairs++;
  result.lastId = id;
  return true;
}

/**
 * Goes on with pairs after one that the calls themselves have made.
 *
 * That pair has checked the arguments and filled in its timer, and a freed timer is the next one allocated: sigevent, clock,
 * times and payer stand in it as every pair writes them. All else is done for each: limit, charge, timer, ID, table, list, locks.
 *
 * @param count Pairs wanted in all. @param firstId The ID of the first pair, if they must follow it without a gap; −1 if not.
 * @param result What the first pair gave; brought up to date.
 */
function addPairs(signal: SignalStruct, count: number, firstId: number, result: Pairs): void {
  const { machine, handle, user, limit } = signal;
  const { table } = machine;
  const { timers } = table;
  table.list?.makeRoom(handle, timers.next);
  let { pairs, lastId, created } = result;
  let timer = 0;
  try {
    while (pairs < count) {
      created = -EAGAIN;
      if (user.pending >= limit) return;
      timer = timers.allocate();
      user.pending++;
      created = table.add(handle, timer);
      if (created >= 0) {
        table.publish(handle, timer);
        if (firstId >= 0 && created !== firstId + pairs) return;
        table.remove(handle, created);
      }
      user.pending--;
      // It is the next one allocated, which cannot fail.
      timers.free(timer);
      if (created < 0) return;
      pairs++;
      lastId = created;
    }
  } catch (error) {
    if (timer !== 0) machine.freeTimer(timer);
    throw error;
  } finally {
    Object.assign(result, { pairs, lastId, created });
  }
}
