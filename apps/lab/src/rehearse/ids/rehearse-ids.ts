// Rehearses the IDs of a checkpoint beside its timers: on models, or in namespaces of their own on the running kernel.

import { modelIds } from '@idspace/kernel-ids';
import { type ChildOptions, runInChild } from '@idspace/live-kernel';
import {
  type Checkpoint,
  type CheckpointIds,
  planRestore,
  playSpaces,
  type SpaceReport,
  type Target,
} from '@idspace/restore-planner';
import { moduleUrl } from '../../installed.ts';
import { INT_MAX } from '../../int-max.ts';
import { factsHere } from '../../plan/facts-here.ts';
import { unlessStopped } from '../unless-stopped.ts';
import { type SpaceRehearsal, spaceRehearsal } from './id-rehearsal.ts';
import type { LiveIdsPart, rehearseIdsLive } from './rehearse-ids-live.ts';

const REHEARSE = { module: moduleUrl('rehearse/ids/rehearse-ids-live').href, name: 'rehearseIdsLive' };
const PID_MAX = 2 ** 22; // of a new PID namespace since Linux 6.14

/** What is rehearsed, and how. */
export interface IdsOptions {
  kernel: string;
  criu: string;
  deprecated: boolean;
  signal: AbortSignal;
  /** This machine, for a rehearsal on it: looked at now if absent. */
  target?: Target;
}

/** A machine on which nothing is in the way. */
const FREE: Target = {
  taken: [],
  pidMax: PID_MAX,
  ptysTaken: [],
  ipcmniExtend: false,
  possibleCpus: 1,
  aioNr: 0,
  aioMaxNr: INT_MAX,
};

/**
 * Plays them on models.
 *
 * @param target What the models have already; what is unknown of it is taken to be free, and told as assumed.
 */
export async function rehearseIdsOnModel(
  checkpoint: Checkpoint,
  target: Target | undefined,
  options: IdsOptions,
): Promise<SpaceRehearsal[]> {
  const { ids = [] } = checkpoint;
  // Models have no limits on watches: where those of the target are too low, that is in the way, and not seen.
  const { maxUserWatches: _, maxUserInstances: __, userWatches: ___, ...known } = { ...FREE, ...target };
  const there = withFirst(known);
  const { kernel, criu, signal } = options;
  const reports: SpaceReport[] = [];
  for (const one of ids) {
    const stage = modelIds(there, isOwnNamespace(one));
    reports.push(...(await playSpaces(one, { kernel, criu, target: there, signal }, stage)));
  }
  return judged(checkpoint, reports, target, options);
}

/** Every PID namespace has a process 1, also where a target does not say so. */
function withFirst({ taken = [], ...target }: Target): Target {
  const isSaid = taken.some(({ number }) => number === 1);
  return { ...target, taken: isSaid ? taken : [...taken, { number: 1, as: 'pid' }] };
}

/** Plays them on the running kernel, each container in namespaces of its own, and looks at what is in use on this machine. */
export async function rehearseIdsOnLive(
  checkpoint: Checkpoint,
  options: IdsOptions,
  child: Pick<ChildOptions<never>, 'execArgv'> = {},
): Promise<SpaceRehearsal[]> {
  const { ids = [] } = checkpoint;
  if (ids.length === 0) return [];
  const { signal, kernel, criu, target = factsHere().target } = options;
  const input = { ids, kernel, criu, target: inNamespaces(target) };
  const played = signal.aborted
    ? null
    : await unlessStopped(runInChild<typeof rehearseIdsLive>(REHEARSE, input, { signal, ...child }), signal);
  const reports = played ?? (await stoppedReports(input, signal));
  return judged(checkpoint, reports, target, options);
}

/** What comes of a rehearsal that has been stopped before it began. */
async function stoppedReports({ ids, ...options }: LiveIdsPart, signal: AbortSignal): Promise<SpaceReport[]> {
  const reports: SpaceReport[] = [];
  for (const one of ids) {
    const stage = modelIds(options.target, isOwnNamespace(one));
    reports.push(...(await playSpaces(one, { ...options, signal }, stage)));
  }
  return reports;
}

/** This machine, seen from namespaces of one's own. */
function inNamespaces({ taken: _, ptysTaken: __, lastPid: ___, pidMax, ...machine }: Target): Target {
  const fresh = machine.kernel === undefined || !/^([1-5]\.|6\.(\d|1[0-3])(\D|$))/.test(machine.kernel);
  const limit = fresh ? PID_MAX : pidMax;
  return {
    ...machine,
    taken: [{ number: 1, as: 'pid', command: 'the first process of the rehearsal' }],
    ptysTaken: [],
    ...(limit !== undefined && { pidMax: limit, pidMaxWhereCriuRuns: limit }),
  };
}

function isOwnNamespace({ pids }: CheckpointIds): boolean {
  return 'namespace' in pids && pids.namespace === 'own';
}

function judged(
  checkpoint: Checkpoint,
  reports: readonly SpaceReport[],
  target: Target | undefined,
  { kernel, criu, deprecated }: IdsOptions,
): SpaceRehearsal[] {
  const { reasons } = planRestore(checkpoint, { kernel, criu, deprecated, ...(target !== undefined && { target }) });
  return reports.map((report) => spaceRehearsal(report, reasons));
}
