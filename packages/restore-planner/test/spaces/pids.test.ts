// Process numbers: the tree against histories of real processes, the numbers against a model of the kernel's allocator.
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { PIDS } from '../../src/spaces/pids/pids.ts';
import { ProcessNumbers } from '../../src/spaces/pids/process-numbers.ts';
import { type Fork, type RestoreTree, restoreTree } from '../../src/spaces/pids/restore-tree.ts';
import type { TaskIds, TreeIds } from '../../src/spaces/pids/task-ids.ts';
import type { SpacePlan } from '../../src/spaces/space.ts';
import type { Target } from '../../src/spaces/target.ts';
import { conditions } from './conditions.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const HISTORIES = budget(1000);
const SCRIPTS = budget(200);
const FREE: Target = { taken: [], pidMax: 4_194_304, pidMaxWhereCriuRuns: 4_194_304, criuPid: 20_000, criuSid: 20_000 };

const task = (pid: number, ppid: number, pgid: number, sid: number, ...others: number[]): TaskIds => {
  return { pid, ppid, pgid, sid, threads: [pid, ...others] };
};
const shared = (...tasks: TaskIds[]): TreeIds => ({ tasks, namespace: 'shared' });
const FAR = { criuPid: 200_000, criuSid: 200_000 };
const planned = (ids: TreeIds, target: Target = {}): SpacePlan => PIDS.plan(ids, conditions({ ...FREE, ...target }))!;
const words = (plan: SpacePlan): (string | null)[] => plan.reasons.map((reason) => reason.words);
const treeOf = (...tasks: TaskIds[]): RestoreTree => restoreTree(tasks, null) as RestoreTree;

// A root; A with two threads in a group whose leader is dead; B, an orphan of a session whose leader is dead.
const DEAD_LEADERS = shared(
  task(5001, 0, 5001, 5001),
  task(5003, 5001, 5002, 5001, 5004, 5005),
  task(5007, 5001, 5006, 5006),
);
// B is in the session of L, which is its sibling, not its parent.
const LIVE_LEADER = shared(task(5001, 0, 5001, 5001), task(5002, 5001, 5002, 5002), task(5004, 5001, 5002, 5002));

// A child with three threads.
const THREADS = shared(task(5001, 0, 5001, 5001), task(5002, 5001, 5001, 5001, 5003, 5004, 5005));

describe('helpers', () => {
  test('stand in for dead leaders of sessions and groups, under the root and under a member', () => {
    const { forks } = treeOf(...DEAD_LEADERS.tasks);
    const lines = forks.map(({ pid, parent, as }) => `${pid} under ${parent?.pid ?? 0}, ${as}`);
    expect(lines).toEqual([
      '5001 under 0, task',
      '5006 under 5001, session',
      '5003 under 5001, task',
      '5007 under 5006, task',
      '5002 under 5003, group',
    ]);
    expect(planned(DEAD_LEADERS)).toMatchObject({ outcome: 'ok', asks: 7, creates: 7, deletes: 2 });
  });

  test('have a made-up number under a leader that is alive elsewhere', () => {
    const { forks } = treeOf(...LIVE_LEADER.tasks);
    expect(forks.find(({ as }) => as === 'made-up')).toMatchObject({ pid: 5003, sid: 5002, parent: { pid: 5002 } });
    expect(planned(LIVE_LEADER)).toMatchObject({ asks: 4 });
    const plan = planned(LIVE_LEADER, { taken: [{ number: 5003, as: 'pid' }] });
    expect(plan.reasons).toMatchObject([
      { code: 'helper-taken', ids: [5003], words: "Can't fork for 5003: File exists" },
    ]);
  });

  test('made-up numbers go on from the last, below 300 from 301', () => {
    const made = (...tasks: TaskIds[]): number[] =>
      treeOf(...tasks)
        .forks.flatMap(({ as, pid }) => (as === 'made-up' ? [pid] : []))
        .sort((a, b) => a - b);
    expect(made(task(1, 0, 1, 1), task(3, 1, 3, 3), task(4, 1, 3, 3))).toEqual([301]);
    expect(made(task(1, 0, 1, 1), task(301, 1, 301, 301), task(302, 1, 301, 301))).toEqual([303]);
    expect(
      made(
        task(10, 0, 10, 10),
        task(3000, 10, 3000, 3000),
        task(3001, 10, 3000, 3000),
        task(3002, 10, 3002, 3002),
        task(3004, 10, 3002, 3002),
      ),
    ).toEqual([301, 302]);
    expect(
      made(
        task(500, 0, 500, 500, 501),
        task(502, 500, 502, 502),
        task(503, 500, 502, 502),
        task(505, 500, 505, 505),
        task(506, 500, 505, 505),
      ),
    ).toEqual([504, 507]);
  });

  test('what cannot be born is named', () => {
    expect(restoreTree([task(1, 0, 1, 1), task(2, 1, 2, 2), task(3, 2, 3, 9)], null)).toMatchObject({
      code: 'no-session-leader',
      words: "Can't find a session leader for 9",
    });
    expect(
      restoreTree([task(1, 0, 1, 1), task(2, 1, 2, 2), task(3, 2, 3, 3), task(4, 3, 4, 2), task(5, 3, 5, 1)], null),
    ).toMatchObject({
      code: 'two-sessions',
      words: expect.stringMatching(/^Can't figure out which sid \([12] or [12]\)the process 3 was born with$/),
    });
    expect(restoreTree([task(1, 0, 1, 1), task(2, 7, 2, 2)], null)).toMatchObject({ code: 'no-parent', ids: [2] });
    expect(restoreTree([task(1, 0, 1, 1), task(2, 3, 2, 2), task(3, 2, 2, 2)], null)).toMatchObject({
      code: 'no-parent',
    });
    expect(restoreTree([task(1, 0, 1, 1), task(2, 0, 2, 2)], null)).toMatchObject({ code: 'no-parent' });
  });
});

describe('a group that is named after a process which has left it', () => {
  const left = shared(task(10, 0, 10, 10), task(11, 10, 12, 10), task(12, 10, 12, 10), task(13, 10, 11, 10));

  test('is never made again: its member waits for the leader', () => {
    const plan = planned(left);
    expect(plan.outcome).toBe('hangs');
    expect(plan.reasons).toMatchObject([{ code: 'group-leader-left', outcome: 'hangs', ids: [11], words: null }]);
    expect(plan.reasons[0]!.text).toBe('process 13 is in the group 11, which process 11 has left for the group 12');
  });

  test('is told one time for all its members, and not where the leader leads it', () => {
    const members = [13, 14, 15].map((pid) => task(pid, 10, 11, 10));
    const many = shared(task(10, 0, 10, 10), task(11, 10, 12, 10), task(12, 10, 12, 10), ...members);
    expect(planned(many).reasons.map(({ text }) => text)).toEqual([
      'process 13 and 2 more are in the group 11, which process 11 has left for the group 12',
    ]);
    const led = shared(task(10, 0, 10, 10), task(11, 10, 11, 10), task(13, 10, 11, 10));
    expect(planned(led)).toMatchObject({ outcome: 'ok', reasons: [] });
  });

  test('is not of the groups of a shell job, which are those of the shell', () => {
    const job = shared(task(10, 0, 5, 5), task(11, 10, 5, 5));
    expect(planned(job, { shellJob: true, criuSid: 7 }).reasons).toEqual([]);
  });
});

/** Lives of processes under a root that adopts orphans: fork, setsid, setpgid, exit. */
function history(rng: Random, steps: number): TaskIds[] {
  const alive = new Map<number, TaskIds & { ppid: number; pgid: number; sid: number }>([[1, task(1, 0, 1, 1)]]);
  let last = 1;
  for (let step = 0; step < steps; step++) {
    const processes = [...alive.values()];
    const one = processes[rng.below(processes.length)]!;
    const what = rng.below(8);
    if (what < 4) alive.set(++last, task(last, one.pid, one.pgid, one.sid));
    else if (what === 4 && one.pgid !== one.pid && !processes.some(({ pgid }) => pgid === one.pid))
      one.sid = one.pgid = one.pid;
    else if (what === 5 && one.sid !== one.pid) one.pgid = one.pid;
    else if (what === 6 && one.sid !== one.pid) {
      const groups = processes.filter(({ sid }) => sid === one.sid).map(({ pgid }) => pgid);
      one.pgid = groups[rng.below(groups.length)]!;
    } else if (what === 7 && one.pid !== 1) {
      alive.delete(one.pid);
      for (const child of processes) if (child.ppid === one.pid) child.ppid = 1;
    }
  }
  return parentsFirst([...alive.values()]);
}

function parentsFirst(tasks: TaskIds[]): TaskIds[] {
  const placed = new Set([0]);
  const order: TaskIds[] = [];
  while (order.length < tasks.length) {
    for (const one of tasks) {
      if (placed.has(one.pid) || !placed.has(one.ppid)) continue;
      placed.add(one.pid);
      order.push(one);
    }
  }
  return order;
}

/** Runs the tree: a process is born into its parent's session, may fork there, then leads its own. */
function bornSessions({ root }: RestoreTree): Map<number, Set<number>> {
  const possible = new Map<number, Set<number>>(); // process → sessions it has in its life
  const walk = (fork: Fork, inherited: Set<number>): void => {
    const own = new Set(
      fork.sid === fork.pid ? [...inherited, fork.pid] : [...inherited].filter((sid) => sid === fork.sid),
    );
    possible.set(fork.pid, own);
    for (const child of fork.children) walk(child, own);
  };
  walk(root, new Set([root.sid]));
  return possible;
}

test(`${HISTORIES} histories of processes come back with their sessions and groups, or CRIU says why not (seed ${SEED})`, () => {
  const rng = random(SEED);
  let helpers = 0;
  let refused = 0;
  for (let run = 0; run < HISTORIES; run++) {
    const tasks = history(rng, 3 + rng.below(40));
    const tree = restoreTree(tasks, null);
    if ('code' in tree) {
      expect(['two-sessions', 'no-session-leader']).toContain(tree.code);
      refused++;
      continue;
    }
    const label = JSON.stringify(tasks);
    const born = bornSessions(tree);
    const pids = tree.forks.map(({ pid }) => pid);
    expect(new Set(pids).size, label).toBe(pids.length);
    expect(
      tree.forks
        .filter(({ as }) => as === 'task')
        .map(({ pid }) => pid)
        .sort(),
      label,
    ).toEqual(tasks.map(({ pid }) => pid).sort());
    for (const { pid, pgid, sid } of tasks) {
      expect(born.get(pid)!.has(sid), `${pid} of session ${sid} in ${label}`).toBe(true);
      expect(pids.includes(pgid), `${pid} of group ${pgid} in ${label}`).toBe(true);
    }
    helpers += tree.forks.length - tasks.length;
  }
  expect(helpers).toBeGreaterThan(HISTORIES / 10);
  expect(refused).toBeLessThan(HISTORIES / 2);
});

describe('numbers', () => {
  test(`${SCRIPTS} scripts on the allocator (seed ${SEED})`, () => {
    const rng = random(SEED);
    for (let run = 0; run < SCRIPTS; run++) {
      const limit = 290 + rng.below(60);
      const used: boolean[] = Array.from({ length: limit }, (_, number) => number === 0 || rng.below(2) === 0);
      const taken = used.flatMap((isUsed, number) => (isUsed && number > 0 ? [number] : []));
      const numbers = new ProcessNumbers(new Set(taken), limit);
      for (let call = 0; call < 30; call++) {
        const wanted = rng.below(limit + 3);
        if (rng.below(2) === 0) {
          const error = wanted < 1 || wanted >= limit ? 'EINVAL' : used[wanted] ? 'EEXIST' : wanted;
          expect(numbers.ask(wanted)).toBe(error);
          if (error === wanted) used[wanted] = true;
        } else {
          const from = Math.max(1, wanted);
          let got = from;
          while (got < limit && used[got]) got++;
          if (got >= limit) {
            got = from > 300 ? 300 : 1;
            while (got < Math.min(from, limit) && used[got]) got++;
            if (got >= Math.min(from, limit)) got = -1;
          }
          expect(numbers.nextFrom(from)).toBe(got === -1 ? 'EAGAIN' : got);
          if (got !== -1) used[got] = true;
        }
      }
    }
  });

  test('up to 300, the search begins again at 1; above, at 300', () => {
    const from = (number: number): number | string =>
      new ProcessNumbers({ has: (one) => one >= number }, 400).nextFrom(number);
    expect([from(2), from(300), from(301)]).toEqual([1, 1, 300]);
  });

  test.each([
    ['pid', 5003, 'pid-taken', "Can't fork for 5003: File exists"],
    ['zombie', 5003, 'pid-taken', "Can't fork for 5003: File exists"],
    ['tid', 5003, 'pid-taken', "Can't fork for 5003: File exists"],
    ['pgid', 5003, 'pid-taken', "Can't fork for 5003: File exists"],
    ['sid', 5003, 'pid-taken', "Can't fork for 5003: File exists"],
    ['pid', 5006, 'helper-taken', "Can't fork for 5006: File exists"],
    ['pid', 5004, 'tid-taken', 'Unable to create a thread: -17'],
  ] as const)('a number in use as %s, %i: %s', (as, number, code, said) => {
    expect(planned(DEAD_LEADERS, { taken: [{ number, as }] }).reasons).toMatchObject([
      { code, ids: [number], words: said },
    ]);
    // The checkpoint's own namespace does not care.
    expect(planned({ ...OWN, tasks: OWN.tasks }, { taken: [{ number: 3, as }] }).outcome).toBe('ok');
  });

  test.each([
    [{ number: 5003, as: 'pid' }, /^end what holds it, run CRIU in a fresh PID namespace/],
    [{ number: 5003, as: 'zombie' }, /^end its parent, which does not wait for it, run/],
    [{ number: 5003, as: 'tid' }, /^end the process of that thread, run/],
    [{ number: 5003, as: 'pgid' }, /^end all processes of that group, run/],
    [{ number: 5003, as: 'sid' }, /^end all processes of that session, run/],
    [
      { number: 5003, as: 'pid', command: 'x', kernelThread: true },
      /^it cannot be ended: run .*, or restore on another machine$/,
    ],
    [{ number: 5003, as: 'pid', command: 'kworker/1:0-events' }, /^it cannot be ended: run/],
    [{ number: 5003, as: 'pid', command: 'kworker/1:0', kernelThread: false }, /^end what holds it/],
  ] as const)('the way out when %o is in the way', (held, remedy) => {
    const [reason] = planned(DEAD_LEADERS, { taken: [held] }).reasons;
    expect(reason!.remedy).toMatch(remedy);
    if (remedy.source.includes('cannot')) expect(reason!.text).toMatch(/, a thread of the kernel of the target$/);
  });

  test('of a tree that CRIU gives up, nothing is made', () => {
    const counts = { asks: 0, creates: 0, deletes: 0, seconds: 0 };
    const plan = planned({ namespace: 'shared', tasks: [task(1, 0, 1, 1), task(2, 1, 2, 2), task(3, 2, 3, 9)] }, {});
    expect(plan).toMatchObject({ outcome: 'fails', reasons: [{ code: 'no-session-leader' }], ...counts });
  });

  test('the first process of a machine, and kthreadd, are not to be ended', () => {
    const tasks = [task(1, 0, 1, 1), task(2, 1, 1, 1)];
    const taken = [1, 2].map((number) => ({
      number,
      as: 'pid' as const,
      command: number === 1 ? 'systemd' : 'kthreadd',
    }));
    const { reasons } = planned({ namespace: 'shared', tasks }, { taken });
    expect(reasons.map(({ text }) => text)).toEqual([
      'PID 1 is held by systemd, the first process of the target',
      'PID 2 is held by kthreadd, a thread of the kernel of the target',
    ]);
    for (const { remedy } of reasons) expect(remedy).toMatch(/^it cannot be ended: /);
  });

  const OWN: TreeIds = { namespace: 'own', tasks: [task(1, 0, 1, 1), task(3, 1, 2, 1, 4, 5), task(7, 1, 6, 6)] };
  test('where only the counter can be moved, the next free number comes', () => {
    const cannotAsk = ['clone3-set-tid'];
    const on = (...numbers: number[]): SpacePlan =>
      planned(DEAD_LEADERS, { cannotAsk, taken: numbers.map((number) => ({ number, as: 'pid' })) });
    expect(on().outcome).toBe('ok');
    expect(words(on(5003))[0]).toBe('Pid 5004 do not match expected 5003');
    expect(words(on(5004))[0]).toBe('Unable to create a thread: 5005');
    // Past pid_max numbers begin again at 300.
    const low = { pidMax: 5002, pidMaxWhereCriuRuns: 5002, cannotAsk };
    expect(words(planned(THREADS, low))[0]).toBe('Pid 300 do not match expected 5002');
    expect(words(planned(THREADS, { ...low, pidMax: 1000, pidMaxWhereCriuRuns: 1000 }))[0]).toBe(
      'Unable to create a thread: 300',
    );
  });

  test('CRIU has a number itself', () => {
    expect(planned(DEAD_LEADERS, { criuPid: 5003 }).reasons).toMatchObject([
      { code: 'criu-in-the-way', words: "Can't fork for 5003: File exists" },
    ]);
  });

  test("what is not known of the target matters, unless the namespace is the checkpoint's own", () => {
    const { taken: _, ...withoutTaken } = FREE;
    expect(PIDS.plan(DEAD_LEADERS, conditions(withoutTaken))).toMatchObject({
      outcome: 'depends',
      reasons: [{ code: 'numbers-unknown' }],
    });
    expect(PIDS.plan(DEAD_LEADERS, conditions({ taken: [] }))).toMatchObject({
      reasons: [{ code: 'pid-max-unknown' }],
    });
    expect(PIDS.plan(OWN, conditions({}))?.outcome).toBe('ok');
  });

  test('the first process of an own namespace is 1', () => {
    const plan = planned({ ...OWN, tasks: [task(7, 0, 7, 7)] });
    expect(words(plan)).toEqual(['First PID in a PID namespace needs to be 7 and not 1']);
  });
});

describe('pid_max', () => {
  test.each([
    [5006, []],
    [5005, ['Unable to create a thread: -22']],
    [5003, ['Unable to create a thread: -22']],
    [5002, ["Can't fork for 5002: Invalid argument", 'Unable to create a thread: -22']],
    [5001, ['Unable to create a thread: -22']], // raised for the PID, not for the threads
  ])('%i', (pidMax, first) => {
    const said = [...new Set(words(planned(THREADS, { pidMax, pidMaxWhereCriuRuns: pidMax })))];
    expect(said).toEqual(first);
  });

  test.each([
    [5000, /^set kernel\.pid_max to 5001 or more/],
    [2 ** 22 - 1, /^set kernel\.pid_max to 4194304 or more/],
    [2 ** 22, /^dump again: the checkpoint is damaged, as no kernel gives numbers from 4194304 on/],
  ])('is set as high as TID %i needs, and no higher than it goes', (tid, wayOut) => {
    const ids = shared(task(1001, 0, 1001, 1001, tid));
    const { reasons } = planned(ids, { pidMax: 2000, pidMaxWhereCriuRuns: 2000 });
    expect(reasons.map(({ remedy }) => remedy)).toEqual([expect.stringMatching(wayOut)]);
  });

  test('is raised and stays raised, and not before CRIU 2.5', () => {
    const low = { ...FREE, pidMax: 1000, pidMaxWhereCriuRuns: 1000 };
    const plan = PIDS.plan(shared(task(5001, 0, 5001, 5001)), conditions(low))!;
    expect(plan).toMatchObject({
      outcome: 'ok',
      left: ['the kernel.pid_max where CRIU runs is raised to 5002 and stays there'],
    });
    expect(PIDS.plan(shared(task(5001, 0, 5001, 5001)), conditions(low, { criu: [2, 4] }))?.outcome).toBe('fails');
  });

  test('of an own namespace is that of the machine before Linux 6.14', () => {
    const own: TreeIds = { namespace: 'own', tasks: [task(1, 0, 1, 1, 5000)] };
    const low = { ...FREE, pidMax: 1000, pidMaxWhereCriuRuns: 1000 };
    expect(PIDS.plan(own, conditions(low))?.outcome).toBe('ok');
    expect(words(PIDS.plan(own, conditions(low, { kernel: [6, 13] }))!)).toEqual(['Unable to create a thread: -22']);
  });
});

describe('--shell-job', () => {
  const JOB = shared(task(4002, 0, 4001, 4001), task(4003, 4002, 4001, 4001));
  test.each([
    [6000, undefined, []],
    [4001, 4002, ["Can't fork for 4002: File exists"]],
    [4002, undefined, ['Current sid 4002 intersects with pid (1) in images']],
    [4003, undefined, ['Current sid 4003 intersects with pid (1) in images']],
  ])('session %i of CRIU', (criuSid, criuPid, said) => {
    expect(words(planned(JOB, { shellJob: true, criuSid, criuPid: criuPid ?? 20_000 }))).toEqual(said);
  });

  test('matters where the root leads no session', () => {
    expect(planned(JOB).reasons).toMatchObject([{ code: 'shell-job-unknown', outcome: 'depends' }]);
  });
});

test('65,536 processes in a chain or under one root, each in a session of its own, are planned in time', () => {
  const chain = Array.from({ length: 65_536 }, (_, at) => task(at + 1, at, at + 1, at < 65_000 ? 1 : at + 1));
  const fan = Array.from({ length: 65_536 }, (_, at) =>
    task(at + 1, at === 0 ? 0 : 1, at + 1, at < 2 ? at + 1 : (at >> 1) + 1),
  );
  // Not as arguments of a call: a browser's worker has room for fewer.
  const ids = (tasks: TaskIds[]): TreeIds => ({ tasks, namespace: 'shared' });
  for (const tasks of [chain, fan]) expect(planned(ids(tasks), FAR).outcome).toBe('ok');
  const taken = Array.from({ length: 100_000 }, (_, at) => ({ number: at + 1, as: 'pid' as const }));
  const { reasons } = planned(ids(fan), { taken, ...FAR });
  expect(reasons.length).toBeLessThan(40);
});
