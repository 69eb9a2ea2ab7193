// Counts, ranks and calls on whole ranges, in every ordered class, against a Map that is asked key by key.
import { budget, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { IntMap, XArray, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import { BOUNDARIES, contents, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';
import { RANGED, type Ranged } from './support/kinds.ts';

/** What a class should hold: entries, and for each of the marks the keys that have it. */
class Model {
  readonly entries = new Map<number, number>();
  readonly marked = [new Set<number>(), new Set<number>(), new Set<number>()] as const;

  keys(mark?: number): number[] {
    return [...(mark === undefined ? this.entries.keys() : this.marked[mark]!)].sort((a, b) => a - b);
  }

  within(first: number, last: number): number[] {
    return [...this.entries.keys()].filter((key) => key >= first && key <= last).sort((a, b) => a - b);
  }

  drop(key: number): void {
    this.entries.delete(key);
    for (const set of this.marked) set.delete(key);
  }
}

/** Compares all that can be asked of a range; `extra` are entries above it that the model does not know. */
function compare(made: Ranged, model: Model, first: number, last: number, where: string): void {
  const within = model.within(first, last);
  expect(made.count(first, last), where).toBe(within.length);
  const pairs = within.map((key) => [key, model.entries.get(key)]);
  // As text: thousands of pairs are not compared one by one.
  expect(made.pairs(first, last).join(' '), where).toBe(pairs.join(' '));
  expect(made.downwards(last, first).join(' '), where).toBe(pairs.toReversed().join(' '));
  const keys = model.keys();
  const below = keys.filter((key) => key < first).length;
  expect([made.rank(first), made.nth(below)], where).toEqual([below, keys[below] ?? made.nth(below)]);
  if (below < keys.length) expect(made.rank(made.nth(below)), where).toBe(below);
  if (made.setMark === undefined) return;
  for (const mark of [0, 1]) {
    const marked = model.keys(mark);
    const before = marked.filter((key) => key < first).length;
    const inside = marked.filter((key) => key >= first && key <= last).length;
    const got = [made.count(first, last, mark), made.rank(first, mark), made.nth(before, mark)];
    expect(got, `${where}, mark ${mark}`).toEqual([inside, before, marked[before] ?? -1]);
  }
}

describe.each(withinBudget(Object.entries(RANGED), { least: 4 }))('%s', (name, make) => {
  const others = make().size();

  test('with nothing in it', () => {
    const made = make();
    const model = new Model();
    for (const key of [0, 1, 63, 64, 4095, 2 ** 31]) compare(made, model, key, key, `${key}`);
    expect([made.count(0, 2 ** 31), made.nth(others), made.eraseRange(0, 2 ** 31)]).toEqual([0, -1, 0]);
    expect([made.nth(MAX_INDEX), made.count(5, 4), made.count(0, MAX_INDEX)]).toEqual([-1, 0, others]);
    made.check();
  });

  test('at boundaries, alone and together', () => {
    const all = make();
    const model = new Model();
    const keys = BOUNDARIES.filter((key) => others === 0 || key < 2 ** 31);
    for (const key of keys) {
      all.set(key, 7);
      model.entries.set(key, 7);
      const lone = make();
      lone.set(key, 9);
      if (others === 0)
        expect([lone.rank(key), lone.rank(MAX_INDEX), lone.nth(0), lone.nth(1)]).toEqual([
          0,
          key < MAX_INDEX ? 1 : 0,
          key,
          -1,
        ]);
      expect([lone.count(key, key), lone.count(Math.max(key - 1, 0), key)]).toEqual([1, 1]);
      expect([lone.eraseRange(key, key), lone.size()]).toEqual([1, others]);
      lone.check();
    }
    for (const key of keys.filter((_, at) => at % 3 === 0))
      compare(all, model, Math.max(key - 2, 0), Math.min(key + 2, keys.at(-1)!), `${key}`);
    for (const [k, key] of model.keys().entries()) expect([all.nth(k), all.rank(key)], `${k}`).toEqual([key, k]);
    expect(all.eraseRange(63, 2 ** 31 - 1)).toBe(model.within(63, 2 ** 31 - 1).length);
    for (const key of model.within(63, 2 ** 31 - 1)) model.drop(key);
    compare(all, model, 0, keys.at(-1)!, 'what is left');
    expect(all.eraseRange(0, keys.at(-1)!)).toBe(model.keys().length);
    expect(all.size()).toBe(others);
    all.check();
  });

  test('in full leaves and full subtrees', () => {
    const made = make();
    const model = new Model();
    // From the last leaf of one subtree of 4,096 to the first of the one after the next.
    for (let key = 4_000; key < 12_400; key++) {
      made.set(key, key);
      model.entries.set(key, key);
    }
    for (const [first, last] of [
      [0, 20_000],
      [4_095, 4_096],
      [4_096, 8_191],
      [4_097, 8_190],
      [8_191, 8_192],
      [4_064, 12_351],
      [12_399, 12_400],
    ] as const) {
      compare(made, model, first, last, `${first}…${last}`);
    }
    for (const key of [4_096, 6_000, 8_191]) {
      made.drop(key);
      model.drop(key);
      compare(made, model, 0, 20_000, `without ${key}`);
      compare(made, model, key, key + 4_096, `from ${key}`);
    }
    expect(made.eraseRange(4_100, 8_200)).toBe(model.within(4_100, 8_200).length);
    for (const key of model.within(4_100, 8_200)) model.drop(key);
    compare(made, model, 0, 20_000, 'erased across subtrees');
    made.check();
  });

  test('among entries and marks that come and go', () => {
    for (let seed = 1; seed <= budget(6); seed++) {
      const rng = random(seed);
      const made = make();
      const model = new Model();
      const centres = [0, 4_096 - 100, 2 ** 18 - 200, 2 ** 30 - 64, ...(others === 0 ? [MAX_INDEX - 5_000] : [])];
      const near = rng.pick([70, 600, 5_000]);
      const draw = (): number => rng.pick(centres) + rng.below(near);
      for (let step = 0; step < 120; step++) {
        const key = draw();
        const last = rng.chance(0.8) ? Math.min(key + rng.below(near), MAX_INDEX) : Math.max(key, draw());
        const where = `seed ${seed}, step ${step}: ${key}…${last}`;
        const what = rng.below(10);
        if (what < 4) {
          made.set(key, step + 1);
          model.entries.set(key, step + 1);
        } else if (what < 6 && made.fillRange !== undefined && last - key < 20_000) {
          made.fillRange(key, last, step + 1);
          for (let at = key; at <= last; at++) model.entries.set(at, step + 1);
        } else if (what < 7) {
          const gone = model.within(key, last);
          expect(made.eraseRange(key, last), where).toBe(gone.length);
          for (const one of gone) model.drop(one);
        } else if (what < 9 && made.setMark !== undefined) {
          made.setMark(key, what - 7);
          if (model.entries.has(key)) model.marked[what - 7]!.add(key);
        }
        expect(made.size(), where).toBe(model.entries.size + others);
        if (step % 10 === 0) compare(made, model, key, last, where);
      }
      const wrong = [...model.entries].filter(([key, entry]) => made.get(key) !== entry);
      expect(wrong, `seed ${seed}`).toEqual([]);
      for (const mark of [0, 1]) {
        const unlike = model
          .keys()
          .filter((key) => made.getMark && made.getMark(key, mark) !== model.marked[mark]!.has(key));
        expect(unlike, `${name}, seed ${seed}, mark ${mark}`).toEqual([]);
      }
      made.check();
    }
  });
});

test('a range as large as all keys is erased by its nodes, and there is nothing left', () => {
  const array = new XArray();
  for (const index of BOUNDARIES) array.store(index, 1);
  array.storeOrder(2 ** 30, 29, 4);
  array.setMark(2 ** 30, 1);
  expect(array.eraseRange(0, MAX_INDEX)).toBeGreaterThan(90);
  expectEmpty(array);
});

test('erased indices are handed out again, the lowest first', () => {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < 300; i++) array.alloc(1);
  expect(array.eraseRange(70, 200)).toBe(131);
  expect([array.alloc(2), array.alloc(2), array.findAbsent(0)]).toEqual([70, 71, 72]);
  expectSound(array);
});

test('reservations count for nothing, and a range that is erased has none left', () => {
  const array = new XArray();
  for (let i = 0; i < 200; i += 3) array.reserve(i);
  for (let i = 0; i < 200; i += 2) array.store(i, 1);
  expect([array.count(), array.count(0, 99), array.rank(100), array.nth(3)]).toEqual([100, 50, 50, 6]);
  array.setMark(3, 0);
  array.setMark(4, 0);
  expect([array.count(0, 199, 0), array.nth(0, 0), array.nth(1, 0)]).toEqual([1, 4, -1]);
  const copy = XArray.from(array.snapshot());
  expect([copy.count(0, 99), copy.rank(100), copy.nth(3)]).toEqual([50, 50, 6]);
  copy.compact();
  expect([copy.count(0, 99), copy.nth(99)]).toEqual([50, 198]);
  expect(array.eraseRange(0, 198)).toBe(100);
  expectEmpty(array);
});

test('after a snapshot, what has no reservations is counted by its bits too', () => {
  for (const alloc of ['from0', 'from1', undefined] as const) {
    const array = new XArray({ alloc });
    for (let i = 1; i < 500; i++) array.store(i, i);
    for (const made of [array, XArray.from(array.snapshot())]) {
      expect([made.count(0, 99), made.rank(64), made.nth(0), made.nth(498), made.nth(499)]).toEqual([
        99, 63, 1, 499, -1,
      ]);
    }
  }
});

test('an entry that became a reservation counts no more', () => {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < 128; i++) array.store(i, 1);
  array.store(70, 0);
  array.alloc(0);
  expect([array.count(64, 127), array.rank(128), array.nth(70), array.nth(127)]).toEqual([63, 127, 71, -1]);
  const spans = new XArray({ alloc: 'from0' });
  spans.storeOrder(0, 2, 5);
  spans.store(64, 1);
  spans.store(1, 0);
  spans.split(0, 0);
  expect([spans.count(0, 70), spans.nth(0)]).toEqual([1, 64]);
});

test('an entry of many indices counts once, from its first index', () => {
  const array = new XArray();
  array.store(3, 1);
  array.storeOrder(128, 7, 2);
  array.storeOrder(2 ** 20, 20, 3);
  array.store(MAX_INDEX, 4);
  array.setMark(2 ** 20, 1);
  expect([0, 1, 2, 3, 4].map((k) => array.nth(k))).toEqual([3, 128, 2 ** 20, MAX_INDEX, -1]);
  expect([array.rank(128), array.rank(129), array.rank(256), array.rank(MAX_INDEX)]).toEqual([1, 2, 2, 3]);
  expect([array.count(200, 210), array.count(255, 2 ** 20), array.count(256, 2 ** 20 - 1)]).toEqual([1, 2, 0]);
  expect([array.count(0, MAX_INDEX, 1), array.nth(0, 1)]).toEqual([1, 2 ** 20]);
  expect(array.eraseRange(2 ** 20 + 5, 2 ** 20 + 6)).toBe(1);
  expect(contents(array)).toEqual([
    [3, 1],
    [128, 2],
    [MAX_INDEX, 4],
  ]);
  // As a store, a fill replaces all of an entry that it reaches into.
  array.fillRange(120, 130, 9);
  expect(array.getOrder(200)).toBe(7);
  expect([array.load(255), array.load(120), array.load(119), array.size]).toEqual([9, 9, 0, 11]);
  expectSound(array);
});

test('what is erased or filled during a visit is met as it then is', () => {
  const array = new XArray();
  for (let i = 0; i < 1_000; i++) array.store(i, 1);
  const seen: number[] = [];
  for (const [index] of array) {
    seen.push(index);
    if (index === 10) array.eraseRange(11, 989);
    if (index === 995) array.fillRange(1_000, 1_001, 1);
  }
  expect(seen).toEqual([...Array.from({ length: 11 }, (_, i) => i), ...Array.from({ length: 12 }, (_, i) => 990 + i)]);
  const back: number[] = [];
  for (const [index] of array.reversed()) {
    back.push(index);
    if (index === 995) array.eraseRange(2, 994);
  }
  expect(back).toEqual([1_001, 1_000, 999, 998, 997, 996, 995, 1, 0]);
});

test('an iterator stays at its end, whatever comes then', () => {
  for (const array of [new XArray(), new SparseXArray()]) {
    array.store(7, 1);
    const [up, down] = [array.range(), array.reversed()];
    expect([[...up], [...down]]).toEqual([[[7, 1]], [[7, 1]]]);
    array.store(3, 1);
    array.store(9, 1);
    expect([up.next().done, down.next().done]).toEqual([true, true]);
  }
});

test('a range that does not fit is refused before anything has changed', () => {
  const array = new XArray();
  array.store(5, 1);
  expect(() => array.fillRange(0, MAX_INDEX, 1)).toThrow(RangeError);
  expect(contents(array)).toEqual([[5, 1]]);
  // Six nodes: a root and five leaves.
  const shared = new SharedXArray({ capacity: 6 });
  shared.fillRange(0, 319, 1);
  expect(() => shared.fillRange(300, 320, 2)).toThrow(/more than 6 nodes/);
  expect([shared.size, shared.load(319)]).toEqual([320, 1]);
  shared.fillRange(0, 319, 3);
  expect(shared.load(319)).toBe(3);
  expect(shared.eraseRange(0, 319)).toBe(320);
  shared.fillRange(64 * 55, 64 * 60 - 1, 4);
  expect(shared.count()).toBe(320);
  expectSound(shared);
});

test('bad ranges and numbers are refused', () => {
  const calls: ((bad: number) => unknown)[] = [];
  for (const array of [new XArray(), new XArrayOf<number>(), new SparseXArray(), new SharedXArray({ capacity: 4 })]) {
    calls.push(
      (bad) => array.count(bad, 5),
      (bad) => array.count(5, bad),
      (bad) => array.rank(bad),
      (bad) => array.nth(bad),
      (bad) => array.eraseRange(bad, 5),
      (bad) => array.eraseRange(0, bad),
    );
    expect(() => array.count(0, 5, 3)).toThrow(/mark/);
  }
  const map = new IntMap();
  calls.push(
    (bad) => map.deleteRange(bad, 5),
    (bad) => map.fillRange(bad, 5, 1),
    (bad) => map.fillRange(1, 2, bad),
    (bad) => map.rank(bad),
  );
  for (const call of calls)
    for (const bad of [-1, 0.5, 2 ** 32, Number.NaN, '1' as never, null as never])
      expect(() => call(bad)).toThrow(RangeError);
  for (const array of [new XArray(), new SharedXArray({ capacity: 4 })]) {
    for (const bad of [0, -1, 2 ** 31]) expect(() => array.fillRange(0, 5, bad)).toThrow(/entry: got/);
  }
});

test('values of any kind are released when their range is erased', () => {
  const array = new XArrayOf<object>();
  for (let i = 0; i < 200; i++) array.store(i, { i });
  expect(array.eraseRange(10, 189)).toBe(180);
  const { byteLength } = array;
  for (let i = 10; i < 190; i++) array.store(i, { i });
  expect(array.byteLength).toBe(byteLength);
  expect(array.load(15)).toEqual({ i: 15 });
});
