// What becomes of the classes in calls that look at fields; compared, a map shows its content, not its memory.
import { deepStrictEqual, notDeepStrictEqual } from 'node:assert';
import { inspect } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { testLines, testRefusedCopies } from '@idspace/testkit/copies-tests';
import { expect, test } from 'vitest';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';

testRefusedCopies(
  {
    IntMap: () => new IntMap([[1, 2]]),
    TypedMap: () => new TypedMap('f64', [[1, 2]]),
    XArray: () => new XArray(),
    XArrayOf: () => new XArrayOf(),
    Ida: () => new Ida([1]),
    SparseXArray: () => new SparseXArray(),
    SharedXArray: () => new SharedXArray({ capacity: 1 }),
  },
  'send its snapshot() or handle',
);

testLines({
  'XArray(1) { 1 => 2 }': () => stored(new XArray()),
  'SparseXArray(1) { 1 => 2 }': () => stored(new SparseXArray()),
  'SharedXArray(1) { 1 => 2 }': () => stored(new SharedXArray({ capacity: 1 })),
  'Ida(1) { 0 }': () => new Ida().add(0),
  'Cursor(7)': () => new XArray().cursor(7),
});

test('console.log shows values as it shows those of a Map', () => {
  expect(inspect(new TypedMap('i64', [[1, -5n]]))).toBe('TypedMap(1) { 1 => -5n }');
  expect(inspect(new TypedMap('f64', [[2, -0]]))).toBe('TypedMap(1) { 2 => -0 }');
});

test('as JSON, an XArrayOf is its size, and maps of numbers are their pairs', () => {
  const array = new XArrayOf<bigint>();
  array.store(5, 1n);
  expect(JSON.stringify([array, new IntMap([[1, 2]]), new TypedMap('f64', [[1, 0.5]])])).toBe(
    '["XArrayOf(1)",[[1,2]],[[1,0.5]]]',
  );
});

function stored<A extends { store(index: number, entry: number): unknown }>(array: A): A {
  array.store(1, 2);
  return array;
}

test('a snapshot passes through postMessage', async () => {
  const { port1, port2 } = new MessageChannel();
  const bytes = new IntMap([[5, 6]]).snapshot();
  const got = new Promise<Uint8Array>((resolve) => port2.once('message', resolve));
  port1.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  expect([...IntMap.from(await got)]).toEqual([[5, 6]]);
  port1.close();
});

/** The same content twice, with different pasts. */
function twins<M extends { set(key: number, value: never): unknown; delete(key: number): unknown }>(
  make: () => M,
): [M, M] {
  const [one, other] = [make(), make()];
  for (let key = 0; key < 5_000; key++) one.set(key, 1 as never);
  for (let key = 0; key < 5_000; key++) if (key !== 9) one.delete(key);
  other.set(9, 1 as never);
  return [one, other];
}

test.each([
  ['IntMap', () => new IntMap()],
  ['TypedMap', () => new TypedMap('f64')],
] as const)('%s is compared by its content', (_name, make) => {
  const [one, other] = twins<IntMap | TypedMap<'f64'>>(make);
  deepStrictEqual(one, other);
  expect(one).toEqual(other);
  expect(one).toStrictEqual(other);
  expect({ in: [one] }).toStrictEqual({ in: [other] });
  expect(one.equals(other as never)).toBe(true);
  other.set(9, 2);
  notDeepStrictEqual(one, other);
  expect(one).not.toEqual(other);
  expect(one.equals(other as never)).toBe(false);
  other.set(9, 1).set(4_000_000, 1);
  notDeepStrictEqual(one, other);
  expect(one).not.toEqual(other);
  expect(() => deepStrictEqual(one, other)).toThrow(/4000000/);
});

test('an IntMap and a TypedMap, or a Map, are not the same', () => {
  notDeepStrictEqual(new IntMap([[1, 2]]), new TypedMap('f64', [[1, 2]]));
  notDeepStrictEqual(new IntMap([[1, 2]]), new Map([[1, 2]]));
  expect(Object.keys(new IntMap())).not.toContain('array');
});
