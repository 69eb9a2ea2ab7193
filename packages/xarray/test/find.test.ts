// Scenarios of the kernel's lib/test_xarray.c on finding and iterating.
import { budget, expectSame, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { BOUNDARIES, contents, entryFor, expectEmpty, MAX_INDEX } from './sound.ts';

const below100 = Array.from({ length: 100 }, (_, i) => i);

test('check_find_1: all pairs below 100, present and marked', () => {
  const array = new XArray();
  for (let i = 0; i < 100; i++) {
    array.store(i, entryFor(i));
    array.setMark(i, 0);
    for (let j = 0; j < i; j++) {
      array.store(j, entryFor(j));
      array.setMark(j, 0);
      const wrong = below100.filter((k) => {
        const expected = k <= j ? j : k <= i ? i : -1;
        return array.find(k) !== expected || array.find(k, MAX_INDEX, 0) !== expected || array.find(k, 99, 1) !== -1;
      });
      expectSame(wrong, []);
      array.erase(j);
      expectSame(array.getMark(j, 0), false);
      expectSame(array.getMark(i, 0), true);
    }
    array.erase(i);
    expectEmpty(array);
  }
});

test('check_find_2: iteration sees each entry once, in order, as the array grows', () => {
  const array = new XArray();
  for (let i = 0; i < 1024; i++) {
    array.store(i, entryFor(i));
    if (i % 31 > 0) continue;
    const seen: number[] = [];
    array.forEach((entry, index) => void seen.push(entry === entryFor(index) ? index : -1));
    expect(seen).toEqual(Array.from({ length: i + 1 }, (_, n) => n));
  }
  array.clear();
  expectEmpty(array);
});

test('check_find_3: a search between bounds finds what is between them', () => {
  const array = new XArray();
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 100; j++) {
      const found: number[] = [];
      for (let at = array.find(j, 99); at >= 0; at = array.findAfter(at, 99)) found.push(at);
      expectSame(
        found,
        Array.from({ length: Math.max(0, i - j) }, (_, n) => j + n),
      );
      expectSame(array.find(j, i), j < i ? j : -1);
    }
    array.store(i, entryFor(i));
    array.setMark(i, 0);
  }
  array.clear();
  expectEmpty(array);
});

test('check_find_4: the last index is found once', () => {
  const array = new XArray();
  array.store(0, 1);
  array.store(MAX_INDEX, 2);
  expect(array.findAfter(0)).toBe(MAX_INDEX);
  expect(array.findAfter(MAX_INDEX)).toBe(-1);
  expect(array.find(MAX_INDEX)).toBe(MAX_INDEX);
  expect(array.find(1, MAX_INDEX - 1)).toBe(-1);
  expect(contents(array)).toEqual([
    [0, 1],
    [MAX_INDEX, 2],
  ]);
  array.erase(MAX_INDEX);
  expect(array.findAfter(MAX_INDEX)).toBe(-1);
  array.erase(0);
  expectEmpty(array);
});

test('find from, between and up to boundary indices', () => {
  const array = new XArray();
  for (const index of BOUNDARIES) array.store(index, entryFor(index));
  const sorted = BOUNDARIES.toSorted((a, b) => a - b);
  for (const from of sorted) {
    const next = sorted.find((index) => index > from) ?? -1;
    expect(array.find(from)).toBe(from);
    expect(array.findAfter(from)).toBe(next);
    if (next > from + 1) expect(array.find(from + 1, next - 1)).toBe(-1);
  }
});

test('extract copies entries until the destination is full', () => {
  const array = new XArray();
  for (const index of [3, 64, 65, 5000, MAX_INDEX]) array.store(index, entryFor(index));
  array.setMark(65, 1);
  array.setMark(MAX_INDEX, 1);
  const dst = new Int32Array(3);
  expect(array.extract(dst, 0)).toBe(3);
  expect([...dst]).toEqual([3, 64, 65].map(entryFor));
  expect(array.extract(dst, 65)).toBe(3);
  expect([...dst]).toEqual([65, 5000, MAX_INDEX].map(entryFor));
  expect(array.extract(dst, 66, 6000)).toBe(1);
  expect(array.extract(dst, 0, MAX_INDEX, 1)).toBe(2);
  expect([...dst.subarray(0, 2)]).toEqual([65, MAX_INDEX].map(entryFor));
  expect(array.extract(new Int32Array(0), 0)).toBe(0);
  expect(array.extract(dst, 6000, 7000)).toBe(0);
});

test('forEach meets what its function stores ahead, and not what it erases there', () => {
  const array = new XArray();
  for (const index of [0, 10, 20, 300]) array.store(index, 1);
  const seen: number[] = [];
  array.forEach((_, index) => {
    seen.push(index);
    if (index === 0) array.store(1_000_000, 1);
    if (index === 10) array.erase(20);
    if (index === 300) array.store(301, 1);
  });
  expect(seen).toEqual([0, 10, 300, 301, 1_000_000]);
});

test('forEach goes on rightly when its leaf is freed and comes back as another', () => {
  const array = new XArray();
  for (const index of [64, 65, 130, 200]) array.store(index, entryFor(index));
  const seen: number[] = [];
  array.forEach((_, index) => {
    seen.push(index);
    if (index !== 64) return;
    array.erase(64);
    array.erase(65);
    array.store(4100, 1);
    array.store(66, 1);
  });
  expect(seen).toEqual([64, 66, 130, 200, 4100]);
});

test('forEach goes on rightly when its leaf is freed and serves another place', () => {
  const array = new XArray();
  for (const index of [64, 130]) array.store(index, entryFor(index));
  const seen: number[] = [];
  array.forEach((_, index) => {
    seen.push(index);
    if (index !== 64) return;
    array.erase(64);
    array.store(4101, 1);
  });
  expect(seen).toEqual([64, 130, 4101]);
});

test('forEach over the lone entry in the head goes on when the array grows meanwhile', () => {
  const array = new XArray();
  array.store(0, 1);
  const seen: number[] = [];
  array.forEach((_, index) => {
    seen.push(index);
    if (index < 200) array.store(index + 50, 1);
    array.erase(index);
  });
  expect(seen).toEqual([0, 50, 100, 150, 200]);
  expectEmpty(array);
});

test('forEach keeps to its bounds, both included', () => {
  const array = new XArray();
  for (let i = 0; i < 300; i++) array.store(i, 1);
  const seen = (from: number, max: number): [number, number, number] => {
    const indices: number[] = [];
    array.forEach((_, index) => void indices.push(index), from, max);
    return [indices.length, indices[0] ?? -1, indices.at(-1) ?? -1];
  };
  expect(seen(10, 200)).toEqual([191, 10, 200]);
  expect(seen(63, 64)).toEqual([2, 63, 64]);
  expect(seen(64, 127)).toEqual([64, 64, 127]);
  expect(seen(5, 4)).toEqual([0, -1, -1]);
});

test.each([undefined, 1])(
  'forEach meets what lies ahead as it then is, whatever its function does (mark %s)',
  (mark) => {
    for (let run = 1; run <= budget(60); run++) {
      const rng = random(run);
      const span = rng.pick([100, 5_000, 300_000]);
      const array = new XArray();
      const there = new Set<number>();
      const put = (index: number): void => {
        array.store(index, entryFor(index));
        if (mark !== undefined) array.setMark(index, mark);
        there.add(index);
      };
      const drop = (index: number): void => {
        array.erase(index);
        there.delete(index);
      };
      for (let i = rng.below(300); i > 0; i--) put(rng.below(span));
      const expected: number[] = [];
      const seen: number[] = [];
      array.forEach(
        (_, index) => {
          expected.push(ceiling(there, (seen.at(-1) ?? -1) + 1));
          seen.push(index);
          for (let calls = seen.length < 400 ? rng.below(4) : 0; calls > 0; calls--) {
            const near = Math.max(index + rng.between(-70, 140), 0);
            const at = rng.pick([near, rng.below(span), index]);
            if (rng.below(2) === 0) put(at);
            else drop(at);
          }
        },
        0,
        MAX_INDEX,
        mark,
      );
      expect(seen, `seed ${rng.seed}`).toEqual(expected);
      expect(ceiling(there, (seen.at(-1) ?? -1) + 1), 'nothing is left out at the end').toBe(-1);
    }
  },
);

/** The lowest number of a set from `from` on, or −1. */
function ceiling(numbers: Set<number>, from: number): number {
  const above = [...numbers].filter((number) => number >= from);
  return above.length === 0 ? -1 : Math.min(...above);
}

test.each([1, 2])('searches from −0 return 0, not −0, among %i entries', (size) => {
  const xa = new XArray();
  for (let i = 0; i < size; i++) xa.store(i, 7);
  xa.setMark(0, 1);
  const answers = [xa.find(-0), xa.findLast(-0), xa.findLast(-0, 0, 1), [...xa.reversed(-0)][0]![0]];
  expect(answers).toEqual([0, 0, 0, 0]);
});
