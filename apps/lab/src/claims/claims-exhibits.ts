// The verdicts on claims, side by side.

import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { counted } from '../format/number.ts';
import { outcomeMark } from '../format/outcome-mark.ts';
import type { Verdict } from './claim.ts';
import type { ClaimResult } from './run-claims.ts';

const VERDICTS: readonly Verdict[] = ['holds', 'holds only if', 'no', 'does not hold'];

/** 'holds', 'does not hold', 'holds only if …' or 'holds, except …' with its condition, or 'here: no (…); yes from …'. */
export function verdictOf({ verdict, condition }: ClaimResult): string {
  if (condition === null) return verdict;
  if (condition.startsWith('except')) return `holds, ${condition}`;
  return verdict === 'no' ? `here: no ${condition}` : `${verdict} ${condition}`;
}

/** 'Of 33 claims 28 hold, 3 hold only under a condition, 1 does not hold here, 1 does not hold at all.' */
export function verdictCounts(results: readonly ClaimResult[]): string {
  const [yes, on, here, no] = VERDICTS.map((wanted) => results.filter(({ verdict }) => verdict === wanted).length);
  const hold = (of: number): string => `${of} ${of === 1 ? 'holds' : 'hold'}`;
  const doNot = (of: number): string => `${of} ${of === 1 ? 'does' : 'do'} not hold`;
  const parts = [hold(yes!), `${hold(on!)} only under a condition`, `${doNot(here!)} here`, `${doNot(no!)} at all`];
  return `Of ${counted(results.length, 'claim')} ${parts.join(', ')}.`;
}

/** Where the claims come from. */
export const WHICH: string =
  'S1–S19: what T. Gleixner’s letter of 9 May 2023 says, in its order. Plain numbers: figures and facts of the kernel series that followed. I1–I6: the other IDs that CRIU brings back.';

/** Shows each claim with its verdict. */
export function verdictsExhibit(results: readonly ClaimResult[]): Exhibit {
  return {
    title: 'Verdicts',
    ...tableOf(results, [
      { head: 'Claim', align: 'left', cell: ({ id }) => id },
      { head: 'In our words', align: 'left', width: 46, cell: ({ claim }) => claim },
      { head: 'Verdict', align: 'left', width: 44, mark: outcomeMark, cell: verdictOf },
    ]),
    reading: `${WHICH} Each verdict was computed from what was measured in this run.`,
  };
}
