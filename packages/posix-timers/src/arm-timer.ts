// What timer_settime does to a timer, in a model whose clocks stand still.
// Source: posix_timer_set_common, common_timer_set, common_timer_get (kernel/time/posix-timers.c), 6.18; compared with 6.18.

import { clockNow } from './clock.ts';
import { type Itimerspec, TIMER_ABSTIME } from './itimerspec.ts';
import { SIGEV_NONE } from './sigevent.ts';
import type { TimerSlab } from './tables/timer-slab.ts';

/**
 * Arms or disarms a timer. A timer that is already due goes off and is disarmed, or waits for its next interval.
 *
 * Disarming a SIGEV_NONE timer does not clear the time it reads back, unless it counts CPU time: such a timer was never
 * queued, the kernel keeps its expiry and computes the rest from it, as real kernels show.
 */
export function armTimer(timers: TimerSlab, timer: number, flags: number, setting: Itimerspec): void {
  const { valueSec, valueNsec, intervalSec, intervalNsec } = setting;
  if (valueSec === 0 && valueNsec === 0) {
    setInterval(timers, timer, 0, 0);
    if (timers.notify[timer] !== SIGEV_NONE || timers.clock[timer] < 0) setValue(timers, timer, 0, 0);
    return;
  }
  setInterval(timers, timer, intervalSec, intervalNsec);
  const now = (flags & TIMER_ABSTIME) !== 0 ? clockNow(timers.clock[timer]) : 0;
  const due = valueSec < now || (valueSec === now && valueNsec === 0);
  if (due) setValue(timers, timer, intervalSec, intervalNsec);
  else setValue(timers, timer, valueSec - now, valueNsec);
}

function setValue(timers: TimerSlab, timer: number, sec: number, nsec: number): void {
  timers.valueSec[timer] = sec + 0; // −0 is 0
  timers.valueNsec[timer] = nsec;
}

function setInterval(timers: TimerSlab, timer: number, sec: number, nsec: number): void {
  timers.intervalSec[timer] = sec + 0;
  timers.intervalNsec[timer] = nsec;
}
