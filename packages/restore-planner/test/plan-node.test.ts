// Several checkpoints on one node: what they are charged for together, against plans of each and of all as one.
import {
  type Charges,
  type Checkpoint,
  chargesOf,
  planNode,
  planRestore,
  planTogether,
  readCheckpoint,
  type Target,
} from '@idspace/restore-planner';
import { type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { RECORDED, RESTORES, targetOf } from './spaces/recorded.ts';
import { checkpointOf } from './support/checkpoints.ts';

const SEED = 2026_11_30;
const NONE: Charges = { timers: [], watches: 0, instances: 0, aioRequests: 0 };

/** What is known of a node in full; nothing of it is in the way. */
// biome-ignore format: what belongs together stands in a row
const ROOMY: Target = {
  sigqOfCriuUser: 2, maxUserWatches: 100, userWatches: 10, maxUserInstances: 10, aioNr: 1000, aioMaxNr: 2000,
};

describe('what a checkpoint is charged for', () => {
  test('timers by limit, watches, inotify files, AIO requests', async () => {
    const mixed = chargesOf(await readCheckpoint(`${RECORDED}/mixed`));
    expect(mixed).toMatchObject({ watches: 2, aioRequests: 124 });
    expect(mixed.timers.reduce((sum, { timers }) => sum + timers, 0)).toBe(2);
    const { timers } = chargesOf(await readCheckpoint(`${RECORDED}/timers-two-processes-limit`));
    expect(timers).toHaveLength(1);
    expect(timers[0]!.limit).toBeGreaterThan(0);
  });

  test('a listing tells of timers alone; images that are not there count as none', () => {
    const listing: Checkpoint = checkpointOf([[0, 5]]);
    expect(chargesOf(listing)).toEqual({ ...NONE, timers: [{ limit: null, timers: 2 }] });
    const missing = { missing: 'files.img' };
    const ids = [{ pids: missing, inotify: missing, sysv: missing, pty: missing, aio: { missing: 'mm-5.img' } }];
    expect(chargesOf({ ...listing, ids })).toEqual(chargesOf(listing));
    expect(() => chargesOf({} as never)).toThrow('checkpoint.processes: got undefined');
  });
});

describe('a node', () => {
  test('none: nothing is charged, even where limits are passed already', () => {
    const passed = { sigqOfCriuUser: 9, maxUserWatches: 1, userWatches: 9, maxUserInstances: 0, aioNr: 9, aioMaxNr: 1 };
    const zero = { timers: 0, watches: 0, instances: 0, aioRequests: 0 };
    expect(planNode([], { target: passed, sigpending: 1 })).toEqual({ ...zero, outcome: 'ok', reasons: [], fit: 0 });
    expect(planNode([NONE, NONE], { target: passed, sigpending: 1 })).toMatchObject({ outcome: 'ok', fit: 2 });
  });

  const one = (part: Partial<Charges>): Charges => ({ ...NONE, ...part });
  test.each<[string, Charges, string, 'fails' | 'exceeds-limit', string]>([
    ['aioRequests', one({ aioRequests: 250 }), 'node-aio', 'fails', 'Ring setup failed with -11'],
    ['watches', one({ watches: 23 }), 'node-watches', 'fails', "Can't add watch for 0x"],
    ['instances', one({ instances: 3 }), 'node-instances', 'fails', "Can't create inotify for 0x"],
    [
      'timers',
      one({ timers: [{ limit: 9, timers: 2 }] }),
      'node-timers',
      'exceeds-limit',
      "Can't create posix timer - ",
    ],
  ])('%s: each fits alone, the sum does not', (_, charges, code, outcome, words) => {
    const fit = { aioRequests: 4, watches: 3, instances: 3, timers: 3 }[_]!;
    for (let count = 0; count <= fit; count++) {
      expect(planNode(Array(count).fill(charges), { target: ROOMY })).toMatchObject({ outcome: 'ok', fit: count });
    }
    const plan = planNode(Array(fit + 1).fill(charges), { target: ROOMY });
    expect(plan).toMatchObject({ outcome, fit, reasons: [{ code, outcome, words }] });
    expect(plan.reasons[0]!.remedy).not.toBe('');
  });

  test('in some orders', () => {
    const shares = [one({ timers: [{ limit: 5, timers: 2 }] }), one({ timers: [{ limit: 9, timers: 4 }] })];
    const plan = planNode(shares, { target: ROOMY });
    expect(plan).toMatchObject({ outcome: 'depends', fit: 1, reasons: [{ code: 'node-timers', words: null }] });
  });

  test('what is not known and matters', () => {
    const reasons = (part: Partial<Charges>): unknown[] =>
      planNode([one(part)], {}).reasons.map(({ code, outcome, text }) => [
        code,
        outcome,
        /\w+[-_]\w+[-_]\w+/.exec(text)?.[0],
      ]);
    expect(reasons({ watches: 8192, instances: 128 })).toEqual([]);
    expect(reasons({ watches: 8193 })).toEqual([['node-unknown', 'depends', 'max_user_watches']]);
    expect(reasons({ instances: 129 })).toEqual([['node-unknown', 'depends', 'max_user_instances']]);
    expect(planNode([one({ aioRequests: 1 })], { target: { aioMaxNr: 5 } }).outcome).toBe('depends');
    expect(planNode([one({ aioRequests: 6 })], { target: { aioMaxNr: 5 } }).outcome).toBe('fails');
  });

  test('misuse', () => {
    expect(() => planNode([], { sigq: -1 })).toThrow('sigq: got -1');
    expect(() => planNode([], { target: { aioNr: -1 } })).toThrow('target.aioNr: got -1');
  });
});

test(`the number that fit is that of the longest row that does (seed ${SEED})`, () => {
  const rng = random(SEED);
  const lengths = new Set<number>();
  for (let round = 0; round < 500; round++) {
    const charges = Array.from({ length: rng.below(12) }, () => randomCharges(rng));
    const options = { target: { ...ROOMY, sigqOfCriuUser: rng.below(4) } };
    let longest = 0;
    while (longest < charges.length && planNode(charges.slice(0, longest + 1), options).outcome === 'ok') longest++;
    const { fit } = planNode(charges, options);
    expect(fit, `round ${round}`).toBe(longest);
    lengths.add(fit);
  }
  expect(lengths.size).toBeGreaterThan(5);
});

function randomCharges(rng: Random): Charges {
  const timers = rng.chance(0.5) ? [{ limit: rng.between(3, 30), timers: rng.between(1, 3) }] : [];
  return { timers, watches: rng.below(20), instances: rng.below(3), aioRequests: rng.pick([0, 0, 62, 190]) };
}

test('timers: as all processes in one checkpoint', () => {
  const rng = random(SEED);
  for (let round = 0; round < 500; round++) {
    const checkpoints = Array.from({ length: rng.between(1, 5) }, () => {
      const ids = Array.from({ length: rng.below(4) }, (_, id) => id);
      return checkpointOf([ids], rng.chance(0.2) ? null : BigInt(rng.between(0, 12)));
    });
    const options = { sigq: rng.below(3), ...(rng.chance(0.2) && { sigpending: rng.below(9) }) };
    const { timers, outcome } = planNode(checkpoints.map(chargesOf), options);
    const together = planTogether(checkpoints, options);
    expect({ timers, outcome }, `round ${round}`).toEqual({ timers: together.timers, outcome: together.outcome });
  }
});

test('recorded restores: what succeeded alone fits alone', async () => {
  let count = 0;
  for (const row of RESTORES.filter(({ verdict }) => verdict === 'ok')) {
    const checkpoint = await readCheckpoint(`${RECORDED}/${row.case}`);
    const target = targetOf(row, checkpoint);
    const { outcome } = planRestore(checkpoint, { kernel: '6.18', criu: '4.2', target });
    if (outcome !== 'ok') continue;
    expect(planNode([chargesOf(checkpoint)], { target }).reasons, row.case).toEqual([]);
    count++;
  }
  expect(count).toBeGreaterThan(15);
});
