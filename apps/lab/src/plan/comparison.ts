// Several plans of one checkpoint, one row each.
import { decisiveReason, KERNEL_KINDS, type RestorePlan } from '@idspace/restore-planner';
import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { isProposed, restorerName } from '../format/kernel-name.ts';
import { duration, timesFewer } from '../format/number.ts';
import { outcomeMark } from '../format/outcome-mark.ts';
import { listed } from '../format/sentence.ts';
import { TODAY } from './compare.ts';
import { outcomeCell } from './outcome-cell.ts';
import { rateText, shownCost, shownTime } from './plan-cost.ts';
import { WHOLE_RESTORES } from './real-restores.ts';

/** The first releases that let a process ask for an ID, and the first CRIU that does. */
export const CURE = 'CRIU ≥ 4.2 on Linux ≥ 6.15';

/** Shows plans of one checkpoint side by side, counts summed over its processes. */
export function comparisonExhibit(title: string, plans: readonly RestorePlan[]): Exhibit {
  return {
    title,
    ...tableOf(plans, [
      { head: 'CRIU', align: 'left', isKey: true, cell: ({ criu }) => criu },
      { head: 'Kernel', align: 'left', isKey: true, cell: ({ kernel }) => kernel },
      { head: 'Outcome', align: 'left', mark: outcomeMark, cell: outcomeCell },
      { head: 'Creates', cell: ({ totals }) => shownCost(totals).creates },
      { head: 'Deletes', cell: ({ totals }) => shownCost(totals).deletes },
      { head: 'Time', cell: ({ totals }) => shownTime(totals) },
      { head: 'CRIU says', align: 'left', width: 46, cell: said },
    ]),
    reading: [whoAsks(plans), proposals(plans), rates(plans), cure(plans)].filter(Boolean).join(' '),
  };
}

const ASKING = ['restore-ids', 'create-at-id', 'cursor'];

/** Which of the pairs ask for IDs, what those do that cannot, and which CRIU does not start. */
function whoAsks(plans: readonly RestorePlan[]): string {
  const by = (...strategies: string[]): RestorePlan[] =>
    plans.filter(({ processes }) => processes.some(({ strategy }) => strategies.includes(strategy)));
  const [asking, dancing, idle] = [by(...ASKING), by('dance', 'fill'), plans.filter((plan) => !starts(plan))];
  const how = `create and delete timers until the ID comes${by('fill').length > 0 ? ', or create all below it' : ''}`;
  const others = plans.length - asking.length - dancing.length - idle.length; // give up before they create a timer
  const but =
    idle.length === 0 ? '' : `, except for ${pairsOf(idle)}, which ${idle.length > 1 ? 'do' : 'does'} not start`;
  const tries = dancing.every(({ outcome }) => outcome === 'ok' || outcome === 'depends') ? '' : 'try to ';
  const they = `${tries}${how}${others > 0 ? ' where they come so far' : ''}${but}.`;
  if (asking.length === 0 && dancing.length > 0) return `In all of these the ID cannot be asked for: they ${they}`;
  if (dancing.length > 0) return `${pairsOf(asking)} asks for each ID; the others ${they}`;
  const asks =
    asking.length === 0 ? '' : asking.length === plans.length ? IN_ALL : `${pairsOf(asking)} asks for each ID.`;
  return [asks, idle.length === 0 ? '' : `${pairsOf(idle)} does not start.`].filter(Boolean).join(' ');
}

const IN_ALL = 'In all of these each ID is asked for.';

/** 'CRIU 4.2 on 6.18 and xarray, CRIU 4.1 on 6.1' */
function pairsOf(plans: readonly RestorePlan[]): string {
  const kernelsOf = new Map<string, string[]>();
  for (const { criu, kernel } of plans) kernelsOf.set(criu, [...(kernelsOf.get(criu) ?? []), kernel]);
  return [...kernelsOf].map(([criu, kernels]) => `${restorerName(criu)} on ${listed(kernels)}`).join(', ');
}

function starts({ processes }: RestorePlan): boolean {
  return !processes.some(({ warnings }) => warnings.some(({ code }) => code === 'no-start'));
}

/** What the kernels without a number are. */
function proposals(plans: readonly RestorePlan[]): string {
  const names = [...new Set(plans.map(({ kernel }) => kernel).filter(isProposed))];
  if (names.length === 0) return '';
  const quoted = listed(names.map((name) => `'${name}'`));
  const [are, hand, were] =
    names.length > 1 ? ['are proposed kernels', 'hand', 'were'] : ['is a proposed kernel', 'hands', 'was'];
  return `${quoted} ${are} that ${names.every(givesLowest) ? `${hand} out the lowest free ID` : `${were} never merged`}.`;
}

function givesLowest(kernel: string): boolean {
  return KERNEL_KINDS.some((kind) => kind.kernel === kernel && kind.nextId.startsWith('lowest free'));
}

/** What the times are made of. */
function rates([plan]: readonly RestorePlan[]): string {
  return plan === undefined
    ? ''
    : `Times: ${rateText(plan)}, whatever the kernel; they and the counts are those of the timers.`;
}

/** The pair of today, where it was planned beside others. */
function cure(plans: readonly RestorePlan[]): string {
  const today = plans.find(({ kernel, criu }) => kernel === TODAY.kernel && criu === TODAY.criu);
  if (today === undefined || today.outcome !== 'ok' || plans.length === 1) return '';
  const slow = plans.reduce((so, plan) => (slowness(plan) > slowness(so) ? plan : so));
  const less =
    slowness(slow) > 2 * today.totals.seconds
      ? `: ${timesFewer(today.totals.seconds, slowness(slow), 'less time')} than by the dance`
      : '';
  return `The calls for IDs take ${duration(today.totals.seconds)} with ${CURE}${less}.${less === '' ? '' : ` ${WHOLE_RESTORES}`}`;
}

/** Seconds of a restore of the timers that works. */
function slowness({ totals }: RestorePlan): number {
  return totals.outcome === 'ok' && totals.deletes > 0 ? totals.seconds : 0;
}

/** The first line that CRIU prints. */
function said(plan: RestorePlan): string {
  if (!starts(plan)) return '(it does not start)';
  const reason = decisiveReason(plan);
  if (reason !== undefined && reason.space !== 'timers') return reason.words?.split('\n')[0] ?? '';
  return plan.processes.find(({ error }) => error !== null)?.error?.split('\n')[0] ?? '';
}
