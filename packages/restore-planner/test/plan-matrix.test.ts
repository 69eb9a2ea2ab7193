// The matrix: a row for each pair, equal to the plan of that pair; and what it says of the mechanisms that were proposed.
import { join } from 'node:path';
import {
  KERNEL_KINDS,
  kernelKind,
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  type MatrixRow,
  planMatrix,
  planRestore,
  readCheckpoint,
} from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';
import { CASES, GROUND_TRUTH } from './support/given-images.ts';

const INT_MAX = 2 ** 31 - 1;

/** Rows as 'CRIU kernel' → outcome. */
function outcomes(rows: MatrixRow[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ criu, kernel, outcome }) => [`${criu} ${kernel}`, outcome]));
}

test.each(CASES)('%s: every row says what the plan of its pair says', async (name) => {
  const checkpoint = await readCheckpoint(join(GROUND_TRUTH, name));
  const { rows, nsPerPair, nsPerRestore } = planMatrix(checkpoint);
  expect(rows.map(({ kernel, criu }) => [kernel, criu])).toEqual(
    MATRIX_KERNELS.flatMap((kernel) => MATRIX_CRIUS.map((criu) => [kernel, criu])),
  );
  expect([nsPerPair, nsPerRestore]).toEqual([894, 485]);
  for (const { criu, kernel, ...row } of rows) {
    const [process] = planRestore(checkpoint, { criu, kernel }).processes;
    const { outcome, creates, deletes, prctls, error, errno, strategy, peakTimers, seconds } = process!;
    const refusedCreate = outcome === 'exceeds-limit' ? creates : null;
    const space = outcome === 'ok' ? null : 'timers';
    const same = {
      outcome,
      space,
      creates,
      deletes,
      prctls,
      error,
      errno,
      strategy,
      peakTimers,
      seconds,
      refusedCreate,
    };
    expect(row, `${criu} on ${kernel}`).toEqual(same);
  }
});

test('1,000,000 and 2,000,000: every mechanism of the mailing list', () => {
  const { rows } = planMatrix(checkpointOf([[1_000_000, 2_000_000]], 96_365n));
  const ended = outcomes(rows);
  const native = rows.filter(({ criu }) => criu === 'native');
  expect(
    Object.fromEntries(native.map(({ kernel, strategy, outcome }) => [kernel, `${strategy}: ${outcome}`])),
  ).toEqual({
    '3.9': 'fill: exceeds-limit',
    '6.1': 'dance: ok',
    '6.18': 'restore-ids: ok',
    dense: 'fill: exceeds-limit',
    xarray: 'restore-ids: ok',
    'xarray-cyclic': 'restore-ids: ok',
    'restricted:65536': 'dance: fails',
    reversed: 'fill: exceeds-limit',
    'cursor-sysctl': 'cursor: ok',
    'create-at-id': 'create-at-id: ok',
    'sigev-bit': 'create-at-id: ok',
  });
  for (const { kernel, strategy, creates, deletes } of native.filter(({ outcome }) => outcome === 'ok')) {
    expect([creates, deletes], kernel).toEqual(strategy === 'dance' ? [2_000_001, 1_999_999] : [2, 0]);
  }
  const old = ['3.9', 'dense', 'xarray', 'restricted:65536', 'cursor-sysctl', 'create-at-id', 'sigev-bit'];
  for (const kernel of old) expect([ended[`3.18 ${kernel}`], ended[`4.1 ${kernel}`]]).toEqual(['hangs', 'fails']);
  for (const criu of ['3.18', '4.1', '4.2']) expect(ended[`${criu} reversed`]).toBe('fails');
  const row = (criu: string, kernel: string): MatrixRow =>
    rows.find((one) => one.criu === criu && one.kernel === kernel)!;
  expect(row('3.18', 'dense')).toMatchObject({ creates: 1, deletes: 1, error: null });
  expect(row('3.18', 'restricted:65536')).toMatchObject({ creates: 65_536, deletes: 65_536, error: null });
  expect(row('4.1', 'restricted:65536')).toMatchObject({ creates: 65_537, deletes: 65_536 });
  expect(row('3.18', 'reversed')).toMatchObject({ creates: 1, deletes: 1 });
  // biome-ignore format: what belongs together stands in a row
  expect(row('native', 'dense')).toMatchObject({
    creates: 96_366, deletes: 0, refusedCreate: 96_366, peakTimers: 96_365, errno: 'EAGAIN',
    error: "Can't get timer ID 1000000: timer_create fails with EAGAIN",
  });
});

describe('fill', () => {
  test('within the limit it takes the highest ID + 1 timers at the same time', () => {
    const [plan] = planRestore(checkpointOf([[1_000, 5]]), {
      kernel: 'dense',
      criu: 'native',
      sigpending: 1_001,
    }).processes;
    // biome-ignore format: what belongs together stands in a row
    expect(plan).toMatchObject({
      strategy: 'fill', outcome: 'ok', creates: 1_001, deletes: 999, peakTimers: 1_001, nextId: 0,
      steps: [
        { op: 'fill', timer: 0, from: 0, to: 4 },
        { op: 'create', timer: 0, how: 'plain', id: 5 },
        { op: 'fill', timer: 1, from: 6, to: 999 },
        { op: 'create', timer: 1, how: 'plain', id: 1_000 },
        { op: 'delete', from: 0, to: 4 },
        { op: 'delete', from: 6, to: 999 },
      ],
    });
    const { totals } = planRestore(checkpointOf([[1_000, 5]]), { kernel: 'dense', criu: 'native', sigpending: 1_000 });
    expect(totals).toMatchObject({ outcome: 'exceeds-limit', creates: 1_001, deletes: 0 });
  });

  test('to INT_MAX it is planned immediately, upwards and downwards', () => {
    const far = { outcome: 'ok', creates: 2 ** 31, deletes: 2 ** 31 - 2, peakTimers: 2 ** 31 };
    for (const kernel of ['dense', 'reversed']) {
      expect(planRestore(checkpointOf([[0, INT_MAX]]), { kernel, criu: 'native' }).processes[0]).toMatchObject(far);
    }
  });

  test('goes around the IDs of others, and cannot have one of them', () => {
    const { processes } = planRestore(checkpointOf([[2, 4], [6], [4]]), { kernel: '3.9', criu: 'native' });
    expect(processes[1]!.steps).toEqual([
      { op: 'fill', timer: 0, from: 0, to: 1 },
      { op: 'fill', timer: 0, from: 3, to: 3 },
      { op: 'fill', timer: 0, from: 5, to: 5 },
      { op: 'create', timer: 0, how: 'plain', id: 6 },
      ...[0, 3, 5].map((from) => ({ op: 'delete', from, to: from === 0 ? 1 : from })),
    ]);
    expect(processes[2]).toMatchObject({ outcome: 'fails', error: "Can't get timer ID 4: the kernel gave 5" });
  });
});

describe('a hang on restricted:N ends at the first repeated state', () => {
  test.each([
    ['nothing restored', 10, [12], { creates: 10, deletes: 10 }],
    ['one live: a lap, and the first free ID again', 10, [3, 12], { creates: 4 + 10, deletes: 3 + 10 }],
    ['the last ID live: the counter has wrapped', 10, [9, 12], { creates: 10 + 10, deletes: 9 + 10 }],
  ])('%s', (_, idCount, ids, counts) => {
    const [plan] = planRestore(checkpointOf([ids]), { kernel: `restricted:${idCount}`, criu: '3.18' }).processes;
    expect(plan).toMatchObject({ outcome: 'hangs', error: null, ...counts });
  });

  test('with every ID live there is none to create', () => {
    const [plan] = planRestore(checkpointOf([[0, 1, 2, 7]]), { kernel: 'restricted:3', criu: '3.18' }).processes;
    const error = "Can't create posix timer - 3\nCan't restore posix timers -11";
    expect(plan).toMatchObject({ outcome: 'fails', errno: 'EAGAIN', creates: 4, error });
  });

  test('of 2³¹ IDs all are within reach', () => {
    const how = { kernel: 'restricted:2147483648', criu: '3.18' };
    expect(planRestore(checkpointOf([[INT_MAX]]), how).totals).toMatchObject({ outcome: 'ok', creates: 2 ** 31 });
    const fewer = { ...how, kernel: 'restricted:2147483647' };
    expect(planRestore(checkpointOf([[INT_MAX]]), fewer).totals).toMatchObject({ outcome: 'hangs', creates: INT_MAX });
  });
});

describe('options', () => {
  test('pairs, rates and limits are those asked for', () => {
    const options = { criu: ['4.2', 'v3.18'], kernels: ['6.1'], nsPerPair: 1_000, nsPerRestore: 100, sigpending: 1 };
    expect(planMatrix(checkpointOf([[9]]), options).rows).toMatchObject([
      { criu: '4.2', kernel: '6.1', seconds: 9.1e-6 },
      { criu: '3.18', kernel: '6.1', seconds: 9.1e-6 },
    ]);
  });

  test('several processes: sums, and the words of the first that fails', () => {
    const { rows } = planMatrix(checkpointOf([[], [0], [0, 9], [7]]), { criu: ['4.1'], kernels: ['dense', '6.18'] });
    expect(rows).toMatchObject([
      { outcome: 'fails', creates: 6, deletes: 2, error: expect.stringContaining('consequently'), strategy: 'dance' },
      { outcome: 'ok', creates: 19, deletes: 15, error: null, refusedCreate: null, peakTimers: 2 },
    ]);
    expect(planMatrix(checkpointOf([[]]), { criu: ['4.1'], kernels: ['dense'] }).rows[0]!.strategy).toBe('none');
  });

  test.each([
    [{ criu: [] }, 'criu: got [], expected a list of one or more strings'],
    [{ kernels: '6.1' }, "kernels: got '6.1', expected a list"],
    [{ kernels: ['6.1', 'sparse'] }, "kernel: got 'sparse', expected a release of 2.6 or later"],
    [{ criu: ['nativ'] }, "criu: got 'nativ', expected a version"],
  ])('%o is refused', (options, text) => {
    expect(() => planMatrix(checkpointOf([[0]]), options as never)).toThrow(text);
  });
});

test('every kind of kernel can be told from its name', () => {
  const names = ['2.6', '3.9', '3.10', '6.14', '6.15', '6.18', 'dense', 'reversed', 'restricted:7'];
  // biome-ignore format: what belongs together stands in a row
  expect(names.map((name) => kernelKind(name).kernel)).toEqual([
    '… 3.9', '… 3.9', '3.10 … 6.14', '3.10 … 6.14', '6.15 …', '6.15 …', 'dense', 'reversed', 'restricted:N',
  ]);
  expect(KERNEL_KINDS).toHaveLength(11);
  expect(() => kernelKind('restricted:0')).toThrow(/^kernel: got 'restricted:0'/);
});
