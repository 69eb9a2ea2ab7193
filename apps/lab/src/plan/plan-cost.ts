// What a restore costs, as it is shown: a restore that hangs has counts up to the first repetition, and no end.
import { NS_PER_PAIR, type Outcome } from '@idspace/restore-planner';
import { count, duration } from '../format/number.ts';

/** The counts of one process, or of all. */
interface Counted {
  readonly outcome: Outcome;
  readonly creates: number;
  readonly deletes: number;
  readonly seconds: number;
  /** They are bounds. */
  readonly atMost?: boolean | undefined;
}

export interface ShownCost {
  creates: string;
  deletes: string;
  time: string;
}

/** Formats creates, deletes and time; what hangs goes on forever. */
export function shownCost({ outcome, creates, deletes, seconds, atMost }: Counted): ShownCost {
  const time = shownTime({ outcome, seconds, atMost });
  if (outcome === 'hangs') return { creates: time, deletes: time, time };
  return { creates: `${atMost ? '≤ ' : ''}${count(creates)}`, deletes: count(deletes), time };
}

/** Formats the time alone; of a restore that fails, what it would take if it did not. */
export function shownTime({ outcome, seconds, atMost }: Pick<Counted, 'outcome' | 'seconds' | 'atMost'>): string {
  return outcome === 'hangs' ? '∞' : `${atMost ? '≤ ' : ''}${duration(seconds)}`;
}

/** Names the rate of the dance and where it comes from. */
export function pairRateText({ nsPerPair }: { nsPerPair: number }): string {
  return `${nsPerPair} ns per pair${nsPerPair === NS_PER_PAIR ? ' (measured on Linux 6.18)' : ''}`;
}

/** Names the rates of a plan and where they come from. */
export function rateText({ nsPerPair, nsPerRestore }: { nsPerPair: number; nsPerRestore: number }): string {
  const basis = nsPerPair === NS_PER_PAIR ? 'both measured on Linux 6.18' : 'the first as given';
  return `${nsPerPair} ns per create+delete pair and ${nsPerRestore} ns per ID that stays (${basis})`;
}
