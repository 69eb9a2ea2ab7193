// An index that was freed last waits for the next `alloc`: the tree keeps it as a reservation until then. No call may show that.
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { XArray, XArrayOf } from '../src/index.ts';
import { expectSound } from './sound.ts';

/** How the first index waits: among neighbours, at either end of a leaf, alone in the highest one, at the beginning. */
const PLACES: readonly [taken: number, hole: number][] = [
  [200, 70],
  [200, 64],
  [200, 127],
  [193, 192],
  [65, 64],
  [3, 1],
  [200, 2],
];

const CALLS: Record<string, (array: XArray, hole: number) => unknown> = {
  load: (a, hole) => a.load(hole),
  'store there': (a, hole) => a.store(hole, 9),
  'store 0 there': (a, hole) => a.store(hole, 0),
  'store elsewhere': (a, hole) => a.store(hole + 1, 9),
  'store far away': (a) => a.store(1_000_000, 9),
  'erase there': (a, hole) => a.erase(hole),
  'erase beside': (a, hole) => [a.erase(hole - 1), a.erase(hole + 1)],
  insert: (a, hole) => a.insert(hole, 9),
  'cmpxchg with 0': (a, hole) => a.cmpxchg(hole, 0, 9),
  'cmpxchg to 0': (a, hole) => a.cmpxchg(hole, 0, 0),
  reserve: (a, hole) => [a.reserve(hole), a.findAbsent(0)],
  release: (a, hole) => [a.release(hole), a.findAbsent(0)],
  alloc: (a) => a.alloc(9),
  'alloc of a reservation': (a) => [a.alloc(0), a.size, a.alloc(9)],
  'alloc above': (a, hole) => [a.alloc(9, hole + 1), a.alloc(9)],
  'alloc below': (a, hole) => [a.alloc(9, 0, hole - 1), a.alloc(9)],
  'allocCyclic there': (a, hole) => a.allocCyclic(9, hole),
  'allocCyclic behind': (a, hole) => [a.allocCyclic(9, hole + 1), a.allocCyclic(9, hole + 2, 0, hole)],
  findAbsent: (a) => a.findAbsent(0),
  findGap: (a, hole) => [a.findGap(1), a.findGap(2), a.findGap(1, hole)],
  find: (a, hole) => [a.find(hole), a.findAfter(hole), a.findLast(hole), a.findBefore(hole)],
  count: (a, hole) => [a.size, a.count(hole, hole), a.count(hole - 1, hole + 1), a.rank(hole + 1), a.nth(hole)],
  rank: (a, hole) => a.rank(hole + 1),
  nth: (a, hole) => a.nth(hole),
  nodeCount: (a) => a.nodeCount,
  visit: (a, hole) => [[...a].join(), [...a.range(hole)].join(), [...a.reversed(hole)].join()],
  forEach: (a) => {
    const met: number[] = [];
    a.forEach((_entry, index) => {
      met.push(index);
    });
    return met.join();
  },
  extract: (a, hole) => [a.extract(new Int32Array(3), hole), a.height, a.nodeCount],
  marks: (a, hole) => [a.setMark(hole, 0), a.getMark(hole, 0), a.marked(0), a.find(0, 0xffff_ffff, 0)],
  eraseRange: (a, hole) => [a.eraseRange(hole - 1, hole + 1), a.findAbsent(0)],
  fillRange: (a, hole) => [a.fillRange(hole - 1, hole + 1, 9), a.size],
  storeOrder: (a, hole) => [a.storeOrder(hole, 1, 9), a.getOrder(hole)],
  'storeOrder of 0': (a, hole) => a.storeOrder(hole, 1, 0),
  storeRange: (a, hole) => a.storeRange(hole, hole + 5, 9),
  'storeRange of 0': (a, hole) => a.storeRange(hole, hole + 5, 0),
  split: (a, hole) => a.split(hole, 0),
  'cursor, find': (a, hole) => a.cursor(hole).find(),
  'cursor, store': (a, hole) => a.cursor(hole).store(9),
  'cursor, store over two': (a, hole) => a.cursor(hole).setOrder(hole, 1).store(9),
  'cursor, mark': (a, hole) => [a.cursor(hole).setMark(1), a.marked(1)],
  clear: (a) => [a.clear(), a.alloc(9), a.height],
  'clear and fill': (a) => {
    a.clear();
    for (let i = 0; i < 256; i++) a.store(i, 7);
    return a.height;
  },
  compact: (a) => [a.compact(), a.findAbsent(0)],
  snapshot: (a) => XArray.from(a.snapshot()).findAbsent(0),
  'erase all': (a) => [a.eraseRange(0, 0xffff_ffff), a.height, a.nodeCount, a.alloc(9)],
};

function filled(alloc: 'from0' | 'from1', taken: number): XArray {
  const array = new XArray({ alloc });
  while (array.size < taken) array.alloc(array.size + 1);
  return array;
}

/** All that calls show of an array, and its memory in order. */
function seen(array: XArray): unknown {
  expectSound(array);
  const shown = [[...array].join(), array.size, array.height, array.nodeCount, array.findAbsent(0), array.findGap(2)];
  const copy = XArray.from(array.snapshot());
  copy.compact();
  return [shown, Buffer.from(copy.snapshot()).toString('base64'), array.alloc(77)];
}

describe.each(['from0', 'from1'] as const)('%s', (alloc) => {
  test.each(PLACES)('of %d entries, %d waits: each call answers as if it were free in the tree', (taken, hole) => {
    for (const [name, call] of Object.entries(CALLS)) {
      const waits = filled(alloc, taken);
      const told = filled(alloc, taken);
      expect(waits.erase(hole)).toBe(told.erase(hole));
      expect(waits.waiting, 'it waits').not.toBe(0);
      // To tell the height, an array must know what it has.
      expect(told.height).toBe(told.height);
      expect(told.waiting).toBe(0);
      expect(call(waits, hole), name).toEqual(call(told, hole));
      expect(seen(waits), `after ${name}`).toEqual(seen(told));
    }
  });
});

test('nothing waits where marks are in use, in an array that gives nothing out, and in one that becomes empty', () => {
  const marked = filled('from0', 3);
  marked.setMark(2, 1);
  marked.erase(1);
  const plain = new XArray();
  plain.store(0, 1);
  plain.store(1, 1);
  plain.erase(0);
  const last = filled('from0', 1);
  last.erase(0);
  expect([marked.waiting, plain.waiting, last.waiting]).toEqual([0, 0, 0]);
});

test.each([1, 2, 3])(
  'seed %d: values come and go at random, and the lowest free index is given out each time',
  (seed) => {
    const pick = random(seed);
    const array = new XArrayOf<string>({ alloc: 'from0' });
    const model: (string | undefined)[] = [];
    for (let step = 0; step < 3000; step++) {
      if (pick.below(2) === 0 || model.length === 0) {
        const at = model.indexOf(undefined);
        const expected = at < 0 ? model.length : at;
        expect(array.alloc(`v${step}`)).toBe(expected);
        model[expected] = `v${step}`;
      } else {
        const index = pick.below(model.length);
        expect(array.erase(index)).toBe(model[index]);
        model[index] = undefined;
      }
      if (step % 100 === 0) {
        const pairs = model.flatMap((value, index) => (value === undefined ? [] : [[index, value]]));
        expect([...array]).toEqual(pairs);
      }
    }
  },
);
