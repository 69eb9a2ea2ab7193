// Several plans of one checkpoint, one row each.
import { decisiveSpace, KERNEL_KINDS, type RestorePlan } from '@idspace/restore-planner';
import type { Exhibit } from '../format/exhibit.ts';
import { isProposed, restorerName } from '../format/kernel-name.ts';
import { duration } from '../format/number.ts';
import { TODAY } from './compare.ts';
import { outcomeCell } from './outcome-cell.ts';
import { rateText, shownCost } from './plan-cost.ts';

/** The first releases that let a process ask for an ID, and the first CRIU that does. */
const CURE = 'CRIU ≥ 4.2 on Linux ≥ 6.15';

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
    rows: plans.map((plan) => {
      const { creates, deletes, time } = shownCost(plan.totals);
      return [plan.criu, plan.kernel, outcomeCell(plan), creates, deletes, time, said(plan)];
    }),
    reading: [whoAsks(plans), proposals(plans), rates(plans), cure(plans)].filter(Boolean).join(' '),
  };
}

const ASKING = ['restore-ids', 'create-at-id', 'cursor'];

/** Which of the pairs ask for IDs. */
function whoAsks(plans: readonly RestorePlan[]): string {
  if (plans.every(({ processes }) => processes.every(({ strategy }) => strategy === 'none'))) return '';
  const asking = plans.filter(({ processes }) => processes.some(({ strategy }) => ASKING.includes(strategy)));
  const filling = plans.some(({ processes }) => processes.some(({ strategy }) => strategy === 'fill'));
  const others = `create and delete timers until the ID comes${filling ? ', or create all below it' : ''}`;
  if (asking.length === 0) return `In all of these the ID cannot be asked for: they ${others}.`;
  const kernelsOf = new Map<string, string[]>();
  for (const { criu, kernel } of asking) kernelsOf.set(criu, [...(kernelsOf.get(criu) ?? []), kernel]);
  const pairs = [...kernelsOf].map(([criu, kernels]) => `${restorerName(criu)} on ${kernels.join(' and ')}`);
  if (asking.length === plans.length) return 'In all of these each ID is asked for.';
  return `${pairs.join(', ')} asks for each ID; the others ${others}.`;
}

/** What the kernels without a number are. */
function proposals(plans: readonly RestorePlan[]): string {
  const names = [...new Set(plans.map(({ kernel }) => kernel).filter(isProposed))];
  if (names.length === 0) return '';
  const quoted = names.map((name) => `'${name}'`).join(' and ');
  const [are, hand] = names.length > 1 ? ['are proposed kernels', 'hand'] : ['is a proposed kernel', 'hands'];
  return `${quoted} ${are} that ${names.every(givesLowest) ? `${hand} out the lowest free ID` : 'nobody merged'}.`;
}

function givesLowest(kernel: string): boolean {
  return KERNEL_KINDS.some((kind) => kind.kernel === kernel && kind.nextId.startsWith('lowest free'));
}

/** What the times are made of. */
function rates([plan]: readonly RestorePlan[]): string {
  return plan === undefined ? '' : `Times: ${rateText(plan)}, whatever the kernel.`;
}

/** The pair of today, where it was planned beside others. */
function cure(plans: readonly RestorePlan[]): string {
  const today = plans.find(({ kernel, criu }) => kernel === TODAY.kernel && criu === TODAY.criu);
  if (today === undefined || today.totals.outcome !== 'ok' || plans.length === 1) return '';
  return `Restores in ${duration(today.totals.seconds)} with ${CURE}.`;
}

/** The first line that CRIU prints. */
function said(plan: RestorePlan): string {
  if (plan.processes.some(({ warnings }) => warnings.some(({ code }) => code === 'no-start')))
    return '(it does not start)';
  const space = decisiveSpace(plan);
  if (space !== null && space !== 'timers')
    return plan.reasons.find((one) => one.space === space)?.words?.split('\n')[0] ?? '';
  return plan.processes.find(({ error }) => error !== null)?.error?.split('\n')[0] ?? '';
}
