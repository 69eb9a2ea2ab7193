// Finds out by experiment how the kernel hands out IDs in each space.

import type { LiveIds } from '../../agent/live-ids.ts';
import type { LiveNumbers } from '../../agent/live-numbers.ts';
import type { LiveObjects } from '../../agent/live-objects.ts';
import type { LiveRings } from '../../agent/live-rings.ts';
import type { LiveTerminals } from '../../agent/live-terminals.ts';
import type { LiveWatches } from '../../agent/live-watches.ts';
import { INT_MAX } from '../int-max.ts';
import type { ProbedSpace, SpacePolicy, SpaceProbe } from './space-probe.ts';

const PID_MAX = 2 ** 22; // of a new namespace since Linux 6.14

/** What an experiment found. */
export type Found = Pick<SpaceProbe, 'policy' | 'seen' | 'canAsk'>;
const NOTHING: Found = { policy: null, seen: null, canAsk: null };

/** Tries each space; those that are not available give the reason. */
export function findPolicies(ids: LiveIds): Record<ProbedSpace, Found & { unknown: string | null }> {
  const found = <Calls extends object>(calls: Calls | { why: string }, find: (calls: Calls) => Found) =>
    'why' in calls ? { ...NOTHING, unknown: calls.why } : { ...find(calls), unknown: null };
  return {
    pids: found(ids.pids, numbers),
    inotify: found(ids.inotify, watches),
    sysv: found(ids.sysv, objects),
    pty: found(ids.pty, terminals),
    aio: found(ids.aio, rings),
  };
}

/** @param wrapped Whether the lowest free one came after the highest; null where that was not seen. */
function cyclic(isNext: boolean, wrapped: boolean): SpacePolicy {
  return isNext && wrapped ? 'cyclic' : 'other';
}

function numbers(calls: LiveNumbers): Found {
  const made = [calls.fork(1), calls.fork(1)];
  calls.end(1, made[1]!);
  const next = calls.fork(1);
  const asked = calls.fork(1, 50);
  calls.setLastPid(PID_MAX - 2);
  const last = calls.fork(1);
  const wrapped = calls.fork(1);
  const seen = `in a new PID namespace ${made.join(', ')} came, ${made[1]} ended, then came ${next}; after ${last} came ${wrapped}, whatever pid_max is outside`;
  return { policy: cyclic(next === made[1]! + 1, wrapped < last), seen, canAsk: asked === 50 };
}

function watches(calls: LiveWatches): Found {
  const file = calls.open();
  const made = [calls.add(file), calls.add(file)];
  calls.remove(file, made[1]!);
  const next = calls.add(file);
  const canAsk = calls.setNextId(file, INT_MAX) === 0;
  const last = calls.add(file);
  const wrapped = calls.add(file);
  calls.close(file);
  const seen = `${made.join(', ')} came, ${made[1]} was removed, then came ${next}`;
  if (!canAsk) return { policy: cyclic(next === made[1]! + 1, true), seen, canAsk };
  return {
    policy: cyclic(next === made[1]! + 1 && last === INT_MAX, wrapped < last),
    seen: `${seen}; after ${last} came ${wrapped}`,
    canAsk,
  };
}

const MOST_ROUND = 64 * 64 + 2; // creates until the circle of slots is through, with ipcmni_extend

function objects(calls: LiveObjects): Found {
  const first = calls.create('sem', 0);
  let last = first;
  let next = first;
  for (let creates = 0; next <= last + 1 && creates < MOST_ROUND; creates++) {
    last = next;
    calls.remove('sem', last);
    next = calls.create('sem', 0);
  }
  calls.remove('sem', next);
  const canAsk = calls.setNextId('sem', 32_774) === 0 && calls.create('sem', 0) === 32_774;
  const isSlotZero = next > last + 1 && next % 2 ** 15 === 0;
  return {
    policy: isSlotZero ? 'slot-sequence' : 'other',
    seen: `${first}, ${first + 1}, … came, each after the one before was removed; after ${last} came ${next}`,
    canAsk,
  };
}

function terminals(calls: LiveTerminals): Found {
  const made = [calls.open(), calls.open(), calls.open()];
  calls.close(made[0]!);
  const next = calls.open();
  const seen = `${made.join(', ')} came, ${made[0]} was closed, then came ${next}`;
  return { policy: next === made[0] ? 'lowest' : 'other', seen, canAsk: null };
}

function rings(calls: LiveRings): Found {
  const ring = calls.setUp(62);
  if (ring < 0) return NOTHING;
  const { nr } = calls.read(ring);
  calls.destroy(ring);
  return { policy: 'must-fit', seen: `a ring for 62 requests has ${nr} slots here`, canAsk: null };
}
