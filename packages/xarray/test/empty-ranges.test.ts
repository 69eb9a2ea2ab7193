// One rule for a range that ends below its beginning: it is empty. Nothing is in it, and a call that changes a range changes nothing.
import { describe, expect, test } from 'vitest';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';

const INDICES = [0, 3, 4, 5, 63, 64, 70_000];
const MAX = 2 ** 32 - 1;
const filled = <T extends { store(index: number, entry: number): unknown }>(array: T): T => {
  for (const index of INDICES) array.store(index, 7);
  return array;
};

/** Every call with a range, first before last; each on a structure that holds INDICES. */
type Calls = Record<string, (first: number, last: number) => unknown>;

interface Subject {
  readonly calls: Calls;
  readonly content: () => unknown[];
}

const arrays = (array: XArray | SharedXArray | SparseXArray | XArrayOf<number>): Subject => ({
  content: () => [...array],
  calls: {
    count: (first, last) => array.count(first, last),
    find: (first, last) => array.find(first, last),
    findLast: (first, last) => array.findLast(last, first),
    range: (first, last) => [...array.range(first, last)],
    reversed: (first, last) => [...array.reversed(last, first)],
    forEach: (first, last) => array.forEach(() => void expect.unreachable(), first, last),
    eraseRange: (first, last) => array.eraseRange(first, last),
    ...(array instanceof SparseXArray || array instanceof XArrayOf
      ? {}
      : { fillRange: (first: number, last: number) => array.fillRange(first, last, 9) }),
    ...(array instanceof SparseXArray ? {} : { alloc: (first: number, last: number) => array.alloc(9, first, last) }),
    ...(array instanceof XArray || array instanceof SharedXArray
      ? {
          findAbsent: (first: number, last: number) => array.findAbsent(first, last),
          findGap: (first: number, last: number) => array.findGap(1, first, last),
        }
      : {}),
    ...(array instanceof XArrayOf
      ? {}
      : { extract: (first: number, last: number) => array.extract(new Int32Array(9), first, last) }),
  },
});

const maps = (map: IntMap | TypedMap<'f64'>): Subject => ({
  content: () => [...map],
  calls: {
    count: (first, last) => map.count(first, last),
    find: (first, last) => map.find(first, last),
    findLast: (first, last) => map.findLast(last, first),
    range: (first, last) => [...map.range(first, last)],
    reversed: (first, last) => [...map.reversed(last, first)],
    deleteRange: (first, last) => map.deleteRange(first, last),
    ...(map instanceof IntMap
      ? { fillRange: (first: number, last: number) => map.fillRange(first, last, 9).size }
      : {}),
  },
});

const ids = (ida: Ida): Subject => ({
  content: () => [...ida],
  calls: {
    count: (first, last) => ida.count(first, last),
    find: (first, last) => ida.find(first, last),
    findLast: (first, last) => ida.findLast(last, first),
    range: (first, last) => [...ida.range(first, last)],
    reversed: (first, last) => [...ida.reversed(last, first)],
    takenRanges: (first, last) => [...ida.takenRanges(first, last)],
    freeRanges: (first, last) => [...ida.freeRanges(first, last)],
    allocate: (first, last) => ida.allocate(first, last),
    allocateRun: (first, last) => ida.allocateRun(1, first, last),
    peek: (first, last) => ida.peek(first, last),
    reserveRange: (first, last) => ida.reserveRange(first, last),
    freeRange: (first, last) => ida.freeRange(first, last),
  },
});

const SUBJECTS: Record<string, () => Subject> = {
  XArray: () => arrays(filled(new XArray({ alloc: 'from0' }))),
  'XArray with entries of many indices': () => {
    const array = filled(new XArray({ alloc: 'from0' }));
    array.storeOrder(128, 7, 7);
    return arrays(array);
  },
  XArrayOf: () => arrays(filled(new XArrayOf<number>({ alloc: 'from0' }))),
  SparseXArray: () => arrays(filled(new SparseXArray())),
  SharedXArray: () => arrays(filled(new SharedXArray({ alloc: 'from0', capacity: 20 }))),
  IntMap: () => maps(new IntMap(INDICES.map((index) => [index, 7]))),
  TypedMap: () =>
    maps(
      new TypedMap(
        'f64',
        INDICES.map((index) => [index, 0.5]),
      ),
    ),
  Ida: () => ids(new Ida(INDICES)),
};

/** What a call gives of an empty range. */
const NOTHING: Record<string, unknown> = {
  find: -1,
  findLast: -1,
  findAbsent: -1,
  findGap: -1,
  alloc: -1,
  allocate: -1,
  allocateRun: -1,
  peek: -1,
  range: [],
  reversed: [],
  takenRanges: [],
  freeRanges: [],
  forEach: undefined,
  // All of no IDs.
  reserveRange: true,
};

describe.each(Object.entries(SUBJECTS))('%s', (name, make) => {
  const highest = name === 'Ida' ? 2 ** 31 - 1 : MAX;

  test.each([
    [1, 0],
    [5, 3],
    [5, 4],
    [64, 63],
    [127, 64],
    [200, 130],
    [70_001, 70_000],
    [highest, 0],
    [highest, highest - 1],
  ])('nothing is in %i…%i, and nothing happens there', (first, last) => {
    const { calls, content } = make();
    const before = content();
    for (const [call, run] of Object.entries(calls)) {
      const fallback = call === 'fillRange' && name === 'IntMap' ? before.length : call === 'fillRange' ? undefined : 0;
      expect(run(first, last), call).toEqual(call in NOTHING ? NOTHING[call] : fallback);
      expect(content(), call).toEqual(before);
    }
  });
});

test("the kernel's calls refuse it, as the kernel does", () => {
  const array = new XArray();
  expect(() => array.storeRange(5, 4, 1)).toThrow('XArray.storeRange: last: got 4, expected at least first, 5');
  expect(() => array.cursor().setRange(5, 4)).toThrow('Cursor.setRange: last: got 4, expected at least first, 5');
});
