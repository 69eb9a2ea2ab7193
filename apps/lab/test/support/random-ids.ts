// Random checkpoints of IDs beside timers, such as real processes can have, and random targets for them.
import { PidNamespace } from '@idspace/kernel-ids';
import type { CheckpointIds, Target } from '@idspace/restore-planner';
import type { Random } from '@idspace/testkit';

const INT_MAX = 2 ** 31 - 1;
const SLOTS = 2 ** 15;
const MOST_DANCED = 1000; // a dance to INT_MAX would not end

export interface RandomRestore {
  ids: CheckpointIds;
  target: Target;
  isOwnNamespace: boolean;
}

export function randomRestore(random: Random): RandomRestore {
  const isOwnNamespace = random.chance(0.3);
  const cannotAsk = random.chance(0.3) ? ['clone3-set-tid', 'inotify-next-wd'] : [];
  const ipcmniExtend = random.chance(0.3);
  const tasks = randomTasks(random, isOwnNamespace);
  const pid = (): number => random.pick(tasks).pid;
  const namespace = isOwnNamespace ? 'own' : random.pick(['shared', 'unknown'] as const);
  const ids: CheckpointIds = {
    pids: { tasks, namespace },
    inotify: list(random, 3, (id) => ({ id, wds: list(random, 5, () => wd(random, cannotAsk.length === 0)) })),
    sysv: random.chance(0.2) ? null : objects(random),
    // biome-ignore format: what belongs together stands in a row
    pty: list(random, 4, (fileId) => ({
      index: random.below(random.pick([8, 60])), fileId, pid: pid(), fd: fileId,
      path: random.pick([null, '/dev/ptmx', '/x/pts/ptmx']),
    })),
    aio: list(random, 3, () => ring(random, pid())),
  };
  const joined = (): { id: number; key: number }[] => possible(someObjects(random), ipcmniExtend);
  // biome-ignore format: what belongs together stands in a row
  const target: Target = {
    taken: [
      { number: 1, as: 'pid' },
      ...list(random, 4, () => ({ number: random.between(2, 55), as: 'pid' as const })),
    ],
    pidMax: random.pick([2 ** 22, 301, SLOTS]), ptysTaken: list(random, 10, () => random.below(12)),
    ipcmniExtend, shmmniMax: ipcmniExtend ? 2 ** 24 : SLOTS, possibleCpus: random.pick([1, 2, 15, 16, 31, 64]),
    aioNr: random.pick([0, 65_000]), aioMaxNr: 65_536, criuPid: 20_000, criuSid: 20_000, shellJob: false,
    maxUserWatches: 100_000, maxUserInstances: 128, userWatches: 0, cannotAsk,
    ...(random.chance(0.3) && { joinedIpc: { shm: joined(), sem: joined(), msg: joined() } }),
  };
  return { ids, target, isOwnNamespace };
}

function list<Item>(random: Random, most: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: random.between(0, most) }, (_, index) => make(index));
}

function wd(random: Random, isAsked: boolean): number {
  return random.chance(0.9) || !isAsked
    ? random.between(1, random.chance(0.1) ? MOST_DANCED : 40)
    : random.pick([0, INT_MAX - 1, INT_MAX, INT_MAX + 1]);
}

function someObjects(random: Random): { id: number; key: number }[] {
  const ids = [0, 1, 5, 6, SLOTS - 1, SLOTS + 5, 2 * SLOTS + 6, 2 ** 24 + 3, INT_MAX];
  return list(random, 5, () => ({
    id: random.chance(0.9) ? random.pick(ids) : random.below(INT_MAX),
    key: random.pick([0, 0, 0, 7, 8]),
  }));
}

function objects(random: Random): NonNullable<CheckpointIds['sysv']> {
  return {
    objects: { shm: someObjects(random), msg: someObjects(random), sem: someObjects(random) },
    limits: { shm: random.pick([null, 4096, 3, 40_000]), msg: null, sem: random.pick([null, 2, 40_000]) },
    nextIds: { shm: null, msg: null, sem: null },
  } as NonNullable<CheckpointIds['sysv']>;
}

/** Those that can be in one namespace: no two of a slot or key. */
function possible(all: { id: number; key: number }[], ipcmniExtend: boolean): { id: number; key: number }[] {
  const slotOf = (id: number): number => id % 2 ** (ipcmniExtend ? 24 : 15);
  return all.filter(({ id, key }, at) =>
    all.slice(0, at).every((other) => slotOf(other.id) !== slotOf(id) && (key === 0 || other.key !== key)),
  );
}

function ring(
  random: Random,
  pid: number,
): { pid: number; nrReq: number; ringLen: number; head: number | null; tail: number | null } {
  const pages = random.between(1, 4);
  const slots = 128 * pages - 1;
  const nrReq = random.chance(0.7) ? 64 * pages - 2 : random.pick([62, 64, 300]);
  const isKnown = random.chance(0.8);
  const place = (): number | null => (isKnown ? random.below(slots + (random.chance(0.1) ? 2 : 0)) : null);
  return { pid, nrReq, ringLen: 4096 * pages, head: place(), tail: place() };
}

type Task = { pid: number; ppid: number; pgid: number; sid: number; threads: number[] };

/** Lets processes fork, lead sessions and groups, and end, in a namespace of the model; then looks at who is there. */
function randomTasks(random: Random, isOwnNamespace: boolean): Task[] {
  const namespace = new PidNamespace();
  const alive = new Map<number, { ppid: number; threads: number[] }>();
  let root = 1;
  if (!isOwnNamespace) {
    namespace.setLastPid(random.between(1, 40));
    root = namespace.fork(1);
    if (random.chance(0.9)) namespace.setsid(root);
  }
  alive.set(root, { ppid: 0, threads: [root] });
  const groupOf = (pid: number): number => namespace.pgidOf(pid);
  for (let step = random.between(0, 25); step > 0; step--) {
    const who = random.pick([...alive.keys()]);
    const kind = random.below(10);
    if (kind < 4) {
      const pid = namespace.fork(who);
      alive.set(pid, { ppid: who, threads: [pid] });
    } else if (kind < 5) alive.get(who)!.threads.push(namespace.thread(who));
    else if (kind < 6) namespace.setsid(who);
    else if (kind < 8) {
      // One that leads others does not leave them: what CRIU does then was not recorded.
      const leadsOthers = [...alive.keys()].some((pid) => pid !== who && groupOf(pid) === who);
      if (!leadsOthers) namespace.setpgid(who, random.pick([who, ...[...alive.keys()].map(groupOf)]));
    } else if (who !== root) {
      namespace.exit(who);
      namespace.reap(who);
      alive.delete(who);
      for (const other of alive.values()) if (other.ppid === who) other.ppid = root;
    }
    if (random.chance(0.1)) namespace.setLastPid(random.between(1, 60));
  }
  return parentsFirst(
    [...alive].map(([pid, task]) => ({ pid, ...task, pgid: groupOf(pid), sid: namespace.sidOf(pid) })),
  );
}

function parentsFirst(tasks: readonly Task[]): Task[] {
  const sorted = tasks.filter(({ ppid }) => ppid === 0);
  for (let at = 0; at < sorted.length; at++) sorted.push(...tasks.filter(({ ppid }) => ppid === sorted[at]!.pid));
  return sorted;
}
