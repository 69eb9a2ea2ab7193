// What is said of a lane, while it runs and at its end.
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner/plan';
import { count, counted, duration } from '../shell/number.ts';
import type { LaneRun } from './lane-run.ts';

/** The rates behind every time of a kernel on the page. */
export const RATES: string = `${count(NS_PER_PAIR)}\u00a0ns for each create with its delete, ${count(NS_PER_RESTORE)}\u00a0ns for a create that stays; CPU time, measured on Linux\u00a06.18.44`;

/** One sentence on where a lane is. @param limit Timers that the user may have. */
export function laneSentence(run: LaneRun, limit: number): string {
  const { end, plan, last } = run;
  const timers = plan.timers.length;
  switch (end) {
    case null:
      return run.creates === 0 ? 'Not started.' : `Still looking for ID ${count(nextWanted(run))}.`;
    case 'restored':
      return timers === 1
        ? 'The timer is back under its old ID.'
        : `${count(timers)} timers are back under their old IDs.`;
    case 'limit':
      return `Failed: the user may have ${counted(limit, 'timer')}, and the kernel refuses one more. The checkpoint is not restored.`;
    case 'hangs':
      return `Hangs: the kernel gives ID ${count(last ?? 0)} again and again, and the restorer never stops. The checkpoint is not restored.`;
    case 'fails':
      return `Failed: ${plan.error ?? 'the restorer gives up'}. The checkpoint is not restored.`;
    default:
      return 'The model did not answer as planned. This is a bug of this page.';
  }
}

/** What the kernel takes in all, as far as that has an end. */
export function kernelSentence({ plan }: LaneRun): string {
  if (plan.outcome === 'hangs') return 'never ends';
  return plan.outcome === 'ok' ? duration(plan.seconds) : `fails after ${duration(plan.seconds)}`;
}

/** Calls from which on the page says how long it still takes: some seconds' worth. */
const MANY_CALLS = 1e7;

/** How long this page still takes, at its rate so far; undefined of a lane that ends soon. */
export function leftSentence({ plan, share, end }: LaneRun, raceSeconds: number): string | undefined {
  if (plan.outcome !== 'ok' || plan.creates < MANY_CALLS) return undefined;
  if (end !== null) return duration(0);
  return raceSeconds < 0.5 ? '…' : duration(Math.round((raceSeconds / share) * (1 - share)));
}

/** The ID that comes after those which are back. */
function nextWanted({ plan, alive }: LaneRun): number {
  return plan.timers[Math.min(alive, plan.timers.length - 1)].id;
}
