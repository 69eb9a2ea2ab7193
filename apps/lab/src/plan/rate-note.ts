// Whose rate the times of a dance are at: no target holds one.
import { NS_PER_PAIR, type RestorePlan } from '@idspace/restore-planner';
import { printable } from '../format/printable.ts';
import { LIVE } from './target-at.ts';

/** Whether CRIU creates and deletes timers on its way to the IDs, so that the rate of a pair makes the time. */
export function isDanced({ totals }: Pick<RestorePlan, 'totals'>): boolean {
  return totals.deletes > 0 && (totals.outcome === 'ok' || totals.outcome === 'depends');
}

const LONGER = '; a whole restore takes longer than these calls';

/**
 * Says that the times of a dance are those of another machine, and how to get the target's.
 *
 * @param on The targets, as the user named them.
 */
export function rateNote(on: readonly string[]): string {
  const taken = `times are at ${NS_PER_PAIR} ns per create and delete of a timer, as measured on another machine`;
  if (on.length === 1 && on[0] === LIVE) return `${taken}: --nspp measured takes the rate of this one${LONGER}`;
  const where = on.length === 1 ? `on the machine of ${printable(on[0]!)}` : 'on the target';
  return `${taken}: idspace probe ${where} measures its rate, --nspp states it${LONGER}`;
}
