// A plan as it can be played in the middle of a JavaScript runtime: no timer sends a signal, no process of the checkpoint is needed.
import { type CheckpointTimer, clockName, type ProcessPlan, type WarningCode } from '@idspace/restore-planner';
import { count, counted } from '../format/number.ts';
import { clockOf, ownClock } from '../plan/emit/substitute.ts';
import type { Substitution } from './rehearsal.ts';

/** One more than the highest process or thread ID there is: no process has it. */
const NO_PROCESS = 4_194_305;

/** A plan to be played, and how it differs from the one given. */
export interface Substituted {
  plan: ProcessPlan;
  substitutions: Substitution[];
  /** The timers made without their signal. */
  silenced: CheckpointTimer[];
  /** What can no longer be seen, in sentences. */
  unverified: string[];
}

/** Replaces what would hit the runtime, or needs the checkpoint's processes; what the plan says is refused stays as it is, or becomes something that is refused, too. */
export function substitutePlan(plan: ProcessPlan): Substituted {
  const concerned = (code: WarningCode): ReadonlySet<number> =>
    new Set(plan.warnings.find((warning) => warning.code === code)?.ids);
  const absent = concerned('dead-cpu-clock');
  const isDead = plan.outcome !== 'depends';
  const deadThreads = concerned('dead-notify-thread');
  const refused = new Set([...concerned('bad-signal'), ...concerned('bad-notify')]);
  const timers = plan.timers.map((timer): CheckpointTimer => {
    const { id, clock } = timer;
    const own = isDead && absent.has(id) ? clockOf(NO_PROCESS, clock) : ownClock(clock);
    const bare = { ...timer, clock: own, clockName: clockName(own) };
    if (deadThreads.has(id)) return { ...bare, notify: 'thread-id', notifyThreadId: NO_PROCESS };
    return refused.has(id) ? bare : { ...bare, notify: 'none' };
  });
  const changed = (of: (before: CheckpointTimer, after: CheckpointTimer) => boolean): CheckpointTimer[] =>
    plan.timers.filter((timer, index) => of(timer, timers[index]!));
  const silenced = changed((before, after) => before.notify !== after.notify);
  const clocks = changed((before, after) => before.clock !== after.clock && !(isDead && absent.has(before.id)));
  const strangers = clocks.filter(({ id }) => absent.has(id));
  const substitutions = [
    {
      ids: idsOf(silenced),
      text: `SIGEV_NONE for ${counted(silenced.length, 'timer')} that send${silenced.length === 1 ? 's' : ''} signals: they would hit the runtime`,
    },
    {
      ids: idsOf(clocks),
      text: `the CPU clock of this process or thread for ${named(clocks)}, whose own are not here`,
    },
  ];
  return {
    plan: { ...plan, timers },
    substitutions: substitutions.filter(({ ids }) => ids.length > 0),
    silenced,
    unverified:
      strangers.length === 0 ? [] : [`Whether the CPU clock of ${named(strangers)} exists was not looked at.`],
  };
}

function idsOf(timers: readonly CheckpointTimer[]): number[] {
  return timers.map(({ id }) => id);
}

function named(timers: readonly CheckpointTimer[]): string {
  const some = idsOf(timers).slice(0, 3).map(count).join(', ');
  return `timer${timers.length === 1 ? '' : 's'} ${some}${timers.length > 3 ? ' …' : ''}`;
}
