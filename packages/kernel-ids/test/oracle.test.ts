// Random calls on the models and on the same rules over plain sets and loops.
import { budget, runModel } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { CyclicIds, SysvIds } from '../src/index.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const STEPS = budget(50_000);

/** Tries every ID from the cursor to the highest, then from the lowest. */
class CircleOracle {
  readonly taken = new Set<number>();
  next = 0;
  allocate(min: number, max: number): number {
    const start = Math.max(this.next, min);
    for (let id = start; id <= max; id++) if (this.take(id)) return this.moved(id);
    for (let id = min; id < start && id <= max; id++) if (this.take(id)) return this.moved(id);
    return -1;
  }
  claim(from: number, max = from): number {
    for (let id = from; id <= max; id++) if (this.take(id)) return id;
    return -1;
  }
  private take(id: number): boolean {
    if (this.taken.has(id)) return false;
    this.taken.add(id);
    return true;
  }
  private moved(id: number): number {
    this.next = id + 1;
    return id;
  }
}

test('CyclicIds takes the next free ID, round and round', () => {
  const max = 40;
  const counts = runModel({
    seed: SEED,
    steps: STEPS,
    subject: new CyclicIds(),
    oracle: new CircleOracle(),
    operations: {
      allocate: {
        weight: 4,
        args: (rng) => [rng.below(5), max - rng.below(3)],
        subject: (ids, min: number, to: number) => ids.allocate(min, to),
        oracle: (ids, min: number, to: number) => ids.allocate(min, to),
      },
      claim: {
        args: (rng) => [rng.below(max)],
        subject: (ids, id: number) => ids.claim(id),
        oracle: (ids, id: number) => ids.claim(id),
      },
      claimFrom: {
        args: (rng) => [rng.below(max)],
        subject: (ids, id: number) => ids.claim(id, max),
        oracle: (ids, id: number) => ids.claim(id, max),
      },
      free: {
        weight: 4,
        args: (rng) => [rng.below(max + 2)],
        subject: (ids, id: number) => ids.free(id),
        oracle: (ids, id: number) => ids.taken.delete(id),
      },
      moveTo: {
        args: (rng) => [rng.below(max + 5)],
        subject: (ids, id: number) => ids.moveTo(id),
        oracle: (ids, id: number) => void (ids.next = id),
      },
    },
    checkEvery: 100,
    check: (ids, oracle) => {
      expect([...ids]).toEqual([...oracle.taken].sort((a, b) => a - b));
      expect(ids.next).toBe(oracle.next);
    },
  });
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(STEPS / 50);
});

/** The rules of System V over a list of IDs. */
class SysvOracle {
  ids: number[] = [];
  wish = -1;
  private circle = new CircleOracle();
  private sequence = 0;
  private last = -1;
  create(max: number): number {
    if (this.ids.length >= max) return -28;
    const wish = this.wish;
    this.wish = -1;
    let id: number;
    if (wish >= 0) {
      const slot = this.circle.claim(wish & 32_767, 32_767);
      if (slot < 0) return -28;
      id = (wish & ~32_767) + slot;
    } else {
      const slot = this.circle.allocate(0, Math.max(64, Math.floor(1.5 * this.ids.length)) - 1);
      if (slot < 0) return -28;
      if (slot <= this.last) this.sequence++;
      this.last = slot;
      id = slot + 32_768 * this.sequence;
    }
    this.ids.push(id);
    return id;
  }
  remove(id: number): number {
    if (!this.ids.includes(id)) return -22;
    this.ids = this.ids.filter((other) => other !== id);
    this.circle.taken.delete(id & 32_767);
    return 0;
  }
}

test('SysvIds takes slots in a circle that grows with the objects', () => {
  const max = 150;
  const oracle = new SysvOracle();
  const counts = runModel({
    seed: SEED,
    steps: STEPS,
    subject: new SysvIds({ max }),
    oracle,
    operations: {
      create: { weight: 5, args: () => [], subject: (ids) => ids.create(), oracle: (ids) => ids.create(max) },
      remove: {
        weight: 4,
        args: (rng) => [oracle.ids.length > 0 && rng.below(8) > 0 ? rng.pick(oracle.ids) : rng.below(100_000)],
        subject: (ids, id: number) => ids.remove(id),
        oracle: (ids, id: number) => ids.remove(id),
      },
      wish: {
        args: (rng) => [rng.below(3) === 0 ? 32_760 + rng.below(8) + 32_768 * rng.below(4) : rng.below(200)],
        subject: (ids, id: number) => ids.setNextId(id),
        oracle: (ids, id: number) => {
          ids.wish = id;
          return 0;
        },
      },
    },
    check: (ids) => expect(ids.size).toBe(oracle.ids.length),
    checkEvery: 100,
  });
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(STEPS / 50);
});
