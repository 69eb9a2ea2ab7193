// From a timer of a checkpoint to the sigevent that creates it.
import type { TimerSigevent } from '../timer-syscalls.ts';
import type { CheckpointTimer, Notify } from '../types.ts';

const NOTIFY: Readonly<Record<Notify, number>> = { signal: 0, none: 1, thread: 2, 'thread-id': 4 };

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What CRIU passes to timer_create: a thread that the image does not name is thread 0. Source: criu/pie/restorer.c (create_posix_timers), v4.2. */
export function sigeventOf({ notify, signo, sival, notifyThreadId }: CheckpointTimer): TimerSigevent {
  const value = sival <= SAFE ? Number(sival) : sival;
  return { notify: NOTIFY[notify], signo, value, tid: notify === 'thread-id' ? (notifyThreadId ?? 0) : 0 };
}
