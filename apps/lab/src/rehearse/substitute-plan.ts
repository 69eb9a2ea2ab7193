// A plan as it can be played in the middle of a JavaScript runtime: no timer sends a signal, nobody of the checkpoint is needed.
import { type CheckpointTimer, clockName, type ProcessPlan, type WarningCode } from '@idspace/restore-planner';
import { ownClock } from '../emit/substitute.ts';
import { count, counted } from '../text/number.ts';
import type { Substitution } from './rehearsal.ts';

/** One more than the highest process or thread ID there is: nobody's. */
const NOBODY = 4_194_305;
const KIND_BITS = 3;
const KIND = 7;

/** Replaces what would hit the runtime, or needs the checkpoint's processes; what the plan says is refused stays something that is. */
export function substitutePlan(plan: ProcessPlan): { plan: ProcessPlan; substitutions: Substitution[] } {
  const concerned = (code: WarningCode): ReadonlySet<number> =>
    new Set(plan.warnings.find((warning) => warning.code === code)?.ids);
  const deadClocks = concerned('dead-cpu-clock');
  const deadThreads = concerned('dead-notify-thread');
  const timers = plan.timers.map((timer): CheckpointTimer => {
    const { id, clock } = timer;
    const isDead = deadClocks.has(id);
    const own = isDead ? (~NOBODY << KIND_BITS) | (clock & KIND) : ownClock(clock);
    const bare = { ...timer, clock: own, clockName: clockName(own) };
    if (deadThreads.has(id)) return { ...bare, notify: 'thread-id', notifyThreadId: NOBODY };
    return { ...bare, notify: 'none' };
  });
  const changed = (of: (before: CheckpointTimer, after: CheckpointTimer) => boolean): number[] =>
    plan.timers.flatMap((timer, index) => (of(timer, timers[index]!) ? [timer.id] : []));
  const silent = changed((before, after) => before.notify !== after.notify);
  const clocks = changed((before, after) => before.clock !== after.clock && !deadClocks.has(before.id));
  const substitutions = [
    {
      ids: silent,
      text: `SIGEV_NONE for ${counted(silent.length, 'timer')} that send${silent.length === 1 ? 's' : ''} signals: they would hit the runtime`,
    },
    { ids: clocks, text: `the CPU clock of this process or thread for ${named(clocks)}, whose own are not here` },
  ];
  return { plan: { ...plan, timers }, substitutions: substitutions.filter(({ ids }) => ids.length > 0) };
}

function named(ids: readonly number[]): string {
  const some = ids.slice(0, 3).map(count).join(', ');
  return `timer${ids.length === 1 ? '' : 's'} ${some}${ids.length > 3 ? ' …' : ''}`;
}
