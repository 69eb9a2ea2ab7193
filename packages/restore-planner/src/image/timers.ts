// From posix_timer_entry messages to timers: signs, names and ranges.
import { CheckpointError } from '../checkpoint-error.ts';
import { clockName } from '../clock-name.ts';
import type { PosixTimerEntry } from '../gen/core_pb.ts';
import type { CheckpointTimer, Notify } from '../types.ts';

const INT_MAX = 2 ** 31 - 1; // the highest timer ID

/** SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4: all that CRIU ever writes. */
const NOTIFY: Readonly<Record<number, Notify>> = { 0: 'signal', 1: 'none', 2: 'thread', 4: 'thread-id' };

/**
 * Turns a process's entries into timers, in the order given.
 *
 * @param file The image they come from, for errors.
 * @throws CheckpointError for an ID past INT_MAX or given twice, or an unknown kind of notification.
 */
export function timersOf(entries: readonly PosixTimerEntry[], file: string): CheckpointTimer[] {
  const seen = new Set<number>();
  return entries.map((entry, index) => {
    const { itId } = entry;
    if (itId > INT_MAX) throw invalid('bad-value', file, `it_id ${itId} (timer ${index})`, `0…${INT_MAX}`);
    if (seen.has(itId)) throw invalid('duplicate', file, `it_id ${itId} twice (timer ${index})`, 'distinct timer IDs');
    seen.add(itId);
    return timerOf(entry, index, file);
  });
}

function timerOf(entry: PosixTimerEntry, index: number, file: string): CheckpointTimer {
  const clock = entry.clockId | 0; // stored unsigned
  const notify = NOTIFY[entry.itSigevNotify];
  if (notify === undefined) {
    const got = `it_sigev_notify ${entry.itSigevNotify} (timer ${index})`;
    throw invalid('bad-value', file, got, '0 (signal), 1 (none), 2 (thread) or 4 (thread ID)');
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

function invalid(code: 'bad-value' | 'duplicate', file: string, got: string, expected: string): CheckpointError {
  return new CheckpointError(code, { file }, got, expected);
}
