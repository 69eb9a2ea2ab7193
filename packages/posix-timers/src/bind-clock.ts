// Whose CPU time a timer counts. Source: pid_for_clock (kernel/time/posix-cpu-timers.c), 6.18.

import { ALARM, cpuClockPid, encodedClock, isCountedTime, isThreadClock, PLAIN } from './clock.ts';
import { EINVAL } from './errno.ts';
import type { KernelState, RunningTask } from './kernel-state.ts';
import type { SignalStruct } from './signal-struct.ts';

/** What a CPU clock counts the time of: a process or a thread, which may have ended. */
type Counted = { readonly alive: boolean };

/**
 * Looks for what the clock of a new timer needs: an alarm clock its chip, a CPU clock its process or thread.
 *
 * @param caller The task that creates the timer. @param kind As `clockKind` tells.
 * @returns 0; −EINVAL without such a process, or thread of this process; for alarm clocks what the machine says.
 */
export function bindClock(
  caller: RunningTask,
  signal: SignalStruct,
  timer: number,
  clock: number,
  kind: number,
): number {
  const { machine } = signal;
  if (kind === PLAIN) return 0;
  if (kind === ALARM) return machine.alarmRefusal;
  const encoded = encodedClock(clock);
  const counted = isCountedTime(encoded) ? countedBy(encoded, caller, signal) : undefined;
  if (counted === undefined) return -EINVAL;
  machine.table.timers.clock[timer] = encoded;
  machine.counted.set(timer, counted);
  return 0;
}

/** Tells if a timer counts the CPU time of a process or thread that has exited. */
export function countsNothing(machine: KernelState, timer: number): boolean {
  return machine.table.timers.clock[timer] < 0 && machine.counted.get(timer)?.alive !== true;
}

function countedBy(clock: number, caller: RunningTask, signal: SignalStruct): Counted | undefined {
  const pid = cpuClockPid(clock);
  const ofThread = isThreadClock(clock);
  if (pid === 0) return ofThread ? caller : signal;
  const task = signal.machine.tasks.get(pid);
  return task?.pid === (ofThread ? signal.pid : pid) ? task : undefined;
}
