// From posix_timer_entry messages to timers: signs and names. Nothing is refused here: what no kernel creates is for the plan to say.
import { clockName } from '../clock-name.ts';
import type { PosixTimerEntry } from '../gen/core_pb.ts';
import type { CheckpointTimer, Notify } from '../types.ts';

/** SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4: all that CRIU ever writes. */
const NOTIFY: Readonly<Record<number, Notify>> = { 0: 'signal', 1: 'none', 2: 'thread', 4: 'thread-id' };

/** Turns a process's entries into timers, in the order given. */
export function timersOf(entries: readonly PosixTimerEntry[]): CheckpointTimer[] {
  return entries.map(timerOf);
}

function timerOf(entry: PosixTimerEntry): CheckpointTimer {
  const clock = entry.clockId | 0; // these are signed, and stored unsigned
  const notify = NOTIFY[entry.itSigevNotify] ?? 'unknown';
  const timer: CheckpointTimer = {
    id: entry.itId | 0,
    clock,
    clockName: clockName(clock),
    notify,
    ...(notify === 'unknown' && { notifyKind: entry.itSigevNotify | 0 }),
    signo: entry.siSigno | 0,
    sival: entry.sivalPtr,
    interval: { sec: entry.isec, nsec: entry.insec },
    value: { sec: entry.vsec, nsec: entry.vnsec },
    overrun: entry.overrun,
  };
  const hasThread = Object.hasOwn(entry, 'notifyThreadId');
  return hasThread ? { ...timer, notifyThreadId: entry.notifyThreadId } : timer;
}
