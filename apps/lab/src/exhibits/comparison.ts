// Several plans of one checkpoint, one row each.
import type { RestorePlan } from '@idspace/restore-planner';
import { count, duration } from '../text/number.ts';
import type { Exhibit } from './exhibit.ts';

/** Shows plans of one checkpoint side by side, counts summed over its processes. */
export function comparisonExhibit(title: string, plans: readonly RestorePlan[]): Exhibit {
  return {
    title,
    columns: [
      { head: 'CRIU', align: 'left' },
      { head: 'Kernel', align: 'left' },
      { head: 'Outcome', align: 'left' },
      { head: 'Creates' },
      { head: 'Deletes' },
      { head: 'Time' },
      { head: 'CRIU says', align: 'left', width: 46 },
    ],
    rows: plans.map((plan) => [plan.criu, plan.kernel, plan.totals.outcome, ...comparedCounts(plan), said(plan)]),
    reading:
      "6.18 and xarray let CRIU 4.2 ask for an ID; 6.1 does not. 'dense' and 'xarray' are proposed kernels that hand out the lowest free ID.",
  };
}

/** Creates, deletes and time of a plan; a plan that hangs takes for ever. */
function comparedCounts({ totals }: RestorePlan): [creates: string, deletes: string, time: string] {
  if (totals.outcome === 'hangs') return ['∞', '∞', '∞'];
  return [count(totals.creates), count(totals.deletes), duration(totals.seconds)];
}

/** The first line that CRIU prints. */
function said(plan: RestorePlan): string {
  return plan.processes.find(({ error }) => error !== null)?.error?.split('\n')[0] ?? '';
}
