// How a process's restore ends, as far as warnings tell of it.

import type { Outcome } from '../../../outcome.ts';
import type { Stop } from '../criu/stop.ts';
import type { Room } from '../room.ts';
import type { Target } from './timer-faults.ts';

/** The end of a process's restore. */
export interface Ended {
  outcome: Outcome;
  nextId: number;
  /** What CRIU stops at before it makes any timer. */
  stop: Stop | null;
  room: Room;
  /** What is known of the target. */
  target: Pick<Target, 'rtc' | 'capWakeAlarm'>;
}
