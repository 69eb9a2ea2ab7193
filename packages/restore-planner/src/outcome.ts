// Outcomes, from best to worst.

/**
 * What becomes of a process's timers, from best to worst.
 * - `ok`: every timer is back under its ID.
 * - `depends`: on what is not known of the target, or on the order in which processes come to their creates. Counts and steps are those of success; `error` is what CRIU prints otherwise.
 * - `exceeds-limit`: a create past RLIMIT_SIGPENDING is refused with EAGAIN, and CRIU gives up. Where several processes share the limit, counts and steps are those
 *   of one order out of many: one process after the other, as in the checkpoint.
 * - `hangs`: CRIU repeats the same calls forever; counts go up to the first repeated state.
 * - `fails`: CRIU gives up; `error` is what it prints.
 */
export type Outcome = 'ok' | 'depends' | 'exceeds-limit' | 'hangs' | 'fails';

/** Every outcome, from best to worst. */
export const OUTCOMES: readonly Outcome[] = ['ok', 'depends', 'exceeds-limit', 'hangs', 'fails'];

/** Picks the worst of some outcomes; `ok` of none. */
export function worstOutcome(outcomes: Iterable<Outcome>): Outcome {
  let worst = 0;
  for (const outcome of outcomes) worst = Math.max(worst, OUTCOMES.indexOf(outcome));
  return OUTCOMES[worst]!;
}
