// Outcomes in order: what is worse than what.
import type { Outcome } from './types.ts';

/** Every outcome, from best to worst. */
export const OUTCOMES: readonly Outcome[] = ['ok', 'depends', 'exceeds-limit', 'hangs', 'fails'];

/** Picks the worst of some outcomes; `ok` of none. */
export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  let worst = 0;
  for (const outcome of outcomes) worst = Math.max(worst, OUTCOMES.indexOf(outcome));
  return OUTCOMES[worst]!;
}
