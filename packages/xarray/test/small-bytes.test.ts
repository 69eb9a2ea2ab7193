// Bytes that small arrays and maps take, with keys from 0: exact, so that a change of a first size or of growth shows.
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '@idspace/xarray';
import { SparseXArray } from '@idspace/xarray/sparse';
import { expect, test } from 'vitest';

const NODE = 320;

interface Sized {
  readonly byteLength: number;
}

function typed(type: 'f64' | 'i32' | 'u64', n: number): Sized {
  const map = new TypedMap(type);
  for (let key = 0; key < n; key++) map.set(key, (type === 'u64' ? BigInt(key) : key) as never);
  return map;
}

/** Makes one with n keys. */
const KINDS: Record<string, (n: number) => Sized> = {
  XArray: (n) => {
    const array = new XArray();
    for (let i = 0; i < n; i++) array.store(i, i + 1);
    return array;
  },
  XArrayOf: (n) => {
    const array = new XArrayOf<number>();
    for (let i = 0; i < n; i++) array.store(i, i);
    return array;
  },
  IntMap: (n) => new IntMap(Array.from({ length: n }, (_, key) => [key, key])),
  "TypedMap 'f64'": (n) => typed('f64', n),
  "TypedMap 'i32'": (n) => typed('i32', n),
  "TypedMap 'u64'": (n) => typed('u64', n),
  SparseXArray: (n) => {
    const array = new SparseXArray();
    for (let i = 0; i < n; i++) array.store(i * 2 ** 20, i + 1);
    return array;
  },
  Ida: (n) => new Ida(Array.from({ length: n }, (_, id) => id)),
};

const SIZES = [0, 1, 8, 64, 1000];

/** Room for 4 nodes, of which two are always there, then for 32. */
const TREE = [0, 4 * NODE, 4 * NODE, 4 * NODE, 32 * NODE];

test.each([
  ['XArray', TREE],
  ['XArrayOf', TREE.map((bytes, i) => bytes + 8 * SIZES[i]!)],
  // Pairs of 16 bytes up to 16 keys.
  ['IntMap', [0, 16, 128, 4 * NODE, 32 * NODE]],
  // The first values take 64 bytes, whatever their size; then their room doubles.
  ["TypedMap 'f64'", TREE.map((bytes, i) => bytes + [0, 64, 64, 512, 8192][i]!)],
  ["TypedMap 'i32'", TREE.map((bytes, i) => bytes + [0, 64, 64, 256, 4096][i]!)],
  ["TypedMap 'u64'", TREE.map((bytes, i) => bytes + [0, 64, 64, 512, 8192][i]!)],
  // First a leaf, the one without keys, and the root; keys that lie 2²⁰ apart share a directory below it, 64 at a time.
  ['SparseXArray', [0, 2 * 272 + 288, 2 * 272 + 288, 8 * 272 + 2 * 288, 64 * 272 + 32 * 288 + 128 * 4]],
  // Two nodes, one of which is always there: a leaf has 1,024 IDs.
  ['Ida', [0, 280, 280, 280, 280]],
])('%s with 0, 1, 8, 64 and 1,000 keys', (kind, bytes) => {
  expect(SIZES.map((n) => KINDS[kind]!(n).byteLength)).toEqual(bytes);
});
