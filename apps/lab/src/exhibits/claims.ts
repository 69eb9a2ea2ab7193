// The verdicts on claims, side by side.
import type { Verdict } from '../claims/claim.ts';
import type { ClaimResult } from '../claims/run-claims.ts';
import type { Exhibit } from './exhibit.ts';

const VERDICTS: readonly Verdict[] = ['holds', 'holds only if', 'does not hold'];

/** 'holds', 'does not hold', or 'holds only if …' with its condition. */
export function verdictOf({ verdict, condition }: ClaimResult): string {
  return condition === null ? verdict : `${verdict} ${condition}`;
}

/** '28 hold, 5 hold only if …, 0 do not.' */
export function verdictCounts(results: readonly ClaimResult[]): string {
  const [yes, on, no] = VERDICTS.map((wanted) => results.filter(({ verdict }) => verdict === wanted).length);
  return `Of ${results.length} claims ${yes} hold, ${on} hold only under a condition, ${no} do not hold.`;
}

/** Shows each claim with its verdict. */
export function verdictsExhibit(results: readonly ClaimResult[]): Exhibit {
  return {
    title: 'Verdicts',
    columns: [
      { head: 'Claim', align: 'left' },
      { head: 'In our words', align: 'left', width: 46 },
      { head: 'Verdict', align: 'left', width: 44 },
    ],
    rows: results.map((result) => [result.id, result.claim, verdictOf(result)]),
    reading:
      'S1–S19: what T. Gleixner’s letter of 9 May 2023 says, in its order. Plain numbers: figures and facts of the kernel series that followed. Each verdict was computed from what was measured in this run.',
  };
}

/** Shows what was measured for each claim, and how to do it again. */
export function measuredExhibit(results: readonly ClaimResult[]): Exhibit {
  return {
    title: 'What was measured',
    columns: [
      { head: 'Claim', align: 'left' },
      { head: 'Measured', align: 'left', width: 60 },
      { head: 'Source', align: 'left', width: 30 },
      { head: 'This one alone', align: 'left' },
    ],
    rows: results.map(({ id, text, source, command }) => [id, text, source, command]),
    reading: 'Counts are exact. Times marked (model) come from the machine model, others from stated rates.',
  };
}
