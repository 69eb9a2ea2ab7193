// One verdict over all ID spaces of a checkpoint.
import { OUTCOMES, type Outcome, worstOutcome } from '../outcome.ts';
import { AIO } from './aio/aio.ts';
import { type CheckpointIds, isNotRead, type NotRead } from './checkpoint-ids.ts';
import { INOTIFY } from './inotify/inotify.ts';
import { PIDS } from './pids/pids.ts';
import { PTY } from './pty/pty.ts';
import type { Reason } from './reason.ts';
import { type Conditions, type Space, type SpacePlan, type SpaceSummary, worstOf } from './space.ts';
import type { SpaceName } from './space-name.ts';
import { SYSV } from './sysv/sysv.ts';

/** How a checkpoint's restore ends, and why. */
export interface Verdict {
  outcome: Outcome;
  /** Those of all spaces; first what decides the outcome. */
  reasons: Reason[];
  /** Those that the checkpoint has IDs of, and those whose images were not there. */
  spaces: SpaceSummary[];
}

/** The spaces beside timers. */
export const SPACES: readonly Space<never>[] = [PIDS, INOTIFY, SYSV, PTY, AIO];

/**
 * Judges all ID spaces together.
 *
 * Where nothing is known of the target, a space that merely depends on it does not touch the outcome: that would be `depends` of nearly every checkpoint. What
 * fails on every target with that kernel and CRIU does. Where something is known, what is missing of it counts. What was not read of the checkpoint has no
 * outcome, with a target or without: `reasons` say so, last. Nor has what an input of timers alone does not show, such as a running process: no summary, but a
 * reason for each space.
 * @param timers Their plan; undefined if there are none.
 * @param ids Absent where the input tells of timers alone, or none was given.
 * @param conditions `target` is undefined if nothing is known of it; `starts` is false if CRIU does not start there, and makes nothing.
 */
export function judge(
  timers: SpacePlan | undefined,
  ids: readonly CheckpointIds[] | undefined,
  { target, starts = true, timersOnly = false, ...versions }: Circumstances,
): Verdict {
  const conditions = { ...versions, target: target ?? {} };
  const planned = SPACES.flatMap((space) => merged((ids ?? []).flatMap((one) => planOf(space, one, conditions))));
  const plans = starts ? planned : planned.map(({ atMost: _, ...plan }) => ({ ...plan, ...NOTHING }));
  const spaces = [...(timers === undefined ? [] : [timers]), ...plans];
  const counted = spaces.filter((plan) => target !== undefined || plan === timers || plan.outcome !== 'depends');
  const unseen = ids === undefined && timersOnly ? SPACES.map(notShown) : [];
  const reasons = [...spaces.flatMap((plan) => plan.reasons), ...unseen];
  const rank = (reason: Reason): number => (isUnread(reason) ? 0 : OUTCOMES.indexOf(reason.outcome));
  return {
    outcome: worstOutcome(counted.map(outcomeAsRead)),
    reasons: reasons.sort((a, b) => rank(b) - rank(a)),
    spaces: spaces.map(({ reasons: _, ...summary }) => summary),
  };
}

interface Circumstances extends Omit<Conditions, 'target'> {
  target: Conditions['target'] | undefined;
  starts?: boolean;
  /** The input shows only timers: nothing is known of the other IDs, which it has all the same. */
  timersOnly?: boolean;
}

const NOTHING = { asks: 0, creates: 0, deletes: 0, seconds: 0 };

/** Of what was read; that of timers may have worse processes than are named in its reasons. */
function outcomeAsRead({ outcome, reasons }: SpacePlan): Outcome {
  return reasons.some(isUnread) ? worstOf(reasons.filter((reason) => !isUnread(reason))) : outcome;
}

function isUnread({ code }: Reason): boolean {
  return code === 'not-read';
}

/** The reason that decides a plan's outcome; undefined if that is ok. */
export function decisiveReason({ outcome, reasons }: Pick<Verdict, 'outcome' | 'reasons'>): Reason | undefined {
  return outcome === 'ok' ? undefined : reasons.find((reason) => reason.outcome === outcome && !isUnread(reason));
}

/** The space that decides a plan's outcome; null if that is ok. */
export function decisiveSpace(plan: Pick<Verdict, 'outcome' | 'reasons'>): SpaceName | null {
  return decisiveReason(plan)?.space ?? null;
}

function planOf(space: Space<never>, ids: CheckpointIds, conditions: Conditions): SpacePlan[] {
  const own = ids[space.name as Exclude<SpaceName, 'timers'>];
  const plan = isNotRead(own) ? notJudged(space, own) : space.plan(own as never, conditions);
  if (plan === undefined) return [];
  if (ids.container === undefined) return [plan];
  const { container } = ids;
  return [{ ...plan, reasons: plan.reasons.map((reason) => ({ ...reason, container })) }];
}

function notJudged({ name, ids }: Space<never>, { missing }: NotRead): SpacePlan {
  // biome-ignore format: what belongs together stands in a row
  const reason: Reason = {
    space: name, code: 'not-read', outcome: 'depends', ids: [], words: null,
    text: `${ids} are not judged: ${missing} is not in the checkpoint`,
    remedy: 'give the whole checkpoint; a dump of CRIU 2 or older has other images, which are not read',
  };
  return { space: name, outcome: 'depends', ...NOTHING, left: [], reasons: [reason] };
}

/** Of an input such as a running process, its listing, or a core image alone. */
function notShown({ name, ids }: Space<never>): Reason {
  // biome-ignore format: what belongs together stands in a row
  return {
    space: name, code: 'not-read', outcome: 'depends', ids: [], words: null,
    text: `${ids} are not judged: the input shows only timers`,
    remedy: 'dump the processes with CRIU, and give the whole checkpoint',
  };
}

/** Sums up the plans of a space for several containers. */
function merged(plans: readonly SpacePlan[]): SpacePlan[] {
  const [first, ...more] = plans;
  if (first === undefined) return [];
  const sum = { ...first, left: [...first.left], reasons: [...first.reasons] };
  for (const plan of more) {
    sum.asks += plan.asks;
    sum.creates += plan.creates;
    sum.deletes += plan.deletes;
    sum.seconds += plan.seconds;
    for (const reason of plan.reasons) sum.reasons.push(reason);
    for (const difference of plan.left) if (!sum.left.includes(difference)) sum.left.push(difference);
    if (plan.atMost) sum.atMost = true;
  }
  return [{ ...sum, outcome: worstOf(plans) }];
}
