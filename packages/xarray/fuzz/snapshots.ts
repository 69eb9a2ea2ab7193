// Snapshots of every class, their checksums made right: what is read can be written, read again, and worked with.
import { deepStrictEqual } from 'node:assert';
import { type FuzzTarget, type FuzzTargets, finished, json, type Structure, words } from '@idspace/testkit/fuzz';
import { seal } from '../src/checksum.ts';
import { Ida, IntMap, TypedMap, XArray, XArrayError, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import { VALUE_TYPES } from '../src/typed-values.ts';

const AT_CHECKSUM = 14; // word
const BLOCK_BYTES = 64;
const U32 = 2 ** 32 - 1;
const MANY = 1000;

interface Snapshotted extends Iterable<unknown> {
  snapshot(): Uint8Array;
  readonly size: number;
}

/** Makes the checksum right. Bytes that are no whole blocks are left as they are. */
function repair(bytes: Uint8Array): void {
  if (bytes.length >= BLOCK_BYTES && bytes.length % BLOCK_BYTES === 0)
    seal(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), AT_CHECKSUM);
}

const structures: readonly Structure[] = [finished(words, repair)];

/** A target of a class. @param use Works with what was read: changes it, and looks things up. */
function targetOf<T extends Snapshotted>(
  seeds: () => T[],
  from: (bytes: Uint8Array) => T,
  use: (made: T, at: number) => void,
): FuzzTarget {
  return {
    seeds: () => seeds().map((made) => made.snapshot()),
    structures,
    longest: 2 ** 17,
    run: (input) => {
      let made: T;
      try {
        made = from(input);
      } catch (error) {
        if (error instanceof XArrayError) return;
        throw error;
      }
      const bytes = made.snapshot();
      const again = from(bytes);
      deepStrictEqual(again.snapshot(), bytes, 'a copy has another snapshot');
      if (made.size <= MANY) {
        const listed = [...made];
        deepStrictEqual(listed.length, made.size, 'its size is not the number of its entries');
        deepStrictEqual([...again], listed, 'a copy has other entries');
      }
      for (const at of [0, 63, 64, 4096, 2 ** 30, 2 ** 31 - 1]) use(made, at);
      from(made.snapshot());
    },
  };
}

const INDICES = [0, 1, 63, 64, 65, 4095, 4096, 2 ** 18, 2 ** 30, U32];

function arrays(): XArray[] {
  const plain = new XArray();
  for (const index of INDICES) plain.store(index, (index & 0xffff) + 1);
  plain.setMark(64, 0);
  plain.setMark(U32, 2);
  const allocating = new XArray({ alloc: 'from1' });
  for (let i = 0; i < 70; i++) allocating.alloc(i + 1);
  allocating.erase(5);
  allocating.reserve(5);
  const wide = new XArray();
  wide.storeOrder(64, 6, 9);
  wide.storeOrder(4096, 3, 8);
  wide.storeRange(100_000, 100_070, 7);
  wide.setMark(4096, 1);
  return [new XArray(), plain, allocating, wide];
}

const xarray = targetOf(
  arrays,
  (bytes) => XArray.from(bytes),
  (array, at) => {
    array.store(at, 5);
    deepStrictEqual(array.load(at), 5);
    array.setMark(at, 1);
    array.find(at, U32, 2);
    array.erase(at);
    array.findGap(3);
    array.findLast(at);
    array.eraseRange(at, at + 70);
    array.compact();
  },
);

const shared: FuzzTarget = {
  seeds: () =>
    arrays()
      .slice(0, 3)
      .map((array) => array.snapshot()),
  structures,
  longest: 2 ** 17,
  run: (input) => {
    let made: SharedXArray;
    try {
      made = SharedXArray.from(input, { capacity: 4096 });
    } catch (error) {
      // Multi-index entries, more nodes than there is room for, and the errors of the snapshot itself.
      if (
        error instanceof XArrayError ||
        error instanceof RangeError ||
        /^SharedXArrayError/.test((error as Error).name)
      )
        return;
      throw error;
    }
    const copy = XArray.from(input);
    if (copy.size <= MANY) deepStrictEqual([...made], [...copy]);
    XArray.from(made.snapshot());
    for (const at of [0, 64, U32]) made.store(at, 3);
    made.detach();
  },
};

const ida = targetOf(
  () => {
    const ida = new Ida([5, 31, 32, 70_000, 2 ** 31 - 1]);
    ida.reserveRange(1024, 2047);
    ida.free(31);
    return [new Ida(), ida];
  },
  (bytes) => Ida.from(bytes),
  (ida, at) => {
    ida.reserve(at);
    deepStrictEqual(ida.has(at), true);
    ida.free(at);
    ida.peek(at);
    ida.allocate(at);
    ida.allocateRun(5);
    ida.count();
  },
);

const sparse = targetOf(
  () => {
    const array = new SparseXArray();
    for (let i = 0; i < 60; i++) array.store(1000 + i * 7919, i + 1);
    for (const index of INDICES) array.store(index, 7);
    array.setMark(63, 0);
    array.setMark(U32, 2);
    array.erase(64);
    return [new SparseXArray(), array];
  },
  (bytes) => SparseXArray.from(bytes),
  (array, at) => {
    array.store(at, 5);
    deepStrictEqual(array.load(at), 5);
    array.find(at);
    array.erase(at);
    array.findLast(at);
  },
);

const intMap = targetOf(
  () => [new IntMap(), new IntMap(INDICES.map((index): [number, number] => [index, index & 0xffff]))],
  (bytes) => IntMap.from(bytes),
  (map, at) => {
    map.set(at, 5);
    deepStrictEqual(map.get(at), 5);
    map.delete(at);
    map.fillRange(at, at + 100, 4);
    deepStrictEqual(map.equals(IntMap.from(map.snapshot())), true);
  },
);

const typedMap = targetOf<TypedMap<'f64'>>(
  () =>
    VALUE_TYPES.map((type) => {
      const map = new TypedMap(type) as TypedMap<'f64' | 'i64'>;
      for (const index of INDICES) map.set(index, /64$/.test(type) && type !== 'f64' ? BigInt(index) : index & 0x7f);
      return map as TypedMap<'f64'>;
    }),
  (bytes) => TypedMap.from(bytes) as TypedMap<'f64'>,
  (map, at) => {
    const value = /^[iu]64$/.test(map.type) ? (5n as never) : 5;
    map.set(at, value);
    deepStrictEqual(map.get(at), value);
    map.delete(at);
  },
);

/** Its snapshot ends with JSON. */
const xarrayOf = targetOf(
  () => {
    const array = new XArrayOf<unknown>({ alloc: 'from1' });
    for (const value of ['ä', { a: [1, null, { b: true }] }, 0.5, false, null, '', []]) array.alloc(value);
    array.store(U32, JSON.parse('{"__proto__": 5}'));
    return [new XArrayOf<unknown>(), array];
  },
  (bytes) => XArrayOf.from(bytes),
  (array, at) => {
    array.store(at, { at });
    deepStrictEqual(array.load(at), { at });
    array.erase(at);
  },
);

/** Changes the JSON that a snapshot ends with. */
const values: Structure = (input, draw) => {
  const text = Buffer.from(input).toString('latin1');
  const from = text.search(/\[[^\0]*\]\0*$/);
  if (from < 0) return undefined;
  const end = text.lastIndexOf(']') + 1;
  const changed = json(input.subarray(from, end), draw);
  if (changed === undefined || changed.length > end - from) return undefined;
  const bytes = input.slice();
  bytes.fill(0x20, from, end);
  bytes.set(changed, from);
  repair(bytes);
  return bytes;
};

export const TARGETS: FuzzTargets = {
  xarray,
  'shared-from': shared,
  ida,
  sparse,
  'int-map': intMap,
  'typed-map': typedMap,
  'xarray-of': { ...xarrayOf, structures: [...structures, values] },
};
