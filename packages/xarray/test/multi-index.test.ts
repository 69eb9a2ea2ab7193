// Scenarios of the kernel's lib/test_xarray.c on entries of more than one index.
import { expectSame, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { BOUNDARIES, contents, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);
const size = (order: number): number => 2 ** order;

/** Indices of a range whose entry is not the one expected; the ends of each power of two where it is long. */
function wrong(array: XArray, first: number, last: number, entry: number): number[] {
  const steps = BOUNDARIES.flatMap((step) => [first + step, last - step]).filter((i) => i >= first && i <= last);
  const indices = last - first < 5000 ? upTo(last - first + 1, first) : steps;
  return indices.filter((index) => array.load(index) !== entry);
}

describe.each(upTo(6, 2))('check_xa_mark_1: order %d over marked entries', (order) => {
  test.each([0, 4, 64, 4092, 16380])('from %d', (start) => {
    const array = new XArray();
    const base = Math.ceil((start + 1) / size(order)) * size(order);
    const next = base + size(order);
    array.store(base, entryFor(base));
    array.setMark(base, 0);
    array.store(base + 1, entryFor(base + 1));
    array.setMark(base + 1, 2);
    array.store(next, entryFor(next));
    expect(array.storeOrder(base, order, 77)).toBe(entryFor(base));
    for (const index of upTo(size(order), base)) {
      expect([0, 1, 2].map((mark) => array.getMark(index, mark))).toEqual([true, false, true]);
    }
    expect([0, 1, 2].map((mark) => array.getMark(next, mark))).toEqual([false, false, false]);
    expect(contents(array)).toEqual([
      [base, 77],
      [next, entryFor(next)],
    ]);
    const marked: number[] = [];
    array.forEach((_, index) => void marked.push(index), 0, MAX_INDEX, 0);
    expect(marked).toEqual([base]);
    array.clearMark(next - 1, 0);
    expect([array.getMark(base, 0), array.marked(0), array.marked(2)]).toEqual([false, false, true]);
    expectSound(array);
    array.erase(next - 1);
    array.erase(next);
    expectEmpty(array);
  });
});

test('check_xa_mark_3: a marked search from inside an entry meets it once', () => {
  const array = new XArray();
  array.storeOrder(0x40, 2, 5);
  array.setMark(0x41, 0);
  expect(array.find(0x41, MAX_INDEX, 0)).toBe(0x41);
  expect(array.findAfter(0x41, MAX_INDEX, 0)).toBe(-1);
  let met = 0;
  array.forEach(() => void met++, 0x41, MAX_INDEX, 0);
  expect(met).toBe(1);
  array.erase(0x42);
  expectEmpty(array);
});

test('check_cmpxchg_order: to 0 at one index removes them all, and leaves the next entry', () => {
  const array = new XArray();
  array.storeOrder(0, 3, 10);
  array.storeOrder(8, 3, 11);
  for (const index of upTo(16)) expect(array.getOrder(index)).toBe(3);
  expect(array.cmpxchg(3, 11, 9)).toBe(10);
  expect(array.cmpxchg(0, 10, 0)).toBe(10);
  for (const index of upTo(8)) expect([array.load(index), array.getOrder(index)]).toEqual([0, 0]);
  for (const index of upTo(8, 8)) expect([array.load(index), array.getOrder(index)]).toEqual([11, 3]);
  expect(array.cmpxchg(13, 11, 12)).toBe(11);
  expect(wrong(array, 8, 15, 12)).toEqual([]);
  array.erase(8);
  expectEmpty(array);
});

test.each(['from0', 'from1'] as const)('check_reserve: an entry over many indices, kept by 0 (alloc: %s)', (alloc) => {
  const array = new XArray({ alloc });
  for (const order of [2, 6, 8]) {
    array.storeOrder(512, order, 5);
    array.setMark(513, 1);
    expect(array.store(514, 0)).toBe(5);
    expect([array.size, array.load(512), array.getOrder(515), array.getMark(512, 1)]).toEqual([0, 0, order, true]);
    expect(array.insert(515, 1)).toBe(false);
    expect(array.cmpxchg(515, 0, 1)).toBe(0);
    expect([array.find(0), array.alloc(1, 512, 511 + size(order))]).toEqual([-1, -1]);
    expectSound(array);
    expect(array.store(513, 8)).toBe(0);
    expect(wrong(array, 512, 511 + size(order), 8)).toEqual([]);
    array.store(513, 0);
    array.release(514);
    expect(array.findAbsent(512)).toBe(512);
    expectEmpty(array);
  }
});

test.each([
  [0, 1],
  [2, 1],
  [4, 2],
  [0, 6],
  [64, 6],
  [4096, 12],
  [2 ** 18, 18],
  [2 ** 24, 24],
  [2 ** 30, 30],
  [2 ** 31, 31],
  [0, 32],
])('check_multi_store_1, _2, _3: from %d, order %d', (first, order) => {
  const array = new XArray();
  const last = first + size(order) - 1;
  expect(array.storeOrder(last, order, 7)).toBe(0);
  expect(wrong(array, first, last, 7)).toEqual([]);
  if (first > 0) expect(array.load(first - 1)).toBe(0);
  if (last < MAX_INDEX) expect(array.load(last + 1)).toBe(0);
  expect(array.size).toBe(1);
  // Replaced by any of its indices, also through a smaller block.
  expect(array.store(last, 8)).toBe(7);
  expect(array.storeOrder(first, 1, 9)).toBe(8);
  expect(wrong(array, first, last, 9)).toEqual([]);
  // Met once, from outside and from inside.
  expect(contents(array)).toEqual([[first, 9]]);
  expect([array.find(first), array.find(last), array.findAfter(first)]).toEqual([first, last, -1]);
  expectSound(array);
  array.compact();
  expect(wrong(array, first, last, 9)).toEqual([]);
  expect(array.store(first + size(order - 1), 0)).toBe(9);
  expectEmpty(array);
});

describe('check_multi_store', () => {
  test('nodes, and the neighbour of an entry', () => {
    const array = new XArray();
    array.storeOrder(0, 1, 5);
    expect([array.load(0), array.load(1), array.load(2), array.nodeCount]).toEqual([5, 5, 0, 1]);
    array.store(3, 6);
    expect([array.load(0), array.load(2), array.load(3), array.load(4), array.nodeCount]).toEqual([5, 0, 6, 0, 1]);
    array.storeOrder(0, 2, 7);
    expect([0, 1, 2, 3, 4].map((i) => array.load(i))).toEqual([7, 7, 7, 7, 0]);
    expect([array.size, array.nodeCount]).toEqual([1, 1]);
    // 0 over everything there can be.
    expect(array.storeOrder(12345, 32, 0)).toBe(7);
    expectEmpty(array);
    // 0 over a half-filled block, and over one that is mostly beyond the tree.
    array.store(0, 5);
    array.store(2, 6);
    expect(array.storeOrder(0, 2, 0)).toBe(5);
    expectEmpty(array);
    array.store(1, 5);
    expect(array.storeOrder(2 ** 30, 30, 0)).toBe(0);
    expect(array.storeOrder(2 ** 20, 30, 0)).toBe(5);
    expectEmpty(array);
  });

  test('each order over each other', () => {
    for (let i = 0; i <= 32; i++) {
      for (let j = 0; j <= 32; j++) {
        const array = new XArray();
        expectSame(array.storeOrder(0, i, 3), 0);
        expectSame(wrong(array, 0, size(i) - 1, 3), []);
        expectSame(array.storeOrder(0, j, 4), 3);
        const order = Math.max(i, j);
        expectSame([array.getOrder(0), array.size], [order, 1]);
        expectSame(wrong(array, 0, size(order) - 1, 4), []);
        if (order < 32) expectSame(array.load(size(order)), 0);
        expectSame(array.storeOrder(0, j, 0), 4);
        expectEmpty(array);
      }
    }
  });
});

describe.each(withinBudget(upTo(20), { least: 6 }))('check_multi_store_advanced: order %d', (order) => {
  const span = size(order);

  test.each([0, 1, 63, 64, 4095, 65_536, MAX_INDEX])('around %d', (at) => {
    const array = new XArray();
    const last = Math.floor(MAX_INDEX / span);
    const blocks = [-3, -1, 0, 2].map((hole) => Math.floor(at / span) + hole).filter((n) => n >= 0 && n <= last);
    const expected: [number, number][] = [];
    for (const block of blocks) {
      array.storeOrder(block * span, order, entryFor(block));
      expected.push([block * span, entryFor(block)]);
      // A single index in the hole after it.
      const beside = (block + 1) * span;
      if (beside > MAX_INDEX || blocks.includes(block + 1)) continue;
      array.store(beside, 9);
      expected.push([beside, 9]);
    }
    expectSame(
      contents(array),
      expected.sort(([a], [b]) => a - b),
    );
    for (const block of blocks) expectSame(wrong(array, block * span, block * span + span - 1, entryFor(block)), []);
    expectSound(array);
    array.compact();
    expectSame(contents(array), expected);
    for (const [index, entry] of expected) expectSame(array.erase(index), entry);
    expectEmpty(array);
  });
});

test('check_store_range: all ranges below 128 at six offsets', () => {
  const array = new XArray();
  const offsets = [0, 64, 4096 - 100, 4096, 262_144 - 99, 2 ** 24];
  for (const offset of withinBudget(offsets, { least: 2 })) {
    for (let i = 0; i < 128; i++) {
      for (let j = i; j < 128; j++) {
        const first = offset + i;
        const last = offset + j;
        array.storeRange(first, last, 1 + i);
        const seen = [first, last, last + 1].concat(first > 0 ? [first - 1] : []).map((index) => array.load(index));
        const expected = [1 + i, 1 + i, 0].concat(first > 0 ? [0] : []);
        if (seen.join() !== expected.join()) expect([first, last, seen]).toEqual([first, last, expected]);
        array.storeRange(first, last, 0);
        if (array.nodeCount !== 0 || array.size !== 0) expectEmpty(array);
      }
    }
  }
  expectEmpty(array);
  array.storeRange(0, MAX_INDEX, 3);
  expect([array.load(0), array.load(MAX_INDEX), array.size, array.getOrder(5)]).toEqual([3, 3, 1, 32]);
  array.storeRange(1, MAX_INDEX - 1, 0);
  expectEmpty(array);
  array.storeRange(1, MAX_INDEX - 1, 4);
  expect([array.load(0), array.load(1), array.load(MAX_INDEX - 1), array.load(MAX_INDEX)]).toEqual([0, 4, 4, 0]);
  expect([array.size, array.findAbsent(1)]).toEqual([62, MAX_INDEX]);
  expectSound(array);
  array.storeRange(0, MAX_INDEX, 0);
  expectEmpty(array);
});

describe.each(withinBudget(upTo(11, 1), { least: 4 }))('check_split_1, check_split_2: from order %d', (order) => {
  test.each(upTo(order))('to order %d', (piece) => {
    for (const first of [0, 1, 3].map((n) => n * size(order))) {
      const array = new XArray({ alloc: 'from0' });
      array.storeOrder(first, order, 6);
      array.setMark(first + 1, 1);
      array.split(first + size(order) - 1, piece);
      const starts = upTo(size(order - piece)).map((n) => first + n * size(piece));
      expect(contents(array)).toEqual(starts.map((index) => [index, 6]));
      expect(wrong(array, first, first + size(order) - 1, 6)).toEqual([]);
      expect(starts.filter((index) => array.getOrder(index) !== piece || !array.getMark(index, 1))).toEqual([]);
      let marked = 0;
      array.forEach(() => void marked++, 0, MAX_INDEX, 1);
      expect([marked, array.marked(0)]).toEqual([size(order - piece), false]);
      expect(array.findAbsent(first)).toBe(first + size(order));
      expectSound(array);
      // Pieces are entries of their own.
      expect(array.store(first, 8)).toBe(6);
      expect(array.load(first + size(piece))).toBe(6);
      for (const index of starts) array.erase(index);
      expectEmpty(array);
    }
  });
});

test('split leaves what is as small, and nothing, as it is; too many pieces change nothing', () => {
  const array = new XArray();
  array.split(5, 0);
  expectEmpty(array);
  array.storeOrder(64, 4, 5);
  array.split(64, 4);
  array.split(64, 9);
  expect([array.getOrder(64), array.size]).toEqual([4, 1]);
  array.storeOrder(0, 32, 6);
  expect(() => array.split(9, 0)).toThrow(RangeError);
  expect([array.getOrder(9), array.size]).toEqual([32, 1]);
  expectSound(array);
});

test('check_account: siblings are no entries, fill nodes no nodes', () => {
  for (const order of upTo(11, 1)) {
    const array = new XArray();
    const first = size(order);
    array.storeOrder(first, order, 3);
    const levels = Math.max(Math.floor(order / 6) + 1, Math.ceil(Math.log2(2 * first) / 6));
    expect([array.size, array.nodeCount]).toEqual([1, levels - Math.floor(order / 6)]);
    array.store(first + first, 4);
    expect(array.size).toBe(2);
    array.erase(first + first);
    expect(array.size).toBe(1);
    array.erase(first + 1);
    expectEmpty(array);
  }
});

test('check_get_order: from each index of an entry', () => {
  for (const order of upTo(20)) {
    const array = new XArray();
    expect(array.getOrder(0)).toBe(0);
    for (const first of upTo(10).map((n) => n * size(order))) {
      array.storeOrder(first, order, 4);
      const ends = BOUNDARIES.filter((step) => step < size(order)).map((step) => first + step);
      expect(ends.filter((index) => array.getOrder(index) !== order)).toEqual([]);
      array.erase(first);
    }
    expectEmpty(array);
  }
});

test('check_multi_find_1, _2, _3: around and within an entry', () => {
  for (const order of upTo(21)) {
    const array = new XArray();
    const first = size(order);
    const next = first * 2;
    array.storeOrder(first, order, 11);
    array.store(next, 12);
    expect([array.find(0), array.findAfter(first), array.find(next)]).toEqual([first, next, next]);
    for (const step of BOUNDARIES.filter((s) => s < first)) {
      expect([array.find(first + step), array.findAfter(first + step)]).toEqual([first + step, next]);
    }
    expect([array.find(0, first - 1), array.findAfter(next)]).toEqual([-1, -1]);
    // Erased while iterating from within.
    const seen: number[] = [];
    array.forEach((_, index) => {
      array.erase(index);
      seen.push(index);
    }, next - 1);
    expect(seen).toEqual([next - 1, next]);
    expectEmpty(array);
  }
  const top = new XArray();
  top.storeOrder(MAX_INDEX, 5, 1);
  expect([top.find(MAX_INDEX), top.findAfter(MAX_INDEX - 5)]).toEqual([MAX_INDEX, -1]);
});

test('forEach goes on after an entry that grows under it', () => {
  for (const order of [2, 6, 7]) {
    const array = new XArray();
    for (const index of upTo(300)) array.store(index, 5);
    const seen: number[] = [];
    array.forEach((_, index) => {
      if (seen.push(index) === 3) array.storeOrder(index, order, 6);
    });
    expect(seen).toEqual([0, 1, 2, ...upTo(300 - size(order), size(order))]);
    expectSound(array);
  }
});

test('check_destroy: an entry of order 11', () => {
  const array = new XArray();
  array.storeOrder(2 ** 20, 11, 4);
  array.setMark(2 ** 20, 0);
  array.clear();
  expectEmpty(array);
});

test('a swallowed subtree is recycled', () => {
  const array = new XArray();
  for (const index of upTo(4096)) array.store(index, 2);
  const bytes = array.byteLength;
  for (let round = 0; round < 10; round++) {
    array.storeOrder(0, 12, 3);
    expect([array.size, array.nodeCount]).toEqual([1, 1]);
    array.split(0, 0);
    expect([array.size, array.nodeCount]).toEqual([4096, 65]);
  }
  expect(array.byteLength).toBeLessThanOrEqual(2 * bytes);
  expectSound(array);
});

test('first old entry: the lowest of the block', () => {
  const array = new XArray();
  array.reserve(8);
  array.store(10, 3);
  array.store(11, 4);
  expect(array.storeOrder(9, 2, 5)).toBe(3);
  expect(array.storeOrder(9, 2, 0)).toBe(5);
  array.store(70, 6);
  expect(array.storeOrder(0, 12, 0)).toBe(6);
  expectEmpty(array);
});

test('an entry from index 0 on keeps the node that holds it when the tree becomes lower', () => {
  for (const order of upTo(31, 1)) {
    const array = new XArray();
    array.storeOrder(0, order, 5);
    const before = [array.height, array.nodeCount];
    for (const above of BOUNDARIES.filter((index) => index >= size(order))) {
      array.store(above, 6);
      array.erase(above);
      expect([array.height, array.nodeCount]).toEqual(before);
    }
    expectSound(array);
    expect(wrong(array, 0, size(order) - 1, 5)).toEqual([]);
    array.split(0, order - 1);
    expect([array.size, array.height]).toEqual([2, Math.max(1, Math.ceil(order / 6))]);
    expectSound(array);
    array.storeOrder(0, order, 0);
    expectEmpty(array);
  }
});
