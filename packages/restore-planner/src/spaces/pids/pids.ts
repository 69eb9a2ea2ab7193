// Process, thread, group and session numbers: all must be free, and most can be asked for.
// Source: criu/pstree.c, criu/cr-restore.c, criu/pie/restorer.c, v4.2; recorded restores.
import { isBefore } from '../../version.ts';
import type { Conditions, Space, SpacePlan } from '../space.ts';
import { worstOf } from '../space.ts';
import { SECONDS_PER_FORK } from './about.ts';
import { collisions } from './collisions.ts';
import { PID_MAX_LIMIT } from './process-numbers.ts';
import { leaderlessReasons, missingTarget, pidReasons, treeReason } from './reasons.ts';
import { type Fork, type RestoreTree, restoreTree, type Shell } from './restore-tree.ts';
import type { TreeIds } from './task-ids.ts';

/** Plans PIDs, TIDs, groups and sessions. */
export const PIDS: Space<TreeIds> = {
  name: 'pids',
  ids: 'PIDs, TIDs, groups, sessions',
  reads: ['pstree.img', 'ids-PID.img', 'inventory.img'],
  dependsOn: ['taken', 'pidMax', 'pidMaxWhereCriuRuns', 'criuPid', 'criuSid', 'shellJob', 'cannotAsk'],
  plan,
};

function plan(ids: TreeIds, conditions: Conditions): SpacePlan {
  const tree = treeOf(ids, conditions);
  if ('code' in tree) return { ...EMPTY, outcome: 'fails', reasons: [treeReason(tree)] };
  const { namespace } = ids;
  const { root, forks } = tree;
  const helpers = forks.filter(({ as }) => as !== 'task');
  const threads = forks.reduce((sum, fork) => sum + otherThreads(fork).length, 0);
  const calls = forks.length + threads;
  const counts = { asks: calls, creates: calls, deletes: helpers.length, seconds: calls * SECONDS_PER_FORK };
  const { limit, raisedTo } = limitFor(tree, namespace, conditions);
  const reasons = [
    ...missingTarget(root, namespace, conditions, limit),
    ...leaderlessReasons(tree),
    ...pidReasons(collisions(tree, namespace, conditions, limit ?? PID_MAX_LIMIT), tree, conditions, limit),
  ];
  const left = leftBehind(tree, namespace, raisedTo);
  return { ...EMPTY, ...counts, outcome: worstOf(reasons), reasons, left };
}

// biome-ignore format: what belongs together stands in a row
const EMPTY: SpacePlan = {
  space: 'pids', outcome: 'ok', asks: 0, creates: 0, deletes: 0, seconds: 0, left: [], reasons: [],
};

/** Threads of a process beside the leader. */
export function otherThreads({ threads }: Fork): readonly number[] {
  return threads.slice(1);
}

/** The tree that CRIU forks, or what makes it give up before. */
export function treeOf(ids: TreeIds, conditions: Conditions): ReturnType<typeof restoreTree> {
  return restoreTree(ids.tasks, shellOf(ids, conditions));
}

function shellOf({ tasks }: TreeIds, { target }: Conditions): Shell | null {
  const [root] = tasks;
  if (target.shellJob !== true || target.criuSid === undefined || root!.sid === root!.pid) return null;
  return { sid: target.criuSid, pgid: target.criuSid };
}

/**
 * pid_max while the processes are made.
 *
 * @returns `limit` undefined if it is not known; `raisedTo` what CRIU sets pid_max of its own namespace to.
 */
export function limitFor(
  { highest }: RestoreTree,
  namespace: TreeIds['namespace'],
  { kernel, criu, target }: Conditions,
): { limit: number | undefined; raisedTo: number | undefined } {
  const isPerNamespace = kernel === null || !isBefore(kernel, [6, 14]);
  const raises = criu === null || !isBefore(criu, [2, 5]);
  const criuLimit = target.pidMaxWhereCriuRuns ?? target.pidMax;
  const raisedTo = raises && criuLimit !== undefined && highest > criuLimit ? highest + 1 : undefined;
  if (namespace === 'own' && isPerNamespace) return { limit: PID_MAX_LIMIT, raisedTo };
  const limit = namespace === 'own' ? criuLimit : (target.pidMax ?? criuLimit);
  return { limit: raisedTo === undefined ? limit : Math.max(raisedTo, limit ?? 0), raisedTo };
}

function leftBehind(tree: RestoreTree, namespace: TreeIds['namespace'], raisedTo: number | undefined): string[] {
  const left: string[] = [];
  if (raisedTo !== undefined) left.push(`the kernel.pid_max where CRIU runs is raised to ${raisedTo} and stays there`);
  const [first, ...more] = tree.adopted;
  if (first !== undefined && namespace !== 'own') {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    left.push(`process ${first.pid}${others}, whose session leader is dead, comes back as a child of init`);
  }
  return left;
}
