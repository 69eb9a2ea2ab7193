// Calls of every kind on an XArray with two cursors and on a list of spans: entries of all orders, marks, allocation, searches.
import { expectSame, type Operation, type Random } from '@idspace/testkit';
import { type Cursor, XArray } from '../../src/index.ts';
import type { CursorOracle } from '../cursor-oracle.ts';
import { MAX_INDEX } from '../sound.ts';
import type { SpanOracle } from '../span-oracle.ts';

/** An array and two cursors on it. */
export type Subject = { array: XArray; cursors: Cursor[] };
export type Model = { array: SpanOracle; cursors: CursorOracle[] };
type Op = Operation<Subject, Model>;
/** What array and oracle have in common. */
type Shared = Omit<SpanOracle, 'spans' | 'entries' | 'at' | 'within' | 'between' | 'clear' | 'height' | 'nodeCount'>;
type SharedCursor = Cursor | CursorOracle;

/** Where the keys lie: `near` 2^orders from each centre, in entries of an order up to `orders`. */
export const SHAPES: Record<string, { centres: number[]; orders: number; most: number }> = {
  leaf: { centres: [0, 64, 4032], orders: 6, most: 5 },
  levels: { centres: [0, 4096, 2 ** 18 - 4096, 2 ** 18], orders: 13, most: 12 },
  domain: { centres: [0, 2 ** 24 - 64, 2 ** 30 - 64, 2 ** 31, 2 ** 32 - 64], orders: 31, most: 32 },
};

export function operations(
  shape: { centres: number[]; orders: number; most: number },
  allocating: boolean,
): Record<string, Op> {
  const index = (r: Random): number => {
    const offset = r.below(2 ** r.between(0, shape.orders));
    return Math.min(r.pick(shape.centres) + offset, MAX_INDEX);
  };
  const entry = (r: Random): number => (r.chance(0.15) ? 0 : r.chance(0.1) ? 2 ** 31 - 1 : r.between(1, 9));
  const mark = (r: Random): number => r.below(3);
  const anyMark = (r: Random): number | undefined => (r.chance(0.5) ? undefined : r.below(3));
  const max = (r: Random): number => (r.chance(0.5) ? MAX_INDEX : index(r));
  const order = (r: Random): number => Math.min(r.below(shape.most + 1), r.below(shape.most + 1));
  const searching = (r: Random): unknown[] => [index(r), max(r), anyMark(r)];
  const searchingDown = (r: Random): unknown[] => [index(r), r.chance(0.5) ? 0 : index(r), anyMark(r)];
  const range = (r: Random): [number, number] => {
    const min = index(r);
    return [min, Math.min(min + r.below(2 ** r.between(0, shape.orders)), MAX_INDEX)];
  };
  const same = (weight: number, args: Op['args'], call: (array: Shared, ...args: never[]) => unknown): Op => ({
    weight,
    args,
    subject: ({ array }, ...rest) => call(array, ...rest),
    oracle: ({ array }, ...rest) => call(array, ...rest),
  });
  const moves = (weight: number, args: Op['args'], call: (cursor: SharedCursor, ...args: never[]) => unknown): Op => {
    const run = (cursor: SharedCursor, ...rest: never[]): unknown => {
      const got = call(cursor, ...rest);
      return [got, cursor.index, cursor.ended, cursor.conflictIndex];
    };
    return {
      weight,
      args: (r) => [r.below(2), ...args(r)],
      subject: ({ cursors }, which: never, ...rest) => run(cursors[which]!, ...rest),
      oracle: ({ cursors }, which: never, ...rest) => run(cursors[which]!, ...rest),
    };
  };
  const always: Record<string, Op> = {
    load: same(
      4,
      (r) => [index(r)],
      (a, i) => a.load(i),
    ),
    store: same(
      8,
      (r) => [index(r), entry(r)],
      (a, i, e) => a.store(i, e),
    ),
    erase: same(
      8,
      (r) => [index(r)],
      (a, i) => a.erase(i),
    ),
    insert: same(
      4,
      (r) => [index(r), entry(r)],
      (a, i, e) => a.insert(i, e),
    ),
    cmpxchg: same(
      4,
      (r) => [index(r), entry(r), entry(r)],
      (a, i, old, e) => a.cmpxchg(i, old, e),
    ),
    release: same(
      2,
      (r) => [index(r)],
      (a, i) => a.release(i),
    ),
    storeOrder: same(
      8,
      (r) => [index(r), order(r), entry(r)],
      (a, i, o, e) => a.storeOrder(i, o, e),
    ),
    storeRange: same(
      2,
      (r) => [...range(r), entry(r)],
      (a, first, last, e) => a.storeRange(first, last, e),
    ),
    eraseRange: same(2, range, (a, first, last) => a.eraseRange(first, last)),
    fillRange: same(
      2,
      (r) => {
        const first = index(r);
        return [first, Math.min(first + r.below(70), MAX_INDEX), r.between(1, 9)];
      },
      (a, first, last, e) => a.fillRange(first, last, e),
    ),
    count: same(2, range, (a, first, last) => a.count(first, last)),
    nth: same(
      2,
      (r) => [r.below(90)],
      (a, k) => a.nth(k),
    ),
    getOrder: same(
      3,
      (r) => [index(r)],
      (a, i) => a.getOrder(i),
    ),
    // No more than 64 pieces, or the oracle would crawl.
    split: {
      weight: 3,
      args: (r) => [index(r), r.between(1, 6)],
      subject: ({ array }, i: never, less: never) => array.split(i, Math.max(0, array.getOrder(i) - less)),
      oracle: ({ array }, i: never, less: never) => array.split(i, Math.max(0, array.getOrder(i) - less)),
    },
    find: same(3, searching, (a, from, to, m) => a.find(from, to, m)),
    findAfter: same(3, searching, (a, from, to, m) => a.findAfter(from, to, m)),
    findLast: same(3, searchingDown, (a, from, to, m) => a.findLast(from, to, m)),
    findBefore: same(3, searchingDown, (a, from, to, m) => a.findBefore(from, to, m)),
    findAbsent: same(
      2,
      (r) => [index(r), max(r)],
      (a, from, to) => a.findAbsent(from, to),
    ),
    findGap: same(
      2,
      (r) => [1 + r.below(2 ** r.between(0, shape.orders)), index(r), max(r)],
      (a, length, from, to) => a.findGap(length, from, to),
    ),
    getMark: same(
      3,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.getMark(i, m),
    ),
    setMark: same(
      6,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.setMark(i, m),
    ),
    clearMark: same(
      3,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.clearMark(i, m),
    ),
    marked: same(
      2,
      (r) => [mark(r)],
      (a, m) => a.marked(m),
    ),
    size: same(
      2,
      () => [],
      (a) => a.size,
    ),
    forEach: {
      args: searching,
      subject: ({ array }, from: never, to: never, m: never) => {
        const seen: [number, number][] = [];
        array.forEach((e, i) => void seen.push([i, e]), from, to, m);
        return seen;
      },
      oracle: ({ array }, from: never, to: never, m: never) => array.between(from, to, m),
    },
    range: {
      args: searching,
      subject: ({ array }, from: never, to: never, m: never) => [...array.range(from, to, m)],
      oracle: ({ array }, from: never, to: never, m: never) => array.between(from, to, m),
    },
    reversed: {
      args: searchingDown,
      subject: ({ array }, from: never, to: never, m: never) => [...array.reversed(from, to, m)],
      oracle: ({ array }, from: never, to: never, m: never) => array.between(to, from, m).reverse(),
    },
    extract: {
      args: searching,
      subject: ({ array }, from: never, to: never, m: never) => {
        const dst = new Int32Array(20);
        return [...dst.subarray(0, array.extract(dst, from, to, m))];
      },
      oracle: ({ array }, from: never, to: never, m: never) =>
        array
          .between(from, to, m)
          .slice(0, 20)
          .map(([, e]) => e),
    },
  };
  const none = (): unknown[] => [];
  Object.assign(always, {
    'cursor.set': moves(
      3,
      (r) => [index(r)],
      (c, i) => void c.set(i),
    ),
    'cursor.setOrder': moves(
      2,
      (r) => [index(r), order(r)],
      (c, i, o) => void c.setOrder(i, o),
    ),
    'cursor.setRange': moves(2, range, (c, first, last) => void c.setRange(first, last)),
    'cursor.reset': moves(1, none, (c) => void c.reset()),
    'cursor.load': moves(2, none, (c) => c.load()),
    'cursor.store': moves(
      4,
      (r) => [entry(r)],
      (c, e) => c.store(e),
    ),
    'cursor.next': moves(5, none, (c) => c.next()),
    'cursor.prev': moves(5, none, (c) => c.prev()),
    'cursor.find': moves(
      5,
      (r) => [max(r)],
      (c, to) => c.find(to),
    ),
    'cursor.findPrev': moves(
      5,
      (r) => [r.chance(0.5) ? 0 : index(r)],
      (c, min) => c.findPrev(min),
    ),
    'cursor.findMarked': moves(
      5,
      (r) => [max(r), mark(r)],
      (c, to, m) => c.findMarked(to, m),
    ),
    'cursor.findConflict': moves(4, none, (c) => c.findConflict()),
    'cursor.pause': moves(1, none, (c) => c.pause()),
    'cursor.getOrder': moves(2, none, (c) => c.getOrder()),
    'cursor.getMark': moves(
      1,
      (r) => [mark(r)],
      (c, m) => c.getMark(m),
    ),
    'cursor.setMark': moves(
      3,
      (r) => [mark(r)],
      (c, m) => c.setMark(m),
    ),
    'cursor.clearMark': moves(
      1,
      (r) => [mark(r)],
      (c, m) => c.clearMark(m),
    ),
    'cursor.initMarks': moves(1, none, (c) => c.initMarks()),
  } satisfies Record<string, Op>);
  if (!allocating) return always;
  return {
    ...always,
    alloc: same(
      5,
      (r) => [entry(r), ...range(r)],
      (a, e, lo, hi) => a.alloc(e, lo, hi),
    ),
    'alloc lowest': same(
      2,
      (r) => [entry(r)],
      (a, e) => a.alloc(e, 0, 2 ** 31 - 1),
    ),
    allocCyclic: same(
      3,
      (r) => {
        const [min, to] = range(r);
        return [entry(r), r.between(min, to), min, to];
      },
      (a, e, next, lo, hi) => a.allocCyclic(e, next, lo, hi),
    ),
  };
}

/** The whole of both: entries, orders, marks, reservations, node count, soundness, cursors. */
export function check({ array, cursors }: Subject, { array: oracle, cursors: expectedCursors }: Model): void {
  const place = ({ index, ended, conflictIndex }: SharedCursor): unknown => [index, ended, conflictIndex];
  expectSame(cursors.map(place), expectedCursors.map(place));
  const expected = oracle.entries().map(({ first, entry }) => [first, entry]);
  expectSame([...array], expected);
  const copy = XArray.from(array.snapshot());
  expectSame([...copy], expected);
  expectSame([array.size, copy.size], [expected.length, expected.length]);
  const there = (a: Shared): unknown[] =>
    oracle.spans.flatMap(({ first, last }) =>
      [first, last, Math.floor((first + last) / 2)].map((index) => [
        index,
        a.load(index),
        a.getOrder(index),
        a.insert(index, 1),
        ...[0, 1, 2].map((mark) => a.getMark(index, mark)),
      ]),
    );
  expectSame(there(array), there(oracle));
  // A lone reserved index 0 may have a node or be in the head, depending on what was before; so may an entry put over it.
  const nodes = oracle.nodeCount();
  expectSame(copy.nodeCount, array.nodeCount);
  if (nodes > 0 || oracle.spans.length === 0) expectSame([array.nodeCount, array.height], [nodes, oracle.height()]);
  else expectSame(array.nodeCount <= 1, true);
  if (expected.length % 7 === 0) array.compact();
}
