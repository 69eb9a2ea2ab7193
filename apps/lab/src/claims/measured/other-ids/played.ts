// Restores of one ID space on the model, for the claims on IDs other than timers.

import { modelIds } from '@idspace/kernel-ids';
import {
  type CheckpointIds,
  planRestore,
  playSpaces,
  type SpaceReport,
  type SpaceSummary,
  type Target,
} from '@idspace/restore-planner';
import { INT_MAX } from '../../../int-max.ts';

const PID = 5001;
const TODAY = { kernel: '6.18', criu: '4.2' };
/** CRIU 3.8 cannot ask for watch descriptors, nor for process numbers; it does not start on 6.18. */
export const BEFORE_ASKING = { kernel: '5.4', criu: '3.8' };
const FREE: Target = { taken: [], pidMax: 2 ** 22, ptysTaken: [], ipcmniExtend: false, possibleCpus: 1, aioNr: 0 };

/** What a restore made, and whether the ID came. */
export interface Played {
  asks: number;
  creates: number;
  deletes: number;
  came: boolean;
  /** The model did as the plan says. */
  asPlanned: boolean;
}

/** The IDs of process 5001, without any but its own. */
export function idsWith(ids: Partial<CheckpointIds>): CheckpointIds {
  const task = { pid: PID, ppid: 0, pgid: PID, sid: PID, threads: [PID] };
  return { pids: { tasks: [task], namespace: 'shared' }, inotify: [], sysv: null, pty: [], aio: [], ...ids };
}

/** Plays one space on the model. */
export async function play(
  space: SpaceReport['space'],
  ids: Partial<CheckpointIds>,
  target: Target = {},
  versions: { kernel: string; criu: string } = TODAY,
): Promise<Played> {
  const there = { ...FREE, aioMaxNr: INT_MAX, ...target };
  const options = { ...versions, target: there, signal: new AbortController().signal };
  const reports = await playSpaces(idsWith(ids), options, modelIds(there, false));
  const { asks, creates, deletes, restored, ids: wanted, ending } = reports.find((one) => one.space === space)!;
  return { asks, creates, deletes, came: restored === wanted, asPlanned: ending === 'as-planned' };
}

/** What the plan says of one space, without playing it. */
export function planned(
  space: SpaceReport['space'],
  ids: Partial<CheckpointIds>,
  versions: { kernel: string; criu: string } = TODAY,
): SpaceSummary {
  const checkpoint = { source: 'claims', format: 'criu-v1.1', processes: [], ids: [idsWith(ids)] } as const;
  const plan = planRestore({ ...checkpoint, processes: [], ids: [...checkpoint.ids] }, { ...versions, target: FREE });
  return plan.spaces.find((one) => one.space === space)!;
}
