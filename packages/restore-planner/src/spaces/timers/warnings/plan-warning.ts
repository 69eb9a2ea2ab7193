// What a plan warns of.

/** Every warning there is, worst first. */
export const WARNING_CODES = [
  'no-start',
  'refused-images',
  'old-images',
  'bad-interval',
  'bad-value',
  'bad-itimer',
  'bad-id',
  'same-id',
  'timerless-clock',
  'bad-notify',
  'bad-signal',
  'dead-cpu-clock',
  'dead-notify-thread',
  'alarm-clock',
  'shared-limit',
  'sigq-assumed',
  'thread-cpu-clock',
  'wall-clock',
  'overrun-lost',
  'counter-lost',
  'mode-lost',
] as const;

/**
 * The restore fails:
 * - `no-start`: this CRIU does not start on this kernel at all.
 * - `refused-images`: CRIU cannot make sense of the process tree or of an image.
 * - `old-images`: timers or limits are in images of their own, which CRIU 2.6 and later read only with --deprecated.
 * - `bad-interval`, `bad-value`, `bad-itimer`: CRIU refuses the times of a timer, or of a setitimer timer, before it creates any.
 * - `bad-id`: the ID is below 0, which no kernel gives.
 * - `same-id`: two timers have one ID.
 * - `timerless-clock`: the clock does not exist, or no timer can be made on it.
 * - `bad-notify`: the kind of notification does not exist. `bad-signal`: the signal is not one of 1…64, and the timer sends it.
 * - `dead-cpu-clock`: the clock is the CPU time of a process or thread that is not there: timer_create gives EINVAL. A process is certainly not there only in
 *   a PID namespace of its own; elsewhere a stranger may have that number.
 * - `dead-notify-thread`: the thread to be signalled is none of the process's: timer_create gives EINVAL.
 *
 * The restore fails, or it depends on what is not known:
 * - `alarm-clock`: the clock needs a real-time clock that can wake the machine, and CAP_WAKE_ALARM.
 * - `shared-limit`: the timers of all processes are charged to the user who runs CRIU, and are more than RLIMIT_SIGPENDING.
 * - `sigq-assumed`: little room is left below RLIMIT_SIGPENDING, and what is charged on the target already was taken to be 0.
 *
 * The restore succeeds, with a timer that does something else than before:
 * - `thread-cpu-clock`: the clock is the CPU time of "the thread that created the timer", and CRIU creates it from another thread.
 * - `wall-clock`: an absolute time on a wall clock comes late by as long as the process was not running.
 * - `overrun-lost`: expirations that were counted while a signal was pending are forgotten.
 *
 * Nothing is wrong with a timer, but the image forgets something about the process:
 * - `counter-lost`: where the ID counter stood.
 * - `mode-lost`: whether restore mode was on.
 */
export type WarningCode = (typeof WARNING_CODES)[number];

/** One warning about a process's restore; a process has at most one of each code, in the order of {@link WarningCode}. */
export interface PlanWarning {
  code: WarningCode;
  /** The timers concerned, ascending; empty where it is about the process as a whole. */
  ids: number[];
  /** What happens and why, in sentences. */
  text: string;
}
