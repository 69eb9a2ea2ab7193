// Scenarios of the kernel's lib/test_xarray.c that go through an array with a cursor.
import { inspect } from 'node:util';
import { withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { type Cursor, XArray } from '../src/index.ts';
import { BOUNDARIES, contents, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

const upTo = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);
const size = (order: number): number => 2 ** order;

function filled(indices: readonly number[]): XArray {
  const array = new XArray();
  for (const index of indices) array.store(index, entryFor(index));
  return array;
}

/** Indices a cursor meets from where it is. */
function rest(cursor: Cursor, max?: number, step?: (entry: number) => void): number[] {
  const met: number[] = [];
  for (let entry = cursor.find(max); entry !== 0; entry = cursor.find(max)) {
    met.push(cursor.index);
    step?.(entry);
  }
  return met;
}

test.each([undefined, 'from0', 'from1'] as const)(
  'alloc %s: a lone entry at 0 is met from the indices beside it',
  (alloc) => {
    const array = new XArray({ alloc });
    array.store(0, 7);
    const moves: [string, (cursor: Cursor) => number][] = [
      ['load', (cursor) => cursor.set(0).load()],
      ['prev', (cursor) => cursor.prev()],
      ['findPrev', (cursor) => cursor.findPrev()],
    ];
    for (const [name, move] of moves) {
      const cursor = array.cursor(1);
      expect(cursor.load()).toBe(0);
      expect([name, move(cursor), cursor.index]).toEqual([name, 7, 0]);
      expect([cursor.next(), cursor.next(), cursor.prev(), cursor.prev()]).toEqual([0, 0, 0, 7]);
    }
  },
);

test('check_xas_retry: a cursor whose node goes, or is put below another, reads what is there now', () => {
  const array = filled([0, 1]);
  const cursor = array.cursor(0);
  expect(cursor.load()).toBe(entryFor(0));
  // The tree shrinks to its head.
  array.erase(1);
  expect([cursor.load(), array.height]).toEqual([entryFor(0), 0]);
  // The head is put into a node, and that below another.
  array.store(1, 11);
  expect([cursor.load(), cursor.next()]).toEqual([entryFor(0), 11]);
  array.store(70_000, 12);
  expect([cursor.load(), cursor.next(), cursor.prev()]).toEqual([11, 0, 11]);
  // Its leaf serves another place.
  array.erase(0);
  array.erase(1);
  array.store(4096, 13);
  expect([cursor.load(), cursor.find(), cursor.index]).toEqual([0, 13, 4096]);
  // All replaced.
  array.compact();
  expect([cursor.load(), cursor.find(), cursor.index]).toEqual([13, 12, 70_000]);
  array.clear();
  expect([cursor.load(), cursor.store(5), array.load(70_000)]).toEqual([0, 0, 5]);
  array.storeOrder(65_536, 16, 6);
  expect([cursor.load(), cursor.prev(), cursor.store(0), cursor.load()]).toEqual([6, 6, 6, 0]);
  expectEmpty(array);
});

test('a cursor sees a leaf that comes where none was', () => {
  const array = filled([0, 300]);
  const cursor = array.cursor(64);
  expect(cursor.load()).toBe(0);
  array.store(64, 5);
  expect(cursor.load()).toBe(5);
  expect(cursor.set(128).load()).toBe(0);
  array.storeOrder(128, 6, 6);
  expect(cursor.load()).toBe(6);
  expect(cursor.set(5000).load()).toBe(0);
  array.store(5000, 7);
  expect(cursor.load()).toBe(7);
});

test('check_xa_mark_2: initMarks clears all marks of each entry it comes to', () => {
  const array = filled([0]);
  array.setMark(0, 0);
  array.setMark(0, 1);
  array.cursor().initMarks();
  expect([array.getMark(0, 0), array.marked(1)]).toEqual([false, false]);
  for (const index of upTo(1000, 3500)) {
    array.store(index, entryFor(index));
    array.setMark(index, 0);
  }
  const cursor = array.cursor();
  let count = 0;
  while (cursor.findMarked(MAX_INDEX, 0) !== 0) count++;
  expect([count, cursor.ended]).toEqual([1000, true]);
  cursor.set(0);
  while (cursor.find() !== 0) cursor.initMarks();
  expect(array.marked(0)).toBe(false);
  expectSound(array);
});

test('check_xa_mark_3: from inside an entry, findMarked goes to its beginning, once', () => {
  const array = new XArray();
  array.storeOrder(0x40, 2, 5);
  const cursor = array.cursor(0x41);
  cursor.setMark(0);
  expect([cursor.findMarked(MAX_INDEX, 0), cursor.index]).toEqual([5, 0x40]);
  expect([cursor.findMarked(MAX_INDEX, 0), cursor.ended]).toEqual([0, true]);
});

test('check_xas_erase: erasing under the cursor meets all in order and empties', () => {
  for (const i of upTo(200)) {
    const indices = [...upTo(i + 17, i), MAX_INDEX];
    const array = filled(indices);
    const cursor = array.cursor();
    expect(rest(cursor, MAX_INDEX, () => void cursor.store(0))).toEqual(indices);
    expectEmpty(array);
  }
});

test('check_multi_store_2: a store through the cursor replaces a whole entry and leaves the index', () => {
  for (const order of [2, 6, 9]) {
    const array = new XArray();
    array.storeOrder(0, order, 3);
    const cursor = array.cursor(2);
    expect([cursor.store(4), cursor.index, array.load(0), array.load(size(order) - 1)]).toEqual([3, 2, 4, 4]);
    expect([cursor.getOrder(), cursor.store(0), cursor.index]).toEqual([order, 4, 2]);
    expectEmpty(array);
  }
});

describe.each(withinBudget(upTo(20), { least: 6 }))('check_store_iter: order %d', (order) => {
  test.each<[string, number[]]>([
    ['nothing', []],
    ['the first', [0]],
    ['the last', [size(order) - 1]],
    ['some', upTo(3).map((n) => Math.floor((size(order) * n) / 3))],
    ['those around only', [-1, size(order)]],
  ])('%s in the target', (_, offsets) => {
    for (const first of [size(order), 5 * size(order)]) {
      const indices = [...new Set(offsets.map((offset) => first + offset))].filter((index) => index >= 0);
      const array = filled(indices);
      const cursor = array.cursor().setOrder(first, order);
      const inside = indices.filter((index) => index >= first && index < first + size(order));
      const met: number[] = [];
      while (cursor.findConflict() !== 0) met.push(cursor.conflictIndex);
      expect([met, cursor.index]).toEqual([inside, first]);
      expect(cursor.store(9)).toBe(inside.length === 0 ? 0 : entryFor(inside[0]!));
      expect([array.load(first), array.load(first + size(order) - 1), array.getOrder(first)]).toEqual([9, 9, order]);
      expect([cursor.findConflict(), cursor.findConflict()]).toEqual([9, 0]);
      expect(cursor.store(0)).toBe(9);
      for (const index of indices) array.erase(index);
      expectEmpty(array);
    }
  });
});

test('check_store_iter: a larger entry that reaches into the target is one conflict', () => {
  const array = new XArray();
  array.storeOrder(64, 6, 3);
  array.storeOrder(128, 2, 4);
  const cursor = array.cursor().setRange(100, 129);
  expect([cursor.findConflict(), cursor.conflictIndex, cursor.getOrder()]).toEqual([3, 64, 6]);
  expect([cursor.findConflict(), cursor.conflictIndex, cursor.getOrder()]).toEqual([4, 128, 2]);
  expect([cursor.findConflict(), cursor.conflictIndex, cursor.index]).toEqual([0, -1, 100]);
});

test('check_find_3: a marked search that ends before the last goes on from there', () => {
  const array = new XArray();
  for (const i of upTo(100)) {
    const met = upTo(100).map((j) => {
      const cursor = array.cursor(j);
      let n = 0;
      while (cursor.findMarked(i, 0) !== 0) n++;
      return n;
    });
    expect(met).toEqual(upTo(100).map((j) => Math.max(0, i - j)));
    array.store(i, entryFor(i));
    array.setMark(i, 0);
  }
  const cursor = array.cursor(10);
  expect([cursor.findMarked(9, 0), cursor.ended, cursor.index]).toEqual([0, false, 10]);
  expect([cursor.findMarked(10, 0), cursor.findMarked(10, 0), cursor.ended]).toEqual([entryFor(10), 0, false]);
  expect([cursor.findMarked(20, 0), cursor.index]).toEqual([entryFor(11), 11]);
});

test('find ends where nothing is, and a store there appends', () => {
  const array = new XArray();
  const cursor = array.cursor();
  expect([cursor.find(), cursor.index, cursor.ended]).toEqual([0, 1, true]);
  for (const height of upTo(5)) {
    const end = 64 ** height;
    array.store(end - 1, 7);
    cursor.set(end - 1);
    expect([cursor.find(), cursor.find(), cursor.index, cursor.find()]).toEqual([7, 0, end, 0]);
    expect([cursor.store(8), array.load(end)]).toEqual([0, 8]);
  }
  cursor.set(0);
  expect([cursor.find(), cursor.find(0), cursor.index, cursor.ended]).toEqual([7, 0, 1, true]);
  expect([cursor.find(), cursor.reset().find(), cursor.index]).toEqual([0, 8, 1]);
  array.store(MAX_INDEX, 9);
  expect(rest(cursor).at(-1)).toBe(MAX_INDEX);
  expect([cursor.index, cursor.ended]).toEqual([0, true]);
});

describe('check_find_entry', () => {
  /** Finds an entry by its value, letting go of the array every 4 entries. */
  function search(array: XArray, item: number): number {
    const cursor = array.cursor();
    let checked = 0;
    for (let entry = cursor.find(); entry !== 0; entry = cursor.find()) {
      if (entry === item) return cursor.index;
      if (++checked % 4 === 0) cursor.pause();
    }
    return -1;
  }

  test.each(upTo(20))('order %d', (order) => {
    const array = new XArray();
    expect(search(array, 1)).toBe(-1);
    for (const n of upTo(20)) array.storeOrder(n * size(order), order, 10 + n);
    for (const n of upTo(20)) expect(search(array, 10 + n)).toBe(n * size(order));
    expect(search(array, 99)).toBe(-1);
    array.storeOrder(MAX_INDEX, order, 77);
    expect(search(array, 77)).toBe(MAX_INDEX - size(order) + 1);
  });
});

test('check_pause: iteration with and without pauses, orders going up and down', () => {
  for (const orders of [upTo(20), upTo(20).toReversed()]) {
    const array = new XArray();
    const starts: number[] = [];
    let at = 2 ** 20;
    for (const order of orders) {
      if (at % size(order) !== 0) at += size(order) - (at % size(order));
      array.storeOrder(at, order, starts.length + 1);
      starts.push(at);
      at += size(order);
    }
    const cursor = array.cursor();
    expect(rest(cursor)).toEqual(starts);
    cursor.set(0);
    expect(rest(cursor, MAX_INDEX, () => cursor.pause()).length).toBe(starts.length);
    const paused: number[] = [];
    cursor.set(0);
    for (let entry = cursor.find(); entry !== 0; entry = cursor.find()) {
      paused.push(entry);
      cursor.pause();
      const start = starts[entry - 1]!;
      expect(cursor.index).toBe(start + size(array.getOrder(start)));
    }
    expect(paused).toEqual(upTo(starts.length, 1));
    // From inside an entry.
    const inside = starts.find((start) => array.getOrder(start) > 3)!;
    cursor.set(inside + 5);
    expect([cursor.find(), cursor.index]).toEqual([array.load(inside), inside + 5]);
    cursor.pause();
    expect(cursor.index).toBe(inside + size(array.getOrder(inside)));
  }
});

describe('check_move', () => {
  test('check_move_tiny: an empty array, and one with a head only', () => {
    const array = new XArray();
    const cursor = array.cursor();
    expect([cursor.next(), cursor.next(), cursor.index]).toEqual([0, 0, 1]);
    expect([cursor.set(0).prev(), cursor.prev(), cursor.index]).toEqual([0, 0, MAX_INDEX]);
    array.store(0, 5);
    cursor.set(0);
    expect([cursor.next(), cursor.index, cursor.next(), cursor.index]).toEqual([5, 0, 0, 1]);
    expect([cursor.prev(), cursor.index, cursor.prev(), cursor.index]).toEqual([5, 0, 0, MAX_INDEX]);
    expect([cursor.next(), cursor.index]).toEqual([5, 0]);
  });

  test('check_move_max: the last index', () => {
    const array = filled([MAX_INDEX]);
    const cursor = array.cursor();
    expect([cursor.find(), cursor.index, cursor.find(), cursor.ended]).toEqual([
      entryFor(MAX_INDEX),
      MAX_INDEX,
      0,
      true,
    ]);
    cursor.set(0);
    expect(cursor.find()).toBe(entryFor(MAX_INDEX));
    cursor.pause();
    expect([cursor.ended, cursor.find()]).toEqual([true, 0]);
  });

  test.each([1, ...BOUNDARIES.filter((index) => index > 1)])('check_move_small: 0 and %d', (index) => {
    const array = filled([0, index]);
    const cursor = array.cursor();
    const first = upTo(Math.min(index, 4200));
    expect(first.filter((i) => cursor.next() !== (i === 0 ? entryFor(0) : 0) || cursor.index !== i)).toEqual([]);
    cursor.set(index);
    expect([cursor.next(), cursor.index]).toEqual([entryFor(index), index]);
    expect([cursor.next(), cursor.prev(), cursor.prev()]).toEqual([
      index === MAX_INDEX ? entryFor(0) : 0,
      entryFor(index),
      index === 1 ? entryFor(0) : 0,
    ]);
    cursor.set(0);
    expect([cursor.prev(), cursor.prev(), cursor.index]).toEqual([
      entryFor(0),
      index === MAX_INDEX ? entryFor(index) : 0,
      MAX_INDEX,
    ]);
    expect([cursor.next(), cursor.index]).toEqual([entryFor(0), 0]);
  });

  test('check_move: 65,536 in a row, then with a hole', () => {
    const array = filled(upTo(1 << 16));
    const walk = (): void => {
      const cursor = array.cursor(1 << 16);
      const wrong: number[] = [];
      cursor.load();
      for (let index = (1 << 16) - 1; index >= 0; index--) {
        if (cursor.prev() !== array.load(index) || cursor.index !== index) wrong.push(index);
      }
      expect([cursor.prev(), cursor.index]).toEqual([0, MAX_INDEX]);
      for (let index = 0; index < 1 << 16; index++) {
        if (cursor.next() !== array.load(index) || cursor.index !== index) wrong.push(index);
      }
      expect([cursor.next(), cursor.index, wrong]).toEqual([0, 1 << 16, []]);
    };
    walk();
    for (let index = 256; index < 32_768; index++) array.erase(index);
    walk();
  });

  test('every index of an entry is met', () => {
    const array = new XArray();
    array.storeOrder(128, 7, 5);
    const cursor = array.cursor(127);
    const seen = upTo(130).map(() => cursor.next());
    expect(seen).toEqual([0, ...upTo(128).map(() => 5), 0]);
  });
});

describe('check_create_range', () => {
  test.each(withinBudget(upTo(12), { least: 4 }))('check_create_range_1, _2: order %d, at several places', (order) => {
    for (const first of [0, 1, 2, 3, 4, 5, 6, 7, 64, 65, 4096].map((n) => n * size(order))) {
      const array = new XArray({ capacity: 0 });
      const cursor = array.cursor().setOrder(first + size(order) - 1, order);
      cursor.createRange();
      expect([cursor.index, array.nodeCount, array.size]).toEqual([first, 0, 0]);
      const bytes = array.byteLength;
      for (const index of upTo(size(order), first)) expect(cursor.set(index).store(entryFor(index))).toBe(0);
      expect(array.byteLength).toBe(bytes);
      // All there: nothing more is needed.
      cursor.setOrder(first, order).createRange();
      expect(array.byteLength).toBe(bytes);
      for (const index of upTo(size(order), first)) expect(array.erase(index)).toBe(entryFor(index));
      expectEmpty(array);
    }
  });

  test('makes room for an array from 1, too, whose index 0 counts as taken', () => {
    for (const first of upTo(26, 6).map((bits) => 2 ** bits - 2)) {
      const array = new XArray({ alloc: 'from1', capacity: 0 });
      const cursor = array.cursor().setRange(first, first + 3);
      cursor.createRange();
      const bytes = array.byteLength;
      for (const index of upTo(4, first)) expect(cursor.set(index).store(entryFor(index))).toBe(0);
      expect(array.byteLength).toBe(bytes);
    }
  });

  test('check_create_range_3: misuse changes nothing', () => {
    const array = new XArray();
    const cursor = array.cursor(3);
    expect(() => cursor.setRange(5, 4)).toThrow('last: got 4, expected at least first, 5');
    expect(() => cursor.setOrder(5, 33)).toThrow('order: got 33, expected an integer 0…32');
    expect(() => cursor.set(-1)).toThrow('index: got -1, expected an integer 0…4294967295');
    expect(() => cursor.store(-1)).toThrow('entry');
    expect(() => cursor.find(0.5)).toThrow('max');
    expect(() => cursor.findMarked(5, 3)).toThrow('mark');
    expect(() => array.cursor(-1)).toThrow('index');
    expect(() => cursor.setOrder(0, 32).createRange()).toThrow('nodes');
    expectEmpty(array);
  });

  test('check_create_range_4: an entry in the range stays', () => {
    for (const order of upTo(12)) {
      const base = 3 * size(order);
      for (const at of [0, Math.floor(size(order) / 2), size(order) - 1].map((offset) => base + offset)) {
        const array = filled([at]);
        const cursor = array.cursor().setOrder(base, order);
        cursor.createRange();
        const bytes = array.byteLength;
        for (const index of upTo(size(order), base)) {
          expect(cursor.set(index).store(9)).toBe(index === at ? entryFor(at) : 0);
        }
        expect(array.byteLength).toBe(bytes);
        expectSound(array);
      }
    }
  });

  test('check_create_range_5: again and again over a multi-index entry', () => {
    for (const order of upTo(12)) {
      const array = new XArray();
      array.storeOrder(0, order, 4);
      const cursor = array.cursor();
      for (let index = 0; index < size(order); index += 24) {
        cursor.setOrder(index, order).createRange();
        expect([array.load(index), array.getOrder(index), array.size]).toEqual([4, order, 1]);
      }
      expectSound(array);
    }
  });
});

test('check_xas_get_order, check_xas_conflict_get_order: the order at the index, and of each conflict', () => {
  for (const order of upTo(20)) {
    const array = new XArray();
    const cursor = array.cursor();
    expect(cursor.getOrder()).toBe(0);
    for (const first of upTo(10).map((n) => n * size(order))) {
      array.storeOrder(first, order, 3);
      for (const step of BOUNDARIES.filter((s) => s < size(order))) {
        expect(cursor.set(first + step).getOrder()).toBe(order);
        cursor.setOrder(first + step, Math.max(0, order - 1));
        expect([cursor.findConflict(), cursor.getOrder(), cursor.findConflict()]).toEqual([3, order, 0]);
      }
      cursor.set(first).store(0);
    }
    expectEmpty(array);
  }
});

test('a row of entries is stored over a range that is not a block', () => {
  const array = new XArray();
  const cursor = array.cursor().setRange(5, 70);
  array.store(66, 2);
  expect(cursor.store(3)).toBe(2);
  expect(contents(array).map(([index]) => [index, array.getOrder(index)])).toEqual([
    [5, 0],
    [6, 1],
    [8, 3],
    [16, 4],
    [32, 5],
    [64, 2],
    [68, 1],
    [70, 0],
  ]);
  expect([cursor.index, cursor.find(), cursor.index]).toEqual([5, 3, 6]);
  expect(cursor.setRange(6, 69).store(0)).toBe(3);
  expect(contents(array)).toEqual([
    [5, 3],
    [70, 3],
  ]);
});

test('in an array that allocates, a store of 0 through the cursor frees', () => {
  const array = new XArray({ alloc: 'from0' });
  for (const i of upTo(10)) array.alloc(entryFor(i));
  expect([array.cursor(4).store(0), array.alloc(5)]).toEqual([entryFor(4), 4]);
});

test('console.log shows where it is', () => {
  const array = filled([7]);
  const cursor = array.cursor();
  expect(inspect(cursor)).toBe('Cursor(0)');
  cursor.find();
  expect(inspect(cursor)).toBe('Cursor(7 => 7)');
  cursor.find();
  expect(inspect(cursor)).toBe('Cursor(64, ended)');
});
