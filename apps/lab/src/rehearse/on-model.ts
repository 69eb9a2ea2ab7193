// A rehearsal on the model of a kernel: everybody of the checkpoint is there, under their own process and thread IDs.
import type { Checkpoint, RestorePlan } from '@idspace/restore-planner';
import { Cast } from './cast.ts';
import type { ProcessRehearsal } from './rehearsal.ts';
import { type Played, type RehearseOptions, rehearseProcess } from './rehearse-process.ts';

/** Plays all processes with timers, one after the other; they live until all have been played, as their IDs may be in each other's way (≤ 3.9). */
export async function rehearseOnModel(
  release: string,
  checkpoint: Checkpoint,
  plan: RestorePlan,
  options: RehearseOptions,
): Promise<ProcessRehearsal[]> {
  const cast = new Cast(release, checkpoint);
  const played: Played[] = [];
  for (const [index, process] of plan.processes.entries()) {
    if (process.timers.length === 0) continue;
    const { stage, traits } = cast.at(index);
    const one = await rehearseProcess(process, stage, traits, options);
    played.push(one);
    if (one.rehearsal.ending === 'stopped') break;
    if (process.outcome !== 'ok') {
      one.cleanUp(); // CRIU gives up, and the process ends
      stage.exit();
    }
  }
  for (const { rehearsal, cleanUp } of played) {
    if (!rehearsal.checks.some(({ check }) => check === 'clean-up')) cleanUp();
  }
  return played.map(({ rehearsal }) => rehearsal);
}
