// What is known of real restores, the texts CRIU prints, versions, options, and the JSON form.
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  type Checkpoint,
  OUTCOMES,
  type PlanOptions,
  planMatrix,
  planNode,
  planRestore,
  planToJson,
  readCheckpoint,
  restorePlanner,
  secondsOf,
  worstOutcome,
} from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';
import { CASES, critJson, GROUND_TRUTH } from './support/given-images.ts';

const INT_MAX = 2 ** 31 - 1;
const given = (name: string) => readCheckpoint(join(GROUND_TRUTH, name));
const planOf = (ids: number[], options: PlanOptions) => planRestore(checkpointOf([ids]), options).processes[0]!;

describe('given dumps', () => {
  test.each(CASES)('%s: timers in restore order, one create each with 4.2 on 6.18', async (name) => {
    const checkpoint = await given(name);
    const json = planToJson(planRestore(checkpoint, { kernel: '6.18', criu: '4.2' }));
    const posix = critJson(name, `core-${json.processes[0]!.pid}`).entries[0].tc.timers.posix;
    const ids = posix.map((entry: { it_id: number }) => entry.it_id).sort((a: number, b: number) => a - b);
    expect(json.processes[0]!.timers.map(({ id }) => id)).toEqual(ids);
    expect(json.processes[0]).toMatchObject({
      strategy: 'restore-ids',
      outcome: 'ok',
      creates: ids.length,
      deletes: 0,
    });
  });

  test('IDs 1,000,000 and 2,000,000', async () => {
    const checkpoint = await given('ids-1e6-2e6');
    // biome-ignore format: what belongs together stands in a row
    expect(planToJson(planRestore(checkpoint, { kernel: '6.18.44-fc-v509', criu: '4.2' })).totals).toEqual({
      processes: 1, timers: 2, outcome: 'ok', creates: 2, deletes: 0, prctls: 2, seconds: (2 * 485) / 1e9,
    });
    // biome-ignore format: what belongs together stands in a row
    expect(planRestore(checkpoint, { kernel: '6.1', criu: '4.2' }).processes[0]).toMatchObject({
      strategy: 'dance', outcome: 'ok', creates: 2_000_001, deletes: 1_999_999, prctls: 1, peakTimers: 2,
      nextId: 2_000_001, seconds: (1_999_999 * 894 + 2 * 485) / 1e9,
      steps: [
        { op: 'prctl', on: true, refused: true },
        { op: 'dance', timer: 0, from: 0, pairs: 1_000_000 },
        { op: 'create', timer: 0, how: 'plain', id: 1_000_000 },
        { op: 'dance', timer: 1, from: 1_000_001, pairs: 999_999 },
        { op: 'create', timer: 1, how: 'plain', id: 2_000_000 },
      ],
    });
    // An older CRIU does not know of restore mode, whatever the kernel.
    expect(planRestore(checkpoint, { kernel: '6.18', criu: '4.1.1' }).totals).toMatchObject({
      creates: 2_000_001,
      prctls: 0,
    });
  });

  test('INT_MAX', async () => {
    const checkpoint = await given('int-max');
    for (const criu of ['3.18', '4.1', '4.2']) {
      // biome-ignore format: what belongs together stands in a row
      expect(planRestore(checkpoint, { kernel: '5.10', criu }).processes[0]).toMatchObject({
        outcome: 'ok', creates: 2_147_483_648, deletes: 2_147_483_646, nextId: 0, peakTimers: 2,
      });
    }
    expect(planRestore(checkpoint, { kernel: '6.18', criu: '4.2' }).processes[0]).toMatchObject({
      creates: 2,
      nextId: 0,
    });
  });
});

describe('what CRIU prints', () => {
  test('2013 loop on a dense kernel: nothing, forever', () => {
    // biome-ignore format: what belongs together stands in a row
    expect(planOf([0, 2], { kernel: 'dense', criu: '3.18' })).toMatchObject({
      outcome: 'hangs', error: null, errno: null, creates: 2, deletes: 1,
    });
  });

  test('2013 loop past the wanted ID, which takes another process on 3.9: the delete counts', () => {
    const plan = planRestore(checkpointOf([[0], [0], [1]]), { kernel: '3.9', criu: '3.18' });
    expect(plan.processes.map(({ outcome }) => outcome)).toEqual(['ok', 'fails', 'ok']);
    // biome-ignore format: what belongs together stands in a row
    expect(plan.processes[1]).toMatchObject({
      error: "Can't create timers, kernel don't give them consequently\nCan't restore posix timers -1",
      errno: null, creates: 1, deletes: 1,
    });
    expect([plan.totals.outcome, plan.outcome]).toEqual(['fails', 'fails']);
  });

  test('2023 check on a dense kernel: an error on the second create', () => {
    for (const [criu, prctls] of [
      ['4.1.1', 0],
      ['4.2', 1],
    ] as const) {
      // biome-ignore format: what belongs together stands in a row
      expect(planOf([17, 1000], { kernel: 'dense', criu })).toMatchObject({
        error: "Can't create timers, kernel don't give them consequently\nCan't restore posix timers -1",
        outcome: 'fails', errno: null, creates: 2, deletes: 1, prctls,
      });
    }
  });

  test('contiguous IDs restore everywhere', () => {
    for (const kernel of ['3.9', '6.1', '6.18', 'dense', 'xarray']) {
      for (const criu of ['3.18', '4.1', '4.2']) {
        const isStarting = kernel !== '6.18' || criu !== '3.18';
        const counts = isStarting ? { outcome: 'ok', creates: 3, nextId: 3 } : { outcome: 'fails', creates: 0 };
        expect(planOf([2, 0, 1], { kernel, criu })).toMatchObject({ ...counts, deletes: 0 });
      }
    }
  });

  test.each([
    ['4.1', '6.18', "Can't create posix timer - 2\nCan't restore posix timers -11", 11, 8, 0],
    ['3.18', '6.1', "Can't create posix timer - 2\nCan't restore posix timers -11", 11, 8, 0],
    ['4.2', '6.1', "Can't create posix timer - 2\nCan't restore posix timers -1", 11, 8, 1],
    ['4.2', '6.18', "Can't create posix timer - 2: -11\nCan't restore posix timers -1", 3, 0, 2],
  ])('CRIU %s on %s past RLIMIT_SIGPENDING', (criu, kernel, error, creates, deletes, prctls) => {
    // With a limit of 2, the third timer is refused: after ten creates and eight deletes for 4 and 9, or after two.
    // biome-ignore format: what belongs together stands in a row
    expect(planOf([4, 9, 20], { kernel, criu, sigpending: 2 })).toMatchObject({
      outcome: 'exceeds-limit', error, errno: 'EAGAIN', creates, deletes, prctls, peakTimers: 2, nextId: 10,
    });
  });
});

test('of two outcomes the worse one counts, wherever it stands', () => {
  expect(OUTCOMES).toEqual(['ok', 'depends', 'exceeds-limit', 'hangs', 'fails']);
  for (const [at, worse] of OUTCOMES.entries()) {
    for (const better of OUTCOMES.slice(0, at + 1)) {
      expect([worstOutcome([better, worse]), worstOutcome([worse, better])]).toEqual([worse, worse]);
    }
  }
  expect(worstOutcome([])).toBe('ok');
  // The first process hangs, the second fails: the restore fails.
  const plan = planRestore(
    checkpointOf([
      [0, 2],
      [0, 5],
    ]),
    { kernel: '3.9', criu: '3.18' },
  );
  expect(plan.outcome).toBe(worstOutcome(plan.processes.map(({ outcome }) => outcome)));
});

describe('options', () => {
  test('the limit of the image holds unless another is given', () => {
    const checkpoint = checkpointOf([[0, 1, 2]], 2n);
    const how = { kernel: '6.18', criu: '4.2' };
    expect(planRestore(checkpoint, how).totals.outcome).toBe('exceeds-limit');
    expect(planRestore(checkpoint, { ...how, sigpending: 3 }).totals.outcome).toBe('ok');
    expect(planRestore(checkpointOf([[0, 1, 2]], 2n ** 64n - 1n), how).totals.outcome).toBe('ok');
    expect(planRestore(checkpointOf([[0, 1, 2]]), { ...how, sigpending: 2n }).totals.outcome).toBe('exceeds-limit');
  });

  test('rates', () => {
    expect(planOf([9], { kernel: '6.1', criu: '4.2', nsPerPair: 1000, nsPerRestore: 100 }).seconds).toBe(9.1e-6);
  });

  test('calls made so far take what they take in a plan', () => {
    const rates = { nsPerPair: 1000, nsPerRestore: 100 };
    const plan = planOf([3, 9], { kernel: '6.1', criu: '4.2', ...rates });
    expect(secondsOf(plan, rates)).toBe(plan.seconds);
    expect(secondsOf({ creates: 5, deletes: 4 }, rates)).toBe(4.1e-6);
    expect(secondsOf({ creates: 1_000_000, deletes: 1_000_000 })).toBe(0.894);
  });

  test('no timers, nothing done', () => {
    expect(planOf([], { kernel: '6.18', criu: '4.2' })).toMatchObject({
      strategy: 'none',
      outcome: 'ok',
      creates: 0,
      deletes: 0,
      prctls: 0,
      peakTimers: 0,
      nextId: 0,
      seconds: 0,
      steps: [],
    });
  });

  test.each([
    '2.6.32',
    '3.9',
    '3.10.0-1160.el7.x86_64',
    '5.10',
    '6.1.0-18-amd64',
    '6.18.44-fc',
    '7.1-rc3',
    'dense',
    'xarray',
  ])('kernel %s is known', (kernel) => {
    expect(planRestore(checkpointOf([[0]]), { kernel, criu: '4.2' }).kernel).toBe(kernel);
  });

  test.each(['', '6', '2.4', 'six', '6.x', '-1.2', 'Dense', '99999.1'])('kernel %j is not', (kernel) => {
    expect(() => planOf([0], { kernel, criu: '4.2' })).toThrow(
      /^kernel: got '.*', expected a release of 2\.6 or later/,
    );
  });

  test.each(['0.6', '1.8', '2.12.1', '3.18', '3.19', '4.1.1', '4.2-1.fc40', '4.10', '5.0'])(
    'CRIU %s is known',
    (criu) => {
      expect(planRestore(checkpointOf([[0]]), { kernel: '6.1', criu }).criu).toBe(criu);
    },
  );

  test('CRIU 4.10 is later than 4.2, 3.2 earlier than 3.19', () => {
    expect(planOf([5], { kernel: '6.18', criu: '4.10' }).strategy).toBe('restore-ids');
    expect(planOf([5], { kernel: 'dense', criu: '3.2' }).outcome).toBe('hangs');
  });

  test.each(['', '4', '0.5', 'latest', '4.x'])('CRIU %j is not', (criu) => {
    expect(() => planOf([0], { kernel: '6.1', criu })).toThrow(/^criu: got '.*', expected a version: 0\.6 … 3\.18/);
  });

  test('misuse', () => {
    const how = { kernel: '6.1', criu: '4.2' };
    expect(() => planOf([0], { ...how, nsPerPair: -1 })).toThrow('nsPerPair: got -1');
    expect(() => planOf([0], { ...how, nsPerPair: '894' as never })).toThrow(
      "nsPerPair: got '894', expected nanoseconds",
    );
    expect(() => planOf([0], { ...how, nsPerPair: Number.POSITIVE_INFINITY })).toThrow('nsPerPair: got Infinity');
    expect(() => planOf([0], { ...how, nsPerRestore: 1e308 })).toThrow('nsPerRestore: got 1e+308, expected nanosec');
    expect(planOf([INT_MAX], { kernel: '6.1', criu: '4.2', nsPerPair: 1e12 }).seconds).toBeGreaterThan(2e12);
    expect(() => planOf([0], { ...how, nsPerRestore: Number.NaN })).toThrow('nsPerRestore: got NaN');
    expect(() => planOf([0], { ...how, sigpending: -1n })).toThrow('sigpending: got -1');
    expect(() => planOf([0], { ...how, sigpending: 2.5 })).toThrow('sigpending: got 2.5, expected a whole number');
    expect(planOf([0], { ...how, sigpending: Number.POSITIVE_INFINITY }).outcome).toBe('ok');
    for (const id of [2 ** 31, -(2 ** 31) - 1, 0.5]) {
      expect(() => planOf([3, id], how)).toThrow(
        /^checkpoint\.processes\[0\]\.timers\[1\]\.id: got .*, expected a timer ID of 32 bits, signed$/,
      );
    }
    expect(() => planOf([0], { ...how, sigq: -1 })).toThrow('sigq: got -1, expected a whole number of signals');
    expect(() => planOf([0], { ...how, rtc: 1 as never })).toThrow('rtc: got 1, expected true or false');
  });
});

describe('shapes', () => {
  const how = { kernel: '6.1', criu: '4.2' };
  const planned = (checkpoint: unknown) => planRestore(checkpoint as Checkpoint, how);
  const refused = (text: string) =>
    expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(text) });

  test.each([
    [undefined, 'checkpoint: got undefined, expected a Checkpoint'],
    [null, 'checkpoint: got null'],
    ['/checkpoint', "checkpoint: got '/checkpoint', expected a Checkpoint"],
    [Promise.resolve(checkpointOf([])), 'expected a Checkpoint: await what readCheckpoint returns'],
    [{}, 'checkpoint.processes: got undefined, expected an array'],
    [{ processes: 'all' }, "checkpoint.processes: got 'all', expected an array"],
    [{ processes: [null] }, 'checkpoint.processes[0]: got null, expected an object'],
    [
      { processes: [{ timers: [], threads: [1] }, {}] },
      'checkpoint.processes[1].timers: got undefined, expected an array',
    ],
    [{ processes: [{ timers: [5] }] }, 'checkpoint.processes[0].timers[0]: got 5, expected an object'],
    [
      { processes: [{ timers: [] }] },
      'checkpoint.processes[0].threads: got undefined, expected an array of thread IDs',
    ],
    [
      { processes: [{ timers: [{ clock: 2 ** 32 - 2 }] }] },
      '.timers[0].clock: got 4294967294, expected a clock ID of 32',
    ],
    [{ processes: [{ timers: [{ clock: 1 }] }] }, '.timers[0].interval: got undefined, expected a time { sec, nsec }'],
  ])('checkpoint %o', (checkpoint, text) => expect(() => planned(checkpoint)).toThrow(refused(text)));

  test.each([undefined, null, '6.1'])('options %o', (options) => {
    expect(() => planRestore(checkpointOf([]), options as never)).toThrow(
      refused(`options: got ${inspect(options)}, expected an object such as { kernel: '6.18', criu: '4.2' }`),
    );
  });
});

describe('planToJson', () => {
  test('has its keys in the stated order, and no bigint', async () => {
    const json = planToJson(planRestore(await given('clocks-and-notify-kinds'), { kernel: '6.1', criu: '4.2' }));
    // biome-ignore format: what belongs together stands in a row
    expect(Object.keys(json)).toEqual([
      'kernel', 'criu', 'nsPerPair', 'nsPerRestore', 'outcome', 'reasons', 'spaces', 'processes', 'totals',
    ]);
    // biome-ignore format: what belongs together stands in a row
    expect(Object.keys(json.processes[0]!)).toEqual([
      'pid', 'timers', 'strategy', 'outcome', 'error', 'errno', 'creates', 'deletes', 'prctls',
      'peakTimers', 'nextId', 'seconds', 'warnings',
    ]);
    expect(json.processes[0]!.timers.slice(3, 10)).toMatchObject([
      { id: 3, clock: 1, notify: 'thread-id', signo: 36 },
      { id: 4, notify: 'thread-id' },
      { id: 5, clock: -6, clockName: 'CLOCK_PROCESS_CPUTIME_ID' },
      { id: 6, clock: -2, clockName: 'CLOCK_THREAD_CPUTIME_ID' },
      { id: 7, clock: 11, clockName: 'CLOCK_TAI' },
      { id: 8, notify: 'thread', sival: '2576980377' },
      { id: 9, notify: 'signal', sival: '140736929316591' },
    ]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test('INT_MAX timers apart, a plan stays small', () => {
    expect(planOf([0, INT_MAX], { kernel: '6.1', criu: '4.2' }).steps).toHaveLength(4);
  });
});

describe('an unknown option', () => {
  const checkpoint = checkpointOf([[0]]);
  const how = { kernel: '6.18', criu: '4.2' };
  test.each([
    ['sigpendng', 'sigpending'],
    ['sigQ', 'sigq'],
    ['nsPerPairs', 'nsPerPair'],
    ['targt', 'target'],
    ['capWakeAlarms', 'capWakeAlarm'],
  ])('%s is refused, and %s named', (key, near) => {
    const told = new RegExp(`^options: got the key '${key}', expected some of .* \\(did you mean '${near}'\\?\\)$`);
    const options = { ...how, [key]: 1 };
    expect(() => planRestore(checkpoint, options)).toThrow(told);
    expect(() => restorePlanner(checkpoint)(options)).toThrow(told);
    expect(() => planMatrix(checkpoint, { [key]: 1 })).toThrow(told);
    expect(() => planNode([], { [key]: 1 })).toThrow(
      `options: got the key '${key}', expected some of sigpending, sigq, target`,
    );
  });

  test('of a matrix: a kernel', () => {
    const options: object = { kernel: ['6.1'] };
    expect(() => planMatrix(checkpoint, options)).toThrow(/the key 'kernel', .* \(did you mean 'kernels'\?\)$/);
  });
});
