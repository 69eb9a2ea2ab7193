// Pairs in one call against the two calls in turn: the same results, and the same state down to the last word.
import { isDeepStrictEqual } from 'node:util';
import { NextId } from '@idspace/next-id';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, it, test } from 'vitest';
import { EAGAIN, FAULT, type Kernel, type Pairs, type Process, type Sigevent } from '../src/index.ts';
import { BAD_SIGEVENT, NONE, PRCTL, RELEASES, SIGNAL, seconds, start } from './start.ts';

const INT_MAX = 2 ** 31 - 1;
const ROUNDS = budget(40); // per release
const SEED = 2025_11_25;
const SIGEVENTS: readonly (Sigevent | null | typeof FAULT)[] = [
  NONE,
  NONE,
  SIGNAL,
  null,
  BAD_SIGEVENT,
  FAULT,
  { notify: 2, signo: 40, value: -1n },
  { notify: 4, signo: 40, value: 2 ** 40, tid: 50 },
];
const CLOCKS = [0, 1, 1, 1, 2, 3, 4, 8, -6, 99];

/** What is the same without `createDeletePairs`. */
function single(
  process: Process,
  clock: number,
  sigevent: Parameters<Process['timerCreate']>[1],
  count: number,
  firstId = -1,
): Pairs {
  const result = { pairs: 0, lastId: -1, created: -1, deleted: 0 };
  while (result.pairs < count) {
    result.created = process.timerCreate(clock, sigevent);
    if (result.created < 0 || (firstId >= 0 && result.created !== firstId + result.pairs)) break;
    result.deleted = process.timerDelete(result.created);
    if (result.deleted !== 0) break;
    result.lastId = result.created;
    result.pairs++;
  }
  return result;
}

const inOne: typeof single = (process, ...pairs) => process.createDeletePairs(...pairs);

/** Makes a random call. Called with two equal kernels and two generators of one seed, it does the same to both. */
function anyCall(rng: Random, kernel: Kernel, processes: Process[]): number {
  const process = rng.pick(processes);
  const near = Math.max(process.nextId, 0);
  const id = rng.chance(0.7) ? Math.min(near + rng.below(6), INT_MAX) : rng.below(8);
  switch (rng.below(10)) {
    case 0:
      return process.timerDelete(id);
    case 1:
      return process.prctl(PRCTL, rng.below(2));
    case 2:
      return process.setrlimit(rng.pick([1, 4, 8, 1_000, Number.POSITIVE_INFINITY]));
    case 3:
      return process.timerSettime(id, 0, seconds(5, 7));
    case 4:
      return process.setuid(rng.below(2));
    case 5:
      return moveNextId(kernel, rng.pick([0, 3, INT_MAX - 3, INT_MAX]));
    case 6:
      return process.setNextId(id);
    default:
      return process.timerCreate(rng.pick(CLOCKS), rng.pick(SIGEVENTS), id);
  }
}

/** Moves every next ID, where there are any: 2³¹ pairs would take too long here. */
function moveNextId(kernel: Kernel, id: number): number {
  for (const part of Object.values(kernel.table.parts())) {
    if (part instanceof NextId && id <= part.max) part.moveTo(id);
  }
  return 0;
}

describe.each([...RELEASES, 'restricted:5', 'reversed'])('%s', (release) => {
  it('leaves what the two calls leave', () => {
    const rng = random(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const seed = rng.u32();
      const [one, other] = [play(release, seed), play(release, seed)];
      const [clock, count] = [rng.pick(CLOCKS), rng.below(12)];
      const sigevent: Sigevent | null | typeof FAULT = rng.pick(SIGEVENTS);
      const firstId = rng.chance(0.5) ? -1 : Math.max(one.process.nextId, 0);
      const where = `seed ${rng.seed}, round ${round}`;
      const made = one.process.createDeletePairs(clock, sigevent, count, firstId);
      expect(made, where).toEqual(single(other.process, clock, sigevent, count, firstId));
      expect(one.process.lastWrittenId, where).toBe(other.process.lastWrittenId);
      // Every field of every object, all typed arrays among them; toEqual would take a hundred times as long.
      expect(isDeepStrictEqual(one.kernel, other.kernel), where).toBe(true);
      expect(one.process.procTimers(), where).toBe(other.process.procTimers());
    }
  });
});

function play(release: string, seed: number): { kernel: Kernel; process: Process } {
  const rng = random(seed);
  const { kernel, main } = start(release);
  const processes = [main, kernel.spawn({ pid: 50 })];
  for (let calls = rng.below(25); calls > 0; calls--) anyCall(rng, kernel, processes);
  return { kernel, process: rng.pick(processes) };
}

test('skips busy IDs, or ends there with the timer alive where the IDs must follow each other', () => {
  const { kernel, main } = start('6.18');
  main.prctl(PRCTL, 1);
  for (const id of [2, INT_MAX]) main.timerCreate(1, NONE, id);
  main.prctl(PRCTL, 0);
  expect(main.createDeletePairs(1, NONE, 4)).toEqual({ pairs: 4, lastId: 4, created: 4, deleted: 0 });
  moveNextId(kernel, 0);
  expect(main.createDeletePairs(1, NONE, 4, 0)).toEqual({ pairs: 2, lastId: 1, created: 3, deleted: 0 });
  expect([main.timerGettime(3), main.nextId]).toEqual([0, 4]);
  moveNextId(kernel, INT_MAX - 1);
  expect(main.createDeletePairs(1, NONE, 2)).toEqual({ pairs: 2, lastId: 0, created: 0, deleted: 0 });
});

test.each(['3.10', '6.1', '6.18'])('%s: no ID follows the last one', (release) => {
  const made: Pairs[] = [];
  const kernels = [inOne, single].map((pairs) => {
    const { kernel, main } = start(release);
    moveNextId(kernel, INT_MAX - 2);
    made.push(pairs(main, 1, NONE, 6, INT_MAX - 2));
    return kernel;
  });
  expect(made[0]).toEqual({ pairs: 3, lastId: INT_MAX, created: 0, deleted: 0 });
  expect(made[1]).toEqual(made[0]);
  expect(isDeepStrictEqual(kernels[0], kernels[1])).toBe(true);
});

test('ends where the limit does', () => {
  const { main } = start('6.1', { sigpending: 1 });
  expect(main.createDeletePairs(1, NONE, 5).pairs).toBe(5);
  main.timerCreate(1, NONE);
  expect(main.createDeletePairs(1, NONE, 5)).toEqual({ pairs: 0, lastId: -1, created: -EAGAIN, deleted: 0 });
});

test('refuses misuse, naming it', () => {
  const { main } = start('6.1');
  for (const count of [-1, 1.5, Number.NaN]) {
    expect(() => main.createDeletePairs(1, NONE, count)).toThrow(
      `count: got ${count}, expected an integer 0…9007199254740991`,
    );
  }
  for (const firstId of [-2, 2 ** 31, 0.5]) {
    expect(() => main.createDeletePairs(1, NONE, 1, firstId)).toThrow(`firstId: got ${firstId}, expected`);
  }
  main.exit();
  expect(() => main.createDeletePairs(1, NONE, 1)).toThrow('has exited');
});
