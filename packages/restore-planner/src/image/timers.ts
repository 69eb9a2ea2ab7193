// From posix_timer_entry messages to timers: signs, names and ranges.
import { CheckpointError } from '../checkpoint-error.ts';
import { clockName } from '../clock-name.ts';
import type { PosixTimerEntry } from '../gen/core_pb.ts';
import type { CheckpointTimer, Notify } from '../types.ts';
import type { Decoded } from './message.ts';

type Where = Decoded<unknown>['where'];

const INT_MAX = 2 ** 31 - 1; // the highest timer ID

/** SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4: all that CRIU ever writes. */
const NOTIFY: Readonly<Record<number, Notify>> = { 0: 'signal', 1: 'none', 2: 'thread', 4: 'thread-id' };

/**
 * Turns a process's entries into timers, in the order given.
 *
 * @param where The image they come from, for errors.
 * @throws CheckpointError for an ID past INT_MAX or given twice, or an unknown kind of notification.
 */
export function timersOf(entries: readonly PosixTimerEntry[], where: Where): CheckpointTimer[] {
  const seen = new Set<number>();
  return entries.map((entry, index) => {
    const { itId } = entry;
    const got = `it_id ${itId} (timer ${index})`;
    if (itId > INT_MAX) throw new CheckpointError('bad-value', where, got, `0…${INT_MAX}`);
    if (seen.has(itId)) throw new CheckpointError('duplicate', where, `${got} twice`, 'distinct timer IDs');
    seen.add(itId);
    return timerOf(entry, index, where);
  });
}

function timerOf(entry: PosixTimerEntry, index: number, where: Where): CheckpointTimer {
  const clock = entry.clockId | 0; // stored unsigned
  const notify = NOTIFY[entry.itSigevNotify];
  if (notify === undefined) {
    const got = `it_sigev_notify ${entry.itSigevNotify} (timer ${index})`;
    throw new CheckpointError('bad-value', where, got, '0 (signal), 1 (none), 2 (thread) or 4 (thread ID)');
  }
  const timer: CheckpointTimer = {
    id: entry.itId,
    clock,
    clockName: clockName(clock),
    notify,
    signo: entry.siSigno,
    sival: entry.sivalPtr,
    interval: { sec: entry.isec, nsec: entry.insec },
    value: { sec: entry.vsec, nsec: entry.vnsec },
    overrun: entry.overrun,
  };
  const hasThread = Object.hasOwn(entry, 'notifyThreadId');
  return hasThread ? { ...timer, notifyThreadId: entry.notifyThreadId } : timer;
}
