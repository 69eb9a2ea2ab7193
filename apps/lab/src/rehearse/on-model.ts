// A rehearsal on the model of a kernel: all processes and threads of the checkpoint are there, under their own IDs.
import {
  type Checkpoint,
  type Rehearsed,
  type RestorePlan,
  rehearseProcess,
  type Target,
} from '@idspace/restore-planner';
import { Cast } from './cast.ts';
import { isRehearsed, type ProcessRehearsal, type RunOptions, toldOf } from './rehearsal.ts';

/**
 * Plays all processes with timers, one after the other; they live until all have been played, as their IDs may be in each other's way (≤ 3.9).
 *
 * @param target What is known of the machine that the plan is for.
 */
export async function rehearseOnModel(
  release: string,
  checkpoint: Checkpoint,
  plan: RestorePlan,
  { signal, onProgress }: RunOptions,
  target: Target = {},
): Promise<ProcessRehearsal[]> {
  const cast = new Cast(release, checkpoint, target);
  const played: Rehearsed[] = [];
  for (const [index, process] of plan.processes.entries()) {
    if (!isRehearsed(process)) continue;
    const { stage, traits } = cast.at(index);
    const one = await rehearseProcess(process, stage, { ...traits, signal, onProgress });
    played.push(one);
    if (one.rehearsal.ending === 'stopped') break;
    if (one.rehearsal.restored.length < process.timers.length) {
      one.cleanUp(); // CRIU gives up, and the process ends
      stage.exit();
    }
  }
  for (const { rehearsal, cleanUp } of played) {
    if (!rehearsal.checks.some(({ check }) => check === 'clean-up')) cleanUp();
  }
  const rehearsals = played.map(({ rehearsal }) => toldOf(rehearsal));
  if (plan.outcome === 'exceeds-limit') checkSharedLimit(checkpoint, plan, rehearsals);
  return rehearsals;
}

/** Where all processes together have more timers than the limit allows, one of them must have been refused. */
function checkSharedLimit(checkpoint: Checkpoint, plan: RestorePlan, rehearsals: readonly ProcessRehearsal[]): void {
  const isShared = plan.processes.some(({ warnings }) => warnings.some(({ code }) => code === 'shared-limit'));
  const last = rehearsals.at(-1);
  if (!isShared || last === undefined || last.ending === 'stopped') return;
  if (checkpoint.processes.some(({ container }) => container !== undefined)) {
    last.unverified.push(
      'Each container was played on a model of its own: the limit that they share was not looked at.',
    );
  } else if (rehearsals.every(({ restored, timers }) => restored.length === timers)) {
    last.checks.push({
      check: 'calls',
      ok: false,
      text: 'no create was refused, and the limit does not allow so many',
    });
  }
}
