// Ida: boundaries, memory, and every answer against a Set.
import { inspect } from 'node:util';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Ida } from '../src/index.ts';

const MAX_ID = 2 ** 31 - 1;

/** 2ᵏ−1, 2ᵏ and 2ᵏ+1 for all k, as far as they are IDs. */
const BOUNDARIES = [...new Set(Array.from({ length: 32 }, (_, k) => [2 ** k - 1, 2 ** k, 2 ** k + 1]).flat())].filter(
  (id) => id <= MAX_ID,
);

function filled(count: number): Ida {
  const ida = new Ida();
  for (let i = 0; i < count; i++) ida.allocate();
  return ida;
}

test('IDs come lowest first, and so do freed ones', () => {
  const ida = filled(100);
  expect([ida.size, ida.free(70), ida.free(3), ida.free(40), ida.size]).toEqual([100, true, true, true, 97]);
  expect([1, 2, 3, 4].map(() => ida.allocate())).toEqual([3, 40, 70, 100]);
});

test('forEach visits every taken ID of the range, at each boundary', () => {
  const ida = new Ida(BOUNDARIES);
  const visited = (from?: number, max?: number): number[] => {
    const seen: number[] = [];
    ida.forEach((id) => void seen.push(id), from, max);
    return seen;
  };
  const all = [...BOUNDARIES].sort((a, b) => a - b);
  expect(all[0]).toBe(0);
  expect(visited()).toEqual(all);
  for (const id of all) {
    expect(visited(id, id)).toEqual([id]);
    expect(visited(0, id)).toEqual(all.filter((one) => one <= id));
    expect(visited(id)).toEqual(all.filter((one) => one >= id));
  }
});

test('it goes where a ReadonlySet is wanted', () => {
  const ida = new Ida([70, 3]);
  const set: ReadonlySet<number> = ida;
  const ids = new Set([3, 70]);
  expect([[...set], [...set.keys()], [...set.values()]]).toEqual([[...ids], [...ids.keys()], [...ids.values()]]);
  expect([[...set.entries()], set.size, set.has(3), set.has(4)]).toEqual([[...ids.entries()], 2, true, false]);
  const met: unknown[] = [];
  set.forEach((...args) => void met.push(args));
  expect(met).toEqual([
    [3, 3, ida],
    [70, 70, ida],
  ]);
  expect((met[0] as unknown[])[2]).toBe(ida);
  // Its second argument is the first ID, as in the other classes, and not what `this` is.
  expect(() => set.forEach(() => {}, {})).toThrow('Ida.forEach: from: got [object Object], expected an integer');
});

test('the order in which three IDs are freed makes no difference', () => {
  for (const order of [
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ]) {
    const ida = filled(5000);
    for (const k of order) expect(ida.free(k * 1100)).toBe(true);
    for (const k of order) expect([ida.has(k * 1100), ida.free(k * 1100)]).toEqual([false, false]);
    expect(ida.findFirst(1100)).toBe(1101);
    expect([ida.allocate(1101), ida.allocate(0, 1099), ida.allocate(0, 1100)]).toEqual([2200, -1, 1100]);
    expect([ida.allocate(), ida.allocate(), ida.size]).toEqual([3300, 5000, 5001]);
  }
});

test('boundary IDs: taken alone, found, kept apart from their neighbours, freed', () => {
  const all = new Ida();
  for (const id of BOUNDARIES) {
    const ida = new Ida();
    expect([ida.allocate(id), ida.allocate(id, id), ida.size]).toEqual([id, -1, 1]);
    expect([ida.has(id - 1), ida.has(id), ida.has(id + 1)]).toEqual([false, true, false]);
    expect([ida.findFirst(), ida.findFirst(id), ida.findFirst(0, id)]).toEqual([id, id, id]);
    if (id > 0) expect(ida.findFirst(0, id - 1)).toBe(-1);
    if (id < MAX_ID) expect(ida.findFirst(id + 1)).toBe(-1);
    expect([...ida]).toEqual([id]);
    expect([ida.free(id), ida.free(id), ida.size, [...ida]]).toEqual([true, false, 0, []]);
    expect(ida.allocate()).toBe(0);
    expect(all.allocate(id, id)).toBe(id);
  }
  expect([...all]).toEqual(BOUNDARIES.toSorted((a, b) => a - b));
  expect(all.allocate(MAX_ID)).toBe(-1);
});

test('every limit between two words, leaves and levels is kept', () => {
  for (const edge of [64, 1024, 2048, 32_768, 2 ** 20, 2 ** 25, 2 ** 30]) {
    const ida = new Ida();
    for (let id = edge - 40; id < edge + 40; id++) expect(ida.allocate(edge - 40)).toBe(id);
    expect(ida.allocate(edge - 40, edge + 39)).toBe(-1);
    for (const id of [edge - 1, edge, edge + 1]) {
      ida.free(id);
      expect(ida.findFirst(id)).toBe(id + 1);
      expect(ida.allocate(edge - 40, id - 1)).toBe(-1);
      expect(ida.allocate(id + 1, edge + 39)).toBe(-1);
      expect(ida.allocate(edge - 40, edge + 39)).toBe(id);
    }
  }
});

test('min above max, and a full range, give −1 and change nothing', () => {
  const ida = filled(10);
  expect([ida.allocate(5, 4), ida.allocate(0, 9), ida.allocate(MAX_ID, 0), ida.findFirst(5, 4)]).toEqual([
    -1, -1, -1, -1,
  ]);
  ida.free(4);
  expect([ida.allocate(0, 3), ida.allocate(5, 9), ida.size, ida.allocate()]).toEqual([-1, -1, 9, 4]);
});

test('what is not an ID is harmless to free and never there', () => {
  const ida = filled(40);
  for (const odd of [
    -1,
    40,
    1.5,
    2 ** 31,
    2 ** 32,
    -(2 ** 31),
    Number.NaN,
    Infinity,
    '3',
    null,
    undefined,
    {},
    [],
    true,
  ]) {
    expect([ida.free(odd as never), ida.has(odd as never)], inspect(odd)).toEqual([false, false]);
  }
  expect([...ida]).toEqual([...filled(40)]);
});

test('bad limits are refused', () => {
  const ida = new Ida();
  for (const bad of [-1, 0.5, 2 ** 31, Number.NaN, '1' as never, null as never]) {
    expect(() => ida.allocate(bad)).toThrow(RangeError);
    expect(() => ida.allocate(0, bad)).toThrow(RangeError);
    expect(() => ida.findFirst(bad)).toThrow(RangeError);
    expect(() => ida.findFirst(0, bad)).toThrow(RangeError);
  }
  expect(() => ida.allocate(-1)).toThrow('min: got -1, expected an integer 0…2147483647');
  expect(ida.size).toBe(0);
});

describe('memory', () => {
  test.each([1e5, 1e6, 3e6])('%d dense IDs take at most 0.3 byte each', (count) => {
    expect(filled(count).byteLength / count).toBeLessThan(0.3);
  });

  test('an ID anywhere, alone, takes no more than 1.2 kB, and is given back for the next', () => {
    const ida = new Ida();
    for (let id = MAX_ID; id > 1000; id = Math.floor(id / 1.01)) {
      expect(ida.allocate(id)).toBe(id);
      expect(ida.byteLength).toBeLessThan(1200);
      expect(ida.free(id)).toBe(true);
    }
    expect(ida.size).toBe(0);
  });

  test('IDs far apart take 140 bytes of leaf each, and little more; clear gives all back', () => {
    const ida = new Ida();
    for (let i = 0; i < 10_000; i++) ida.allocate(i * 200_000);
    expect(ida.byteLength / 10_000).toBeLessThan(600);
    const before = new Ida().byteLength;
    ida.clear();
    expect([ida.size, ida.byteLength, ida.findFirst(), ida.allocate(), ida.allocate(5)]).toEqual([0, before, -1, 0, 5]);
  });

  test('nodes are used again', () => {
    const ida = filled(50_000);
    const { byteLength } = ida;
    for (let round = 1; round < 5; round++) {
      const min = 10_000_000 * round;
      for (const id of ida) ida.free(id);
      for (let id = 0; id < 50_000; id++) ida.allocate(min);
      expect([ida.size, ida.findFirst(), ida.allocate(0, 0)]).toEqual([50_000, min, 0]);
    }
    expect(ida.byteLength).toBeLessThanOrEqual(byteLength * 2);
  });
});

test('iteration is ascending, and IDs may come and go meanwhile', () => {
  const ida = new Ida();
  const ids = [0, 5, 31, 32, 1023, 1024, 70_000, 2 ** 30, MAX_ID];
  for (const id of ids.toReversed()) ida.allocate(id, id);
  expect([...ida]).toEqual(ids);
  const seen: number[] = [];
  for (const id of ida) {
    seen.push(id);
    ida.free(id);
    if (id === 5) ida.free(32);
    if (id === 1024) ida.allocate(2000);
  }
  expect(seen).toEqual([0, 5, 31, 1023, 1024, 2000, 70_000, 2 ** 30, MAX_ID]);
  expect([ida.size, [...ida]]).toEqual([0, []]);
});

test('console.log shows number and IDs, a hundred at most', () => {
  expect(inspect(new Ida())).toBe('Ida(0) {}');
  expect(inspect({ ids: filled(3) })).toBe('{ ids: Ida(3) { 0, 1, 2 } }');
  expect(inspect(filled(150))).toMatch(/^Ida\(150\) \{ 0, 1, .*, 99, \.\.\. 50 more \}$/);
});

test('freeing all in any order leaves as little as an empty one has', () => {
  const rng = random(61);
  const ida = new Ida();
  const ids = rng.shuffle([...new Set(Array.from({ length: 3000 }, () => rng.below(2 ** 31)))]);
  for (const id of ids) ida.allocate(id, id);
  for (const id of rng.shuffle(ids)) expect(ida.free(id), `seed ${rng.seed}`).toBe(true);
  expect([ida.size, ida.findFirst(), ida.allocate(), ida.allocate(MAX_ID)]).toEqual([0, -1, 0, MAX_ID]);
});
