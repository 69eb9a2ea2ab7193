// What a rehearsal puts in place of what only the checkpoint's own processes have, or of what would end the rehearsal.
import { type CheckpointTimer, clockName, type Notify } from '@idspace/restore-planner';

const UNBLOCKABLE: ReadonlyMap<number, string> = new Map([
  [9, 'SIGKILL'],
  [19, 'SIGSTOP'],
]);
const KIND_BITS = 3;
const KIND = 2 ** KIND_BITS - 1; // the low bits of a CPU clock say what it counts, those above whose
const DESCRIPTOR = 3; // except here: a clock device

/** How a timer is created in a process that is not its own. */
export interface Substituted {
  clock: number;
  notify: Notify;
  signo: number;
  /** What differs from the checkpoint, for people; empty if nothing does. */
  notes: string[];
}

/** Replaces other processes and threads by the caller, and a signal that cannot be blocked by none. */
export function bareSigevent(timer: CheckpointTimer): Substituted {
  const notes: string[] = [];
  const clock = ownClock(timer.clock);
  if (clock !== timer.clock) notes.push(`the clock is the ${clockName(clock)}, not the ${timer.clockName}`);
  const signal = UNBLOCKABLE.get(timer.signo);
  if (timer.notify === 'thread-id') {
    notes.push(`a signal goes to this program's thread, not to thread ${timer.notifyThreadId ?? 0}`);
  }
  if (signal === undefined || timer.notify === 'none')
    return { clock, notify: timer.notify, signo: timer.signo, notes };
  return { clock, notify: 'none', signo: timer.signo, notes: [...notes, `SIGEV_NONE: ${signal} cannot be blocked`] };
}

/** The same kind of CPU time, of the caller. */
export function ownClock(clock: number): number {
  if (clock >= 0 || (clock & KIND) === DESCRIPTOR) return clock;
  return clockOf(0, clock);
}

/** The same kind of CPU time, of another process or thread. @param target Its ID; 0 for the caller. @param clock A CPU clock. */
export function clockOf(target: number, clock: number): number {
  return (~target << KIND_BITS) | (clock & KIND);
}
