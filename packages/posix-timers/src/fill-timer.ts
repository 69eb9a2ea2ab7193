// What timer_create writes into a new timer: sigevent and clock. Source: do_timer_create, good_sigevent (kernel/time/posix-timers.c), 6.18.

import {
  SIGALRM,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
  SIGEV_THREAD_ID,
  SIGRTMAX,
  type Sigevent,
  sigvalHi,
  sigvalLo,
} from './sigevent.ts';
import type { SignalStruct } from './signal-struct.ts';
import type { TimerSlab } from './tables/timer-slab.ts';

/**
 * Fills in a timer that has its ID; it stays disarmed.
 *
 * @returns false if the sigevent is bad: an unknown way, a signal that is none, a thread of another process.
 */
export function fillTimer(
  signal: SignalStruct,
  timer: number,
  id: number,
  clock: number,
  sigevent: Sigevent | null,
): boolean {
  const { timers } = signal.machine.table;
  if (sigevent === null) fillDefaultSigevent(timers, timer, id, signal.pid);
  else if (!fillSigevent(timers, timer, sigevent, signal)) return false;
  timers.clock[timer] = clock;
  timers.intervalSec[timer] = 0;
  timers.intervalNsec[timer] = 0;
  timers.valueSec[timer] = 0;
  timers.valueNsec[timer] = 0;
  return true;
}

/** What a null sigevent stands for: SIGALRM with the ID as the value. */
function fillDefaultSigevent(timers: TimerSlab, timer: number, id: number, pid: number): void {
  timers.notify[timer] = SIGEV_SIGNAL;
  timers.signo[timer] = SIGALRM;
  timers.sigvalLo[timer] = id;
  timers.sigvalHi[timer] = 0;
  timers.pid[timer] = pid;
}

function fillSigevent(timers: TimerSlab, timer: number, sigevent: Sigevent, signal: SignalStruct): boolean {
  const { notify, signo = 0, value = 0 } = sigevent;
  const target = notify === SIGEV_NONE ? signal.pid : signalTarget(sigevent, signal);
  if (target === 0) return false;
  timers.notify[timer] = notify;
  timers.signo[timer] = signo;
  timers.sigvalLo[timer] = sigvalLo(value);
  timers.sigvalHi[timer] = sigvalHi(value);
  timers.pid[timer] = target;
  return true;
}

/** Returns the process or thread that signals of a new timer go to; 0 where the sigevent is bad. */
function signalTarget({ notify, signo = 0, tid = 0 }: Sigevent, { machine, pid }: SignalStruct): number {
  if (notify !== SIGEV_SIGNAL && notify !== SIGEV_THREAD && notify !== SIGEV_THREAD_ID) return 0;
  if (!(signo >= 1 && signo <= SIGRTMAX)) return 0;
  if (notify !== SIGEV_THREAD_ID) return pid;
  return machine.tasks.get(tid)?.pid === pid ? tid : 0;
}
