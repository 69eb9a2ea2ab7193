// From a timer of a checkpoint to the sigevent that creates it.
import type { Sigevent } from '../timer-syscalls.ts';
import type { CheckpointTimer, Notify } from '../types.ts';

const NOTIFY: Readonly<Record<Exclude<Notify, 'unknown'>, number>> = { signal: 0, none: 1, thread: 2, 'thread-id': 4 };

const NO_KIND = 3; // a kind that no kernel knows

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What CRIU passes to timer_create: a thread that the image does not name is thread 0. Source: criu/pie/restorer.c (create_posix_timers), v4.2. */
export function sigeventOf({ notify, notifyKind, signo, sival, notifyThreadId }: CheckpointTimer): Sigevent {
  const value = sival <= SAFE ? Number(sival) : sival;
  const kind = notify === 'unknown' ? (notifyKind ?? NO_KIND) : NOTIFY[notify];
  return { notify: kind, signo, value, tid: notify === 'thread-id' ? (notifyThreadId ?? 0) : 0 };
}
