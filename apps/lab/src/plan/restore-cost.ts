// What a whole restore costs, as far as IDs go.
import type { RestorePlan, SpaceSummary } from '@idspace/restore-planner';

/** Calls and seconds of all ID spaces together; those of timers alone are `totals`. */
export type RestoreCost = Pick<SpaceSummary, 'asks' | 'creates' | 'deletes' | 'seconds' | 'atMost'>;

/** Adds up all ID spaces. */
export function restoreCost({ spaces }: Pick<RestorePlan, 'spaces'>): RestoreCost {
  const sum = (of: (space: SpaceSummary) => number): number => spaces.reduce((so, space) => so + of(space), 0);
  return {
    asks: sum(({ asks }) => asks),
    creates: sum(({ creates }) => creates),
    deletes: sum(({ deletes }) => deletes),
    seconds: sum(({ seconds }) => seconds),
    ...(spaces.some(({ atMost }) => atMost) && { atMost: true }),
  };
}

/** The seconds of all ID spaces. */
export function restoreSeconds(plan: Pick<RestorePlan, 'spaces'>): number {
  return restoreCost(plan).seconds;
}
