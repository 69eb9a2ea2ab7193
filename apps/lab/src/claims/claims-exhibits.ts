// The verdicts on claims, side by side.

import type { Exhibit } from '../format/exhibit.ts';
import { outcomeMark } from '../format/outcome-mark.ts';
import type { Verdict } from './claim.ts';
import type { ClaimResult } from './run-claims.ts';

const VERDICTS: readonly Verdict[] = ['holds', 'holds only if', 'no', 'does not hold'];

/** 'holds', 'does not hold', 'holds only if …' with its condition, or 'here: no (…); yes from …'. */
export function verdictOf({ verdict, condition }: ClaimResult): string {
  if (condition === null) return verdict;
  return verdict === 'no' ? `here: no ${condition}` : `${verdict} ${condition}`;
}

/** '28 hold, 3 hold only if …, 2 do not here, 0 do not anywhere.' */
export function verdictCounts(results: readonly ClaimResult[]): string {
  const [yes, on, here, no] = VERDICTS.map((wanted) => results.filter(({ verdict }) => verdict === wanted).length);
  return `Of ${results.length} claims ${yes} hold, ${on} hold only under a condition, ${here} do not hold here, ${no} do not hold at all.`;
}

/** Where the claims come from. */
export const WHICH: string =
  'S1–S19: what T. Gleixner’s letter of 9 May 2023 says, in its order. Plain numbers: figures and facts of the kernel series that followed. I1–I6: the other IDs that CRIU brings back.';

/** Shows each claim with its verdict. */
export function verdictsExhibit(results: readonly ClaimResult[]): Exhibit {
  return {
    title: 'Verdicts',
    columns: [
      { head: 'Claim', align: 'left' },
      { head: 'In our words', align: 'left', width: 46 },
      { head: 'Verdict', align: 'left', width: 44, mark: outcomeMark },
    ],
    rows: results.map((result) => [result.id, result.claim, verdictOf(result)]),
    reading: `${WHICH} Each verdict was computed from what was measured in this run.`,
  };
}
