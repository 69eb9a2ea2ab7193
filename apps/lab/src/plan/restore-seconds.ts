// How long a whole restore takes, as far as IDs go.
import type { RestorePlan } from '@idspace/restore-planner';

/** Sums up the seconds of all ID spaces: those of timers are `totals.seconds`. */
export function restoreSeconds({ spaces }: Pick<RestorePlan, 'spaces'>): number {
  return spaces.reduce((sum, { seconds }) => sum + seconds, 0);
}
