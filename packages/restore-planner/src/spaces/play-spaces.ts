// Plays the restore of a checkpoint's IDs, beside timers, call by call on a stage, and compares what comes with the plan.
import { checkKeys } from '../check-keys.ts';
import { errnoName } from '../errno.ts';
import type { Outcome } from '../outcome.ts';
import type { StopSignal } from '../stop-signal.ts';
import { parseVersion } from '../version.ts';
import { playAio } from './aio/play-aio.ts';
import { type CheckpointIds, isNotRead } from './checkpoint-ids.ts';
import type { IdStage, Unavailable } from './id-calls.ts';
import { canAskForWatches } from './inotify/inotify.ts';
import { playInotify } from './inotify/play-inotify.ts';
import { canAsk } from './pids/collisions.ts';
import { limitFor, otherThreads, treeOf } from './pids/pids.ts';
import { playPids } from './pids/play-pids.ts';
import type { RestoreTree } from './pids/restore-tree.ts';
import { type Missed, Playing } from './playing.ts';
import { playPty } from './pty/play-pty.ts';
import { terminalsToOpen } from './pty/pty.ts';
import type { Conditions, Space, SpacePlan } from './space.ts';
import type { SpaceName } from './space-name.ts';
import { playSysv } from './sysv/play-sysv.ts';
import { SYSV_KINDS } from './sysv/sysv-ids.ts';
import type { Target } from './target.ts';
import { restorerOf } from './timers/criu/restorer-of.ts';
import { doesStart } from './timers/criu/stop.ts';
import { kernelPolicy } from './timers/kernel-policy.ts';
import { SPACES } from './verdict.ts';

/** What came of playing one space. */
export interface SpaceReport {
  space: Exclude<SpaceName, 'timers'>;
  /** In a checkpoint of several containers: the name of its own. */
  container?: string;
  /** What the plan says of the stage. */
  outcome: Outcome;
  /** IDs that the checkpoint has, with those of helpers that CRIU makes; and how many of them came as wanted. */
  ids: number;
  restored: number;
  /** As in the space's plan, as far as they were made. */
  asks: number;
  creates: number;
  deletes: number;
  /** 'as-planned': also where the plan says that an ID does not come, and it did not. 'not-played': `unverified` says why. */
  ending: 'as-planned' | 'differs' | 'stopped' | 'not-played';
  /** The first ID that did not come, or the call that was refused, in words; null if all came. */
  missed: string | null;
  /** What is not as planned, in words; null if nothing is. */
  difference: string | null;
  /** What the plan says and was not looked at, in sentences. */
  unverified: string[];
  seconds: number;
}

/** What is played, and for how long. */
export interface PlayOptions {
  /** As for planRestore. */
  kernel: string;
  criu: string;
  /** What the stage is like: as much as the outcome depends on. */
  target: Target;
  signal: StopSignal;
}

const KEYS: readonly string[] = ['kernel', 'criu', 'target', 'signal'] satisfies (keyof PlayOptions)[];

/**
 * Makes the calls by which CRIU gets the IDs of a checkpoint, and compares what comes with the plan, ID by ID.
 *
 * @param ids Of one container. Spaces whose images were not read are left out.
 * @param stage Fresh; what is made on it stays there.
 * @returns A report for each space that the checkpoint has IDs of; `not-played` for all where this CRIU does not start on this kernel.
 * @throws RangeError for an option that there is not, an unknown kernel or CRIU.
 * Cost: a call for each ID; where IDs cannot be asked for, as many as their values say, until the signal stops it.
 */
export async function playSpaces(ids: CheckpointIds, options: PlayOptions, stage: IdStage): Promise<SpaceReport[]> {
  checkKeys(options, KEYS);
  const { kernel, criu, target, signal } = options;
  const conditions: Conditions = { kernel: parseVersion(kernel), criu: parseVersion(criu), target };
  const starts = doesStart(restorerOf(criu), kernelPolicy(kernel));
  const reports: SpaceReport[] = [];
  for (const space of SPACES) {
    const name = space.name as SpaceReport['space'];
    const own = ids[name];
    const plan = isNotRead(own) ? undefined : (space as Space<unknown>).plan(own, conditions);
    if (plan === undefined) continue;
    const playing = new Playing(signal);
    const start = performance.now();
    const { count, play: playable } = partOf(name, ids, conditions, stage);
    const play = starts ? playable : `CRIU ${criu} does not start on Linux ${kernel}: it asks for no ID.`;
    if (typeof play === 'string') playing.unverified.push(play);
    else if (!(await playing.isStopped())) await play(playing);
    const isPlayed = typeof play !== 'string';
    reports.push({
      space: name,
      ...(ids.container !== undefined && { container: ids.container }),
      ...reportOf(plan, playing, isPlayed),
      ids: count,
      seconds: (performance.now() - start) / 1000,
    });
  }
  return reports;
}

/** How many IDs there are, and how they are played; a sentence where they cannot be. */
interface Part {
  count: number;
  play: ((playing: Playing) => Promise<void>) | string;
}

function partOf(name: SpaceReport['space'], ids: CheckpointIds, conditions: Conditions, stage: IdStage): Part {
  switch (name) {
    case 'pids':
      return pidsPart(ids.pids as Read<CheckpointIds['pids']>, conditions, stage.pids);
    case 'inotify': {
      const files = ids.inotify as Read<CheckpointIds['inotify']>;
      const asks = canAskForWatches(conditions);
      const count = files.reduce((sum, { wds }) => sum + wds.length, 0);
      return part(count, stage.inotify, (calls, playing) => playInotify(files, calls, playing, asks));
    }
    case 'sysv': {
      const objects = ids.sysv as NonNullable<Read<CheckpointIds['sysv']>>;
      const count = SYSV_KINDS.reduce((sum, kind) => sum + objects.objects[kind].length, 0);
      return part(count, stage.sysv, (calls, playing) => playSysv(objects, calls, playing));
    }
    case 'pty': {
      const instances = terminalsToOpen(ids.pty as Read<CheckpointIds['pty']>, conditions.target);
      return part(instances.flat().length, stage.pty, (calls, playing) => playPty(instances, calls, playing));
    }
    case 'aio': {
      const rings = ids.aio as Read<CheckpointIds['aio']>;
      return part(rings.length, stage.aio, (calls, playing) => playAio(rings, calls, playing));
    }
  }
}

type Read<Ids> = Exclude<Ids, { missing: string }>;

function pidsPart(ids: Read<CheckpointIds['pids']>, conditions: Conditions, calls: IdStage['pids']): Part {
  const tree = treeOf(ids, conditions);
  if ('code' in tree) {
    return {
      count: ids.tasks.length,
      play: `CRIU stops before its first fork (${tree.words ?? tree.text}): there is nothing to play.`,
    };
  }
  const { raisedTo } = limitFor(tree, ids.namespace, conditions);
  const how = { asks: canAsk(conditions), isOwnNamespace: ids.namespace === 'own', raisedTo };
  return part(numbersIn(tree), calls, (calls, playing) => playPids(tree, calls, playing, how));
}

function numbersIn({ forks }: RestoreTree): number {
  return forks.reduce((sum, fork) => sum + 1 + otherThreads(fork).length, 0);
}

function part<Calls extends object>(
  count: number,
  calls: Calls | Unavailable,
  play: (calls: Calls, playing: Playing) => Promise<void>,
): Part {
  return { count, play: 'why' in calls ? calls.why : (playing) => play(calls, playing) };
}

type Played = Omit<SpaceReport, 'space' | 'container' | 'ids' | 'seconds'>;

function reportOf(plan: SpacePlan, playing: Playing, isPlayed: boolean): Played {
  const { asks, creates, deletes, restored, missed, stopped, unverified } = playing;
  const difference = isPlayed && !stopped ? differenceOf(plan, playing) : null;
  const ending = isPlayed ? (stopped ? 'stopped' : difference === null ? 'as-planned' : 'differs') : 'not-played';
  const words = missed === null ? null : plannedMiss(missed);
  return { outcome: plan.outcome, asks, creates, deletes, restored, ending, missed: words, difference, unverified };
}

function differenceOf(plan: SpacePlan, { missed, unverified, ...made }: Playing): string | null {
  const { outcome, reasons, atMost } = plan;
  if (missed !== null) {
    const isForeseen = reasons.some(({ ids, outcome }) => {
      return outcome !== 'exceeds-limit' && (ids.length === 0 || ids.includes(missed.id));
    });
    return isForeseen ? null : missedText(missed);
  }
  if (unverified.length > 0) return null;
  if (outcome === 'fails') return `every ID came, and the plan says: ${reasons[0]!.text}`;
  for (const count of ['asks', 'creates', 'deletes'] as const) {
    if (made[count] === plan[count] || (atMost && count !== 'asks' && made[count] < plan[count])) continue;
    return `${made[count]} ${count}, and the plan says ${plan[count]}`;
  }
  return null;
}

/** Words for what is no surprise. */
function plannedMiss({ call, expected, got }: Missed): string {
  if (got < 0 && expected === 0) return `${call} was refused (${errnoName(got)})`;
  return `${call} gave ${errnoName(got) ?? got} instead of ${expected}`;
}

function missedText({ call, expected, got }: Missed): string {
  return `${call} gave ${errnoName(got) ?? got}, expected ${expected}`;
}
