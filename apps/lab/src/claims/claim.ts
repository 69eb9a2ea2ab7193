// Claim: something that was said in public about timer IDs and their siblings, how it is measured, and when it is true.
import type { Lab } from './lab.ts';

/**
 * What the figures of a run say of a claim. 'no': what was measured here is not as claimed, elsewhere it could be; 'does not hold':
 * it is nowhere.
 */
export type Verdict = 'holds' | 'holds only if' | 'no' | 'does not hold';

/** A verdict with what it rests on. */
export interface Judgement {
  verdict: Verdict;
  /** What must be the case, or after a `no` what was measured and from where on it is true: '(32 min at 894 ns); yes from 1,677 ns'; else null. */
  condition: string | null;
  /** The figures that decide, in words. */
  text: string;
}

/** A claim that can be measured. `Figures` is plain data, ready for JSON. */
export interface Claim<Figures extends object = object> {
  /** S1…S19: what the letter of 2023 says, in its order. 1…15 (there is no 9): figures and facts of the kernel series since. I1…I6: the other IDs that CRIU brings back. */
  readonly id: string;
  /** In our words. */
  readonly claim: string;
  readonly source: string;
  /** Runs what it takes; measurements that several claims rest on run once. */
  measure(lab: Lab): Promise<Figures>;
  /** Decides from the figures alone: others, another verdict. */
  judge(figures: Figures): Judgement;
}

/** The letter that began it. */
export const LETTER = 'T. Gleixner, "[RFD] posix-timers: CRIU woes", linux-kernel, 9 May 2023';

export function holds(text: string): Judgement {
  return { verdict: 'holds', condition: null, text };
}

/** @param condition Completes "holds only if …". */
export function holdsOnlyIf(condition: string, text: string): Judgement {
  return { verdict: 'holds only if', condition, text };
}

/** @param here What was measured. @param there Completes "yes …". */
export function notHere(here: string, there: string, text: string): Judgement {
  return { verdict: 'no', condition: `(${here}); yes ${there}`, text };
}

export function doesNotHold(text: string): Judgement {
  return { verdict: 'does not hold', condition: null, text };
}

/** `holds` where it is so, else `does not hold`. */
export function holdsIf(isSo: boolean, text: string): Judgement {
  return isSo ? holds(text) : doesNotHold(text);
}
