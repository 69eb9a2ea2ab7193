// Says in words why process numbers cannot be restored, and what can be done.
import type { Reason, ReasonCode } from '../reason.ts';
import { MOST_NAMED } from '../reason.ts';
import type { Conditions } from '../space.ts';
import type { TakenNumber } from '../target.ts';
import type { Collision } from './collisions.ts';
import { PID_MAX_LIMIT } from './process-numbers.ts';
import type { Fork, RestoreTree, TreeFault } from './restore-tree.ts';
import type { TreeIds } from './task-ids.ts';

const OWN_NAMESPACE = 'run CRIU in a fresh PID namespace (unshare --pid --fork --mount-proc criu restore …)';
const FIND_OUT =
  'list the PIDs, threads, groups and sessions of all processes on the target (`idspace probe --facts` does), and give them with --on';

/** What cannot be put together whatever the target. */
export function treeReason({ code, ids, text, words }: TreeFault): Reason {
  const remedy = {
    'no-parent': 'dump again: the tree in this checkpoint is damaged',
    'two-sessions': 'dump from further up, with the session leader in the tree',
    'no-session-leader': 'dump from further up, with the session leader in the tree',
    'shell-job-number': 'run CRIU from another shell, whose session has another number (setsid)',
  }[code];
  return { space: 'pids', code, outcome: 'fails', ids, text, words, remedy };
}

/**
 * Groups whose number a process of the checkpoint has that is in another group. CRIU makes no helper for them, and lets their members wait for that process to
 * lead the group, which it never does.
 *
 * Source: criu/pstree.c, criu/cr-restore.c (restore_pgid), v4.2.
 */
export function leaderlessReasons({ forks }: RestoreTree): Reason[] {
  const byPid = new Map(forks.map((fork) => [fork.pid, fork]));
  const members = new Map<Fork, { lowest: number; count: number }>();
  for (const fork of forks) {
    const leader = fork.pgid === fork.pid ? undefined : byPid.get(fork.pgid);
    if (leader === undefined || leader.pgid === leader.pid) continue;
    const { lowest = fork.pid, count = 0 } = members.get(leader) ?? {};
    members.set(leader, { lowest: Math.min(lowest, fork.pid), count: count + 1 });
  }
  return [...members].slice(0, MOST_NAMED).map(([{ pid, pgid }, { lowest, count }]) => {
    const who = count === 1 ? `process ${lowest} is` : `process ${lowest} and ${count - 1} more are`;
    // biome-ignore format: what belongs together stands in a row
    return {
      space: 'pids', code: 'group-leader-left', outcome: 'hangs', ids: [pid],
      text: `${who} in the group ${pid}, which process ${pid} has left for the group ${pgid}`,
      words: null,
      remedy: `before the dump, let process ${pid} lead its group again, or let the others join another group (setpgid)`,
    };
  });
}

/** What depends on the target and is not known of it. */
export function missingTarget(
  root: Fork,
  namespace: TreeIds['namespace'],
  { target }: Conditions,
  limit: number | undefined,
): Reason[] {
  const reasons: Reason[] = [];
  const add = (code: ReasonCode, text: string, remedy = FIND_OUT): void => {
    reasons.push({ space: 'pids', code, outcome: 'depends', ids: [], text, words: null, remedy });
  };
  if (namespace === 'own') {
    if (root.pid !== 1) reasons.push(withoutInit(root));
  } else if (target.taken === undefined) {
    const where =
      namespace === 'shared' ? '' : ' (unless the checkpoint has a PID namespace of its own: its images do not say)';
    add('numbers-unknown', `which process numbers are in use on the target is not known${where}`);
  }
  if (limit === undefined)
    add('pid-max-unknown', "the target's kernel.pid_max is not known", 'read /proc/sys/kernel/pid_max there');
  if (root.sid !== root.pid && target.shellJob !== true && namespace !== 'own') {
    const text = `the root process ${root.pid} leads no session, so it depends on --shell-job, and on the session of CRIU then`;
    add('shell-job-unknown', text, 'say "shellJob": true and "criuSid" in the target, and call CRIU with --shell-job');
  }
  return reasons;
}

function withoutInit({ pid }: Fork): Reason {
  // biome-ignore format: what belongs together stands in a row
  return {
    space: 'pids', code: 'namespace-without-init', outcome: 'fails', ids: [pid],
    text: `the checkpoint has a PID namespace of its own, whose first process must be 1 and is ${pid}`,
    words: `First PID in a PID namespace needs to be ${pid} and not 1`,
    remedy: 'dump the tree from the init of its PID namespace',
  };
}

/** One reason for each number that CRIU does not get, up to 16 of each kind, and one for the rest. */
export function pidReasons(
  found: readonly Collision[],
  tree: RestoreTree,
  conditions: Conditions,
  limit: number | undefined,
): Reason[] {
  const reasons: Reason[] = [];
  const counts = new Map<ReasonCode, number>();
  const remedies = remediesOf(tree, conditions);
  for (const collision of found) {
    const code = codeOf(collision);
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count > MOST_NAMED) continue;
    const text = textOf(collision, limit);
    const remedy = remedies(code, collision.holder);
    reasons.push({
      space: 'pids',
      code,
      outcome: 'fails',
      ids: [collision.number],
      text,
      words: wordsOf(collision),
      remedy,
    });
  }
  for (const [code, count] of counts) {
    if (count <= MOST_NAMED) continue;
    const text = `and ${count - MOST_NAMED} more for the same reason`;
    reasons.push({
      space: 'pids',
      code,
      outcome: 'fails',
      ids: [],
      text,
      words: null,
      remedy: remedies(code, undefined),
    });
  }
  return reasons;
}

function codeOf({ fork, isThread, why, holder }: Collision): ReasonCode {
  if (why === 'limit') return isThread ? 'tid-limit' : 'pid-limit';
  if (holder === 'criu') return 'criu-in-the-way';
  if (isThread) return 'tid-taken';
  return fork.as === 'task' ? 'pid-taken' : 'helper-taken';
}

function wordsOf({ number, isThread, why, got }: Collision): string {
  if (got !== undefined)
    return isThread ? `Unable to create a thread: ${got}` : `Pid ${got} do not match expected ${number}`;
  if (isThread) return `Unable to create a thread: ${why === 'taken' ? -17 : -22}`;
  return `Can't fork for ${number}: ${why === 'taken' ? 'File exists' : 'Invalid argument'}`;
}

const HELPS: Readonly<Record<Exclude<Fork['as'], 'task'>, string>> = {
  session: 'which CRIU needs for a helper in place of the dead leader of that session,',
  group: 'which CRIU needs for a helper in place of the dead leader of that group,',
  'made-up': 'which is nowhere in the checkpoint and which CRIU makes up for a helper,',
};

function textOf({ number, fork, isThread, why, holder }: Collision, limit: number | undefined): string {
  const what = isThread ? `TID ${number} of process ${fork.pid}` : `PID ${number}`;
  const helps = isThread || fork.as === 'task' ? '' : `, ${HELPS[fork.as]}`;
  if (why === 'limit') return `${what}${helps} is not below kernel.pid_max, ${limit} when it is made`;
  if (holder === 'criu') return `${what}${helps} is in use by CRIU itself or as its session`;
  return `${what}${helps} is ${holderText(number, holder!)}`;
}

/** "held by postgres (pid 5003) on the target" */
function holderText(number: number, holder: TakenNumber): string {
  const { as, command, pid } = holder;
  if (isOfKernel(holder)) return `held by ${command ?? 'a thread'}, a thread of the kernel of the target`;
  if (isInit(holder)) return `held by ${command ?? 'the init'}, the first process of the target`;
  const named =
    command === undefined
      ? `a process${pid === undefined ? '' : ` (pid ${pid})`}`
      : `${command}${pid === undefined ? '' : ` (pid ${pid})`}`;
  switch (as) {
    case 'pid':
      return `held by ${command ?? 'a process'} (pid ${pid ?? number}) on the target`;
    case 'zombie':
      return `held by a zombie${command === undefined ? '' : ` of ${command}`} on the target until its parent waits for it`;
    case 'tid':
      return `held by a thread of ${command === undefined && pid === undefined ? 'another process' : named} on the target`;
    default:
      return `still in use on the target as the ${as === 'pgid' ? 'process group' : 'session'} of ${named}, though no process has it`;
  }
}

/** Ways out, by code and holder; worked out once. */
function remediesOf(
  { forks, highest }: RestoreTree,
  { target }: Conditions,
): (code: ReasonCode, holder: Collision['holder']) => string {
  let top = highest;
  for (const { pid, threads } of forks) {
    top = Math.max(top, pid);
    for (let index = 1; index < threads.length; index++) top = Math.max(top, threads[index]!);
  }
  const floor = `, or keep others out of the range: write ${top} to /proc/sys/kernel/ns_last_pid before they start, so that their numbers begin above`;
  const raise =
    top < PID_MAX_LIMIT
      ? `set kernel.pid_max to ${top + 1} or more before the restore`
      : `dump again: the checkpoint is damaged, as no kernel gives numbers from ${PID_MAX_LIMIT} on`;
  return (code, holder) => {
    switch (code) {
      case 'criu-in-the-way':
        return `start CRIU again for another number: write ${top} to /proc/sys/kernel/ns_last_pid first${target.shellJob === true ? '' : `, or ${OWN_NAMESPACE}`}`;
      case 'pid-limit':
      case 'tid-limit':
        return raise;
      default:
        if (typeof holder !== 'object') return `end what holds it, ${OWN_NAMESPACE}${floor}`;
        // Neither ends before the machine does, and both have started before anything could be kept out.
        if (isOfKernel(holder) || isInit(holder))
          return `it cannot be ended: ${OWN_NAMESPACE}, or restore on another machine`;
        return `${endingOf(holder)}, ${OWN_NAMESPACE}${floor}`;
    }
  };
}

/** How a number becomes free. */
function endingOf({ as }: TakenNumber): string {
  switch (as) {
    case 'zombie':
      return 'end its parent, which does not wait for it';
    case 'tid':
      return 'end the process of that thread';
    case 'pgid':
      return 'end all processes of that group';
    case 'sid':
      return 'end all processes of that session';
    default:
      return 'end what holds it';
  }
}

/** Names that the kernel gives its threads, and no process that one would restore beside: 'kworker/0:1', 'ksoftirqd/3', 'kthreadd' as 2. */
const KERNEL_NAME = /^(?:kworker|ksoftirqd|migration|cpuhp|idle_inject|irq|jbd2|rcuo[a-z]*|rcuc)\//;

function isOfKernel({ number, command = '', kernelThread }: TakenNumber): boolean {
  if (kernelThread !== undefined) return kernelThread;
  return KERNEL_NAME.test(command) || (number === 2 && command === 'kthreadd');
}

/** The first process of a PID namespace takes all others with it. */
function isInit({ number, as }: TakenNumber): boolean {
  return number === 1 && as === 'pid';
}
