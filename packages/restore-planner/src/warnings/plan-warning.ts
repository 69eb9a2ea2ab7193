// What a plan warns of.

/** Every warning there is, worst first. */
export const WARNING_CODES = [
  'bad-interval',
  'bad-value',
  'dead-cpu-clock',
  'dead-notify-thread',
  'thread-cpu-clock',
  'counter-lost',
  'mode-lost',
] as const;

/**
 * The restore fails:
 * - `bad-interval`, `bad-value`: CRIU refuses the times of a timer before it creates any.
 * - `dead-cpu-clock`: the clock is the CPU time of a process or thread that is not there: timer_create gives EINVAL.
 * - `dead-notify-thread`: the thread to be signalled is none of the process's: timer_create gives EINVAL.
 *
 * The restore succeeds, with a timer that does something else than before:
 * - `thread-cpu-clock`: the clock is the CPU time of "the thread that created the timer", and CRIU creates it from another thread.
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
