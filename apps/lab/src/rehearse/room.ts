// How many timers RLIMIT_SIGPENDING leaves a process that is rehearsed.
import type { CheckpointProcess, Target } from '@idspace/restore-planner';

/** What a target tells of the limit. */
export type LimitFacts = Pick<Target, 'criuRlimitSigpending' | 'sigqOfCriuUser'>;

/**
 * Returns the timers that CRIU's user may have alive under the limit of a process, those of the other processes included: 0…2⁵³−1, or Infinity.
 *
 * The limit is that of the images, lowered to CRIU's own where CRIU may not raise it. What is charged on the target already is taken off.
 */
export function roomOf(
  { rlimitSigpending, rlimitSigpendingMax }: Pick<CheckpointProcess, 'rlimitSigpending' | 'rlimitSigpendingMax'>,
  { criuRlimitSigpending = Number.POSITIVE_INFINITY, sigqOfCriuUser = 0 }: LimitFacts = {},
): number {
  const soft = Number(rlimitSigpending ?? Number.POSITIVE_INFINITY);
  const limit = Math.min(soft, Number(rlimitSigpendingMax ?? soft), criuRlimitSigpending);
  return limit <= Number.MAX_SAFE_INTEGER ? Math.max(0, limit - sigqOfCriuUser) : Number.POSITIVE_INFINITY;
}
