import { expect, test } from 'vitest';
import {
  BUDGET_SHARE,
  budget,
  budgetShare,
  FailingAllocations,
  pairsWithinBudget,
  random,
  runModel,
  sizeWithinBudget,
  withinBudget,
} from '../src/index.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 8 }, random(seed).u32);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('below and between keep to their ranges and reach both ends', () => {
  const rng = random(3);
  const seen = new Set(Array.from({ length: 1000 }, () => rng.between(-2, 2)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect(rng.below(1)).toBe(0);
});

test('shuffle keeps the elements', () => {
  expect([...random(1).shuffle(Int32Array.from([1, 2, 3, 4]))].sort()).toEqual([1, 2, 3, 4]);
});

test('a budget is quick, full or a factor of the full one', () => {
  expect([undefined, 'quick', 'full', '0.25', '10'].map(budgetShare)).toEqual([0.05, 0.05, 1, 0.25, 10]);
  for (const text of ['', '0', '-1', 'Full', '1e3', 'NaN', 'toString', 'slow']) {
    expect(() => budgetShare(text), text).toThrow(
      `IDSPACE_TEST_BUDGET: got '${text}', expected quick, full or a factor above 0`,
    );
  }
});

test('counts scale with the budget, down to what a test needs', () => {
  expect(budget(1000)).toBe(1000 * BUDGET_SHARE);
  expect(budget(1000, 2000)).toBeGreaterThanOrEqual(1000);
  expect(budget(1)).toBeGreaterThanOrEqual(1);
  expect(budget(40, 7)).toBe(Math.max(7, Math.round(40 * BUDGET_SHARE)));
});

test('a grid is drawn from within the budget, by the seed, in its order', () => {
  const grid = Array.from({ length: 200 }, (_, cell) => cell);
  const drawn = withinBudget(grid);
  expect(drawn).toHaveLength(Math.min(200, 200 * BUDGET_SHARE));
  expect(drawn).toEqual(withinBudget(grid, { seed: 1 }));
  expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual(drawn);
  if (BUDGET_SHARE < 1) expect(withinBudget(grid, { seed: 2 })).not.toEqual(drawn);
  expect(withinBudget([4, 5, 6], { least: 9 })).toEqual([4, 5, 6]);
  expect(withinBudget([])).toEqual([]);
});

test('a size is at most the full one, and at least what is needed', () => {
  expect(sizeWithinBudget(1000)).toBe(Math.min(1000, 1000 * BUDGET_SHARE));
  expect(sizeWithinBudget(1000, 999)).toBe(BUDGET_SHARE < 1 ? 999 : 1000);
  expect(sizeWithinBudget(5, 9)).toBe(5);
});

test('of two lists every item is in some pair, and each pair is there once', () => {
  for (const [some, others] of [
    [
      [1, 2, 3],
      ['a', 'b'],
    ],
    [[1], ['a', 'b', 'c']],
    [
      [1, 2],
      ['a', 'b'],
    ],
  ] as const) {
    const pairs = pairsWithinBudget<number, string>(some, others);
    expect(new Set(pairs.map(([one]) => one))).toEqual(new Set(some));
    expect(new Set(pairs.map(([, other]) => other))).toEqual(new Set(others));
    expect(new Set(pairs.map(String)).size).toBe(pairs.length);
    expect(pairs).toHaveLength(BUDGET_SHARE < 1 ? Math.max(some.length, others.length) : some.length * others.length);
  }
});

const set = {
  add: {
    args: (rng: ReturnType<typeof random>) => [rng.below(10)],
    subject: (broken: Set<number>, x: number) => broken.add(x === 7 ? 8 : x).size,
    oracle: (good: Set<number>, x: number) => good.add(x).size,
  },
};

test('runModel names the seed, the step and the call at a difference', () => {
  const model = { seed: 5, steps: 1000, subject: new Set<number>(), oracle: new Set<number>(), operations: set };
  expect(() => runModel(model)).toThrow(/seed 5, step \d+: add\(\d\): got \d+, expected \d+/);
});

test('runModel plays every step where the sides agree', () => {
  const { subject } = { subject: set.add.oracle };
  const operations = { add: { ...set.add, subject } };
  const counts = runModel({ seed: 5, steps: 1000, subject: new Set<number>(), oracle: new Set<number>(), operations });
  expect(counts).toEqual({ add: 1000 });
});

/** A list in a typed array. The careless one says that it is longer before it has the room. */
class List {
  length = 0;
  items = new Int32Array(1);
  readonly careless: boolean;
  constructor(careless: boolean) {
    this.careless = careless;
  }
  push(item: number): number {
    if (this.careless) this.length++;
    if (this.length + (this.careless ? 0 : 1) > this.items.length) {
      const longer = new Int32Array(2 * this.items.length);
      longer.set(this.items);
      this.items = longer;
    }
    if (!this.careless) this.length++;
    this.items[this.length - 1] = item;
    return this.length;
  }
}

/** Plays on a list while allocations fail; returns how many did. */
function starve(careless: boolean): number {
  const memory = new FailingAllocations();
  try {
    runModel<List, number[]>({
      seed: 6,
      steps: 100,
      subject: new List(careless),
      oracle: [],
      operations: {
        push: {
          args: (rng) => [rng.below(9)],
          subject: (list, item: number) => list.push(item),
          oracle: (list, item: number) => list.push(item),
        },
      },
      check: (list, oracle) =>
        expect([list.length, ...list.items.subarray(0, list.length)]).toEqual([oracle.length, ...oracle]),
      memory,
    });
    return memory.refusals;
  } finally {
    memory.uninstall();
  }
}

test('runModel makes each allocation fail, and finds out what a failed one has changed', () => {
  // 1 → 2 → 4 … → 128: seven times, alone and with all that follow.
  expect(starve(false)).toBe(14);
  expect(() => starve(true)).toThrow(/the state differs after allocation 1 of push\(\d\) failed/);
});

test('FailingAllocations counts every way to a buffer, and no view', () => {
  const memory = new FailingAllocations();
  const buffer = new ArrayBuffer(16);
  const array = new Int32Array(4);
  const ways: (() => unknown)[] = [
    () => new Int32Array(3),
    () => new Float64Array([1, 2]),
    () => new Uint8Array(array),
    () => new ArrayBuffer(8),
    () => new SharedArrayBuffer(8),
    () => Int32Array.of(1),
    () => Uint32Array.from([1]),
    () => array.slice(),
    () => array.map((x) => x),
  ];
  const refused = ways.map((way) => memory.attempt(1, way).refused);
  const views = [() => new Int32Array(buffer), () => new Uint8Array(buffer, 4, 2), () => array.subarray(1)];
  const seen = views.map((view) => memory.attempt(1, view).refused);
  const second = memory.attempt(2, () => [new Int32Array(1), new Int32Array(1)]);
  memory.uninstall();
  expect(refused).toEqual(ways.map(() => true));
  expect(seen).toEqual(views.map(() => false));
  expect([second.refused, String(second.error)]).toEqual([true, 'RangeError: Array buffer allocation failed']);
  expect(new Int32Array(2).constructor).toBe(Int32Array);
});
