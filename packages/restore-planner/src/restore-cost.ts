// What a whole restore costs, as far as IDs go.
import type { SpaceSummary } from './spaces/space.ts';
import type { RestorePlan } from './types.ts';

/** Calls and seconds of all ID spaces together; those of timers alone are a plan's `totals`. */
export type RestoreCost = Pick<SpaceSummary, 'asks' | 'creates' | 'deletes' | 'seconds' | 'atMost'>;

/**
 * Adds up all ID spaces of a plan.
 *
 * @returns Calls and seconds; `atMost` where they are bounds, as of a space that ends at a failure.
 */
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

/** Returns the seconds of all ID spaces of a plan. */
export function restoreSeconds(plan: Pick<RestorePlan, 'spaces'>): number {
  return restoreCost(plan).seconds;
}
