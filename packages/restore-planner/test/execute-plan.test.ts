// Plans executed on the kernel models: every call as planned, differences told, stopped and cleaned up when asked.
import { Kernel, type Process } from '@idspace/posix-timers';
import {
  type CheckpointTimer,
  executePlan,
  type ProcessPlan,
  parsePlan,
  planDocument,
  planRestore,
  type TimerSyscalls,
} from '@idspace/restore-planner';
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { freeFrom, listedIds } from './support/model-calls.ts';
import { PID, randomTarget, randomTimer, THREAD, withBadIds } from './support/random-timers.ts';
import { starts, TINY_KERNELS } from './support/tiny-kernel.ts';

const CRIUS = ['3.18', '4.1.1', '4.2', 'native'];
const MATRIX = CRIUS.flatMap((criu) => TINY_KERNELS.map(([kernel, rules]) => ({ criu, kernel, rules }))).filter(
  ({ criu, kernel }) => starts(criu, kernel),
);
const ROUNDS = budget(40); // per pair
const MOST_CALLS = 100_000;
const SEED = 2025_11_21;
const INT_MAX = 2 ** 31 - 1;

const planOf = (ids: number[], kernel: string, criu = '4.2', sigpending = 1_000): ProcessPlan =>
  planRestore(checkpointOf([ids]), { kernel, criu, sigpending }).processes[0]!;

describe.each(MATRIX)('CRIU $criu on $kernel', ({ criu, kernel, rules }) => {
  test('what is planned is what the model does', async () => {
    const rng = random(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const density = rng.pick([0.2, 1]);
      const count = rng.pick([3, 30]);
      const first = rules.order === 'highest' && rng.chance(0.8) ? INT_MAX - count + 1 : 0;
      const ids = Array.from({ length: count }, (_, n) => first + n).filter(() => rng.chance(density));
      const limit = rng.pick([2, 1_000]);
      const timers = withBadIds(ids, rng).map((id) => (rng.chance(0.8) ? timerOf(id) : randomTimer(id, rng, 0.2)));
      const checkpoint = checkpointOf([[]]);
      const who = { pid: PID, threads: [PID, THREAD], pidNamespace: 'own' };
      Object.assign(checkpoint.processes[0]!, { ...who, timers });
      const target = randomTarget(rng);
      const plan = planRestore(checkpoint, { kernel, criu, sigpending: limit, sigq: 0, ...target });
      const { processes, totals } = plan;
      if (totals.creates > MOST_CALLS) continue; // a whole circle of 2³¹ IDs
      const model = new Kernel({ release: kernel, sigpending: limit, ...target });
      const process = model.spawn({ pid: PID });
      process.thread(THREAD);
      const report = await executePlan(parsePlan(JSON.stringify(planDocument(plan))), process);
      const { creates, deletes, prctls } = totals;
      const where = `seed ${rng.seed}, round ${round}, IDs ${ids}, limit ${limit}`;
      expect(report, where).toMatchObject({ ending: 'as-planned', creates, deletes, prctls, differences: [] });
      expect(report.left, where).toEqual(listedIds(process));
      expect(report.verified, where).toBe(creates - Number(processes[0]!.errno !== null));
      if (totals.outcome === 'ok') expect(report.restored, where).toEqual(ids);
      const isLeaked = rules.limitFirst && processes[0]!.errno === 'EINVAL' && timers.some(({ id }) => id < 0); // 6.15 … 6.17
      expect(model.pendingSignals(0) - Number(isLeaked ?? false), where).toBe(report.left.length);
      process.setrlimit(10_000);
      const next = freeFrom(processes[0]!.nextId, report.left, rules);
      expect(process.timerCreate(1, { notify: 1 }), where).toBe(next);
    }
  });
});

test('timers are created as they were, in the listing too', async () => {
  const timers: CheckpointTimer[] = [
    timerOf(3, { notify: 'thread-id', signo: 40, sival: 2n ** 64n - 1n, notifyThreadId: 12 }),
    timerOf(9, { clock: -6, notify: 'thread', signo: 33, sival: 5n }),
    timerOf(70, { clock: 0, notify: 'signal', signo: 34, sival: 2n ** 53n + 1n }),
  ];
  const checkpoint = checkpointOf([[]]);
  Object.assign(checkpoint.processes[0]!, { pid: 11, threads: [11, 12], timers });
  for (const kernel of ['6.1', '6.18']) {
    const process = new Kernel({ release: kernel }).spawn({ pid: 11 });
    process.thread(12);
    await executePlan(planRestore(checkpoint, { kernel, criu: '4.2' }), process);
    expect(process.procTimers()).toBe(
      'ID: 70\nsignal: 34/0020000000000001\nnotify: signal/pid.11\nClockID: 0\n' +
        'ID: 9\nsignal: 33/0000000000000005\nnotify: thread/pid.11\nClockID: -6\n' +
        'ID: 3\nsignal: 40/ffffffffffffffff\nnotify: signal/tid.12\nClockID: 1\n',
    );
  }
});

describe('differences', () => {
  test.each([
    [
      'an ID that is not the planned one',
      '6.1',
      'dense',
      { call: 'timer_create for ID 9', expected: 1, got: 0, step: 1 },
    ],
    [
      'restore mode that is not there',
      '6.18',
      '6.1',
      { call: 'prctl(PR_TIMER_CREATE_RESTORE_IDS, ON)', expected: 0, got: -22, step: 0 },
    ],
    [
      'restore mode that is there after all',
      '6.1',
      '6.18',
      { call: 'prctl(PR_TIMER_CREATE_RESTORE_IDS, ON)', expected: -22, got: 0, step: 0 },
    ],
  ])('%s ends it', async (_, planned, found, difference) => {
    const process = new Kernel({ release: found }).spawn();
    const report = await executePlan(planOf([9], planned), process, { cleanUp: true });
    expect(report).toMatchObject({ ending: 'differs', differences: [difference], restored: [], left: [] });
    expect(process.procTimers()).toBe('');
    expect(process.prctl(77, 2)).not.toBe(1);
  });

  test('a limit lower than planned', async () => {
    const process = new Kernel({ release: '6.18', sigpending: 1 }).spawn();
    const report = await executePlan(planOf([3, 4], '6.18'), process);
    expect(report.differences).toEqual([{ step: 2, call: 'timer_create for ID 4', expected: 4, got: -11 }]);
    expect(report).toMatchObject({ ending: 'differs', restored: [3], left: [3], creates: 2, verified: 1 });
  });

  test('a delete that fails, in a dance and in a clean-up', async () => {
    const process = new Kernel({ release: '6.1' }).spawn();
    const stuck: TimerSyscalls = {
      ...callsOf(process),
      timerDelete: (id) => (id === 2 ? -22 : process.timerDelete(id)),
    };
    const report = await executePlan(planOf([5], '6.1', '4.1'), stuck, { cleanUp: true });
    const failed = { call: 'timer_delete of ID 2', expected: 0, got: -22 };
    expect(report.differences).toEqual([
      { step: 0, ...failed },
      { step: -1, ...failed },
    ]);
    expect(report).toMatchObject({ creates: 3, deletes: 3, left: [2], cleanUp: { deletes: 1 } });
  });
});

test('pairs in one call and pairs by single calls give the same report, also where the next ID is another', async () => {
  for (const ahead of [0, 1, 4]) {
    const kernels = [0, 1].map(() => new Kernel({ release: '6.1' }));
    const [one, other] = kernels.map((kernel) => kernel.spawn());
    for (const process of [one!, other!]) process.createDeletePairs(1, { notify: 1 }, ahead);
    const plan = planOf([9], '6.1', '4.1');
    const inOne = await executePlan(plan, one!);
    const singly = await executePlan(plan, callsOf(other!));
    expect({ ...inOne, seconds: 0 }).toEqual({ ...singly, seconds: 0 });
    expect(inOne.ending).toBe(ahead === 0 ? 'as-planned' : 'differs');
    expect(kernels[0]).toEqual(kernels[1]);
  }
});

test('pairs that end elsewhere than they should are a difference', async () => {
  const process = new Kernel({ release: '6.1' }).spawn();
  const lying: TimerSyscalls = {
    ...callsOf(process),
    createDeletePairs: (_clock, _sigevent, count) => ({
      pairs: count,
      lastId: count + 5,
      created: count + 5,
      deleted: 0,
    }),
  };
  const { ending, creates, verified, differences } = await executePlan(planOf([5], '6.1', '4.1'), lying);
  expect({ ending, creates, verified }).toEqual({ ending: 'differs', creates: 5, verified: 4 });
  expect(differences).toEqual([{ step: 0, call: 'timer_create for ID 5', expected: 4, got: 10 }]);
});

describe('stopping', () => {
  test('waits for the promise of onProgress before it makes another call', async () => {
    const process = new Kernel({ release: '6.1' }).spawn();
    const seen: number[] = [];
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const done = executePlan(planOf([100], '6.1', '4.1'), process, {
      pauseEvery: 50,
      onProgress: ({ done }) => (seen.push(done) === 2 ? held : undefined),
    });
    const turn = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    while (seen.length < 2) await turn(1);
    await turn(20); // time for a third, which does not come
    expect(seen).toEqual([50, 100]);
    expect(process.nextId).toBe(50);
    goOn();
    expect(await done).toMatchObject({ ending: 'as-planned', creates: 101, deletes: 100, restored: [100] });
    expect(seen.at(-1)).toBe(201);
  });

  test('a dance is stopped within about a million calls, and nothing is left', async () => {
    const stop = new AbortController();
    const process = new Kernel({ release: '6.1' }).spawn();
    const seen: number[] = [];
    const report = await executePlan(planOf([1, INT_MAX], '6.1', '4.1'), process, {
      signal: stop.signal,
      cleanUp: true,
      onProgress: ({ done, total, lastId }) => {
        expect(total).toBe(2 ** 32 - 2);
        expect(lastId).toBeGreaterThan(0);
        if (seen.push(done) === 2) stop.abort();
      },
    });
    expect(seen[0]).toBeLessThan(1.2e6);
    expect(seen[1]! - seen[0]!).toBeLessThan(1.2e6);
    expect(report).toMatchObject({
      ending: 'stopped',
      restored: [1],
      left: [],
      cleanUp: { deletes: 1 },
      differences: [],
    });
    expect(report.creates + report.deletes).toBe(seen[1]);
    expect(process.procTimers()).toBe('');
  });

  test('what is stopped before it begins makes no call', async () => {
    const process = new Kernel({ release: '6.18' }).spawn();
    const report = await executePlan(planOf([1], '6.18'), process, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ ending: 'stopped', creates: 0, prctls: 0 });
  });

  test('the event loop runs meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await executePlan(planOf([400_000], '6.1', '4.1'), new Kernel({ release: '6.1' }).spawn(), { pauseEvery: 100_000 });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});

describe('whose calls', () => {
  test('a plan for several processes is for no one of them', async () => {
    const plan = planRestore(checkpointOf([[0], [], [1]]), { kernel: '6.18', criu: '4.2' });
    const process = new Kernel({ release: '6.18' }).spawn();
    await expect(executePlan(plan, process)).rejects.toThrow(
      new RangeError('plan: got processes 1, 3 with timers, expected the plan of one, such as plan.processes[0]'),
    );
    expect(await executePlan(plan.processes[2]!, process)).toMatchObject({ restored: [1] });
    // biome-ignore format: what belongs together stands in a row
    expect(await executePlan(planRestore(checkpointOf([[]]), { kernel: '6.18', criu: '4.2' }), process)).toMatchObject({
      ending: 'as-planned', creates: 0, prctls: 0,
    });
  });

  test('calls that are not there are missed before any is made', async () => {
    const process = new Kernel({ release: '6.18' }).spawn();
    const { prctl: _, ...lame } = callsOf(process);
    await expect(executePlan(planOf([1], '6.18'), lame as never)).rejects.toThrow(
      'syscalls.prctl: got undefined, expected a function',
    );
    await expect(executePlan(planOf([1], '6.18'), null as never)).rejects.toThrow(RangeError);
    expect(process.procTimers()).toBe('');
  });

  test('the calls of the proposed kernels', async () => {
    const made: unknown[] = [];
    const record = <Result>(call: unknown[], result: Result): Result => {
      made.push(call);
      return result;
    };
    const calls = {
      timerCreate: (_: number, { notify }: { notify: number }, id: number) => record(['create', notify, id], id),
      timerCreateAt: (_: number, { notify }: { notify: number }, id: number) => record(['at', notify, id], id),
      setNextId: (id: number) => record(['cursor', id], 0),
      timerDelete: (id: number) => record(['delete', id], 0),
    };
    let next = 3;
    const fills = { ...calls, timerCreate: () => record(['fill'], next--) };
    const timers = [timerOf(5), timerOf(6), timerOf(7)];
    const base = { ...planOf([5, 6, 7], '6.18'), timers, prctls: 0 };
    const at = await executePlan(
      {
        ...base,
        steps: [
          { op: 'create', timer: 0, how: 'at-id', id: 5 },
          { op: 'create', timer: 1, how: 'use-id', id: 6 },
          { op: 'cursor', id: 7 },
          { op: 'create', timer: 2, how: 'plain', id: 7 },
        ],
      },
      calls as never,
    );
    expect(at).toMatchObject({ ending: 'as-planned', creates: 3, cursors: 1, restored: [5, 6, 7] });
    expect(made.splice(0)).toEqual([
      ['at', 1, 5],
      ['create', 9, 6],
      ['cursor', 7],
      ['create', 1, 7],
    ]);
    // biome-ignore format: what belongs together stands in a row
    const filled = await executePlan(
      {
        ...base,
        timers: [timerOf(0)], creates: 4, deletes: 3, peakTimers: 4,
        steps: [
          { op: 'fill', timer: 0, from: 3, to: 0 },
          { op: 'delete', from: 1, to: 3 },
        ],
      },
      fills as never,
    );
    expect(filled).toMatchObject({ ending: 'as-planned', creates: 4, deletes: 3, restored: [0], left: [0] });
    expect(made).toHaveLength(7);
  });
});

/** A process's calls as an object of their own. */
function callsOf(process: Process): TimerSyscalls {
  return {
    timerCreate: (clock, sigevent, id) => process.timerCreate(clock, sigevent, id ?? -1),
    timerDelete: (id) => process.timerDelete(id),
    timerSettime: (id, flags, setting) => process.timerSettime(id, flags, setting),
    timerGettime: (id) => process.timerGettime(id),
    prctl: (option, arg) => process.prctl(option, arg),
  };
}
