// The packages compared with. They are installed beside this file by the benchmark and have no part in the workspace,
// so what is used of them is declared here.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface SparseMapLike {
  set(key: number, value: number): unknown;
  get(key: number): number | undefined;
  delete(key: number): boolean;
}
interface BTreeLike {
  set(key: number, value: number): boolean;
  get(key: number): number | undefined;
  delete(key: number): boolean;
  forEachPair(fn: (key: number, value: number) => void): void;
  nextHigherKey(key: number): number | undefined;
  entries(): Iterable<[number, number]>;
  entriesReversed(): Iterable<[number, number]>;
  forRange(first: number, last: number, includeLast: boolean): number;
  deleteRange(first: number, last: number, includeLast: boolean): number;
}
interface RedBlackIterator {
  readonly index: number;
  readonly key: number;
}
interface RedBlackTreeLike {
  readonly length: number;
  insert(key: number, value: number): RedBlackTreeLike;
  get(key: number): number | undefined;
  at(k: number): RedBlackIterator;
  ge(key: number): RedBlackIterator;
  gt(key: number): RedBlackIterator;
}
interface OrderedMapLike {
  setElement(key: number, value: number): number;
  getElementByKey(key: number): number | undefined;
  eraseElementByKey(key: number): boolean;
  forEach(fn: (element: [number, number]) => void): void;
  lowerBound(key: number): { pointer: [number, number] };
}
interface RoaringLike extends Iterable<number> {
  readonly size: number;
  rank(value: number): number;
  at(place: number): number | undefined;
  isSubset(other: RoaringLike): boolean;
  add(value: number): unknown;
  delete(value: number): boolean;
  has(value: number): boolean;
  addRange(start: number, end: number): unknown;
  minimum(): number;
  forEach(fn: (value: number) => void): unknown;
}
interface RoaringType {
  new (values?: readonly number[]): RoaringLike;
  or(a: RoaringLike, b: RoaringLike): RoaringLike;
  and(a: RoaringLike, b: RoaringLike): RoaringLike;
  andNot(a: RoaringLike, b: RoaringLike): RoaringLike;
  xor(a: RoaringLike, b: RoaringLike): RoaringLike;
}
interface FastBitSetLike {
  new_union(other: FastBitSetLike): FastBitSetLike;
  new_intersection(other: FastBitSetLike): FastBitSetLike;
  new_difference(other: FastBitSetLike): FastBitSetLike;
  new_change(other: FastBitSetLike): FastBitSetLike;
  difference_size(other: FastBitSetLike): number;
  size(): number;
  add(value: number): void;
  remove(value: number): void;
  has(value: number): boolean;
  forEach(fn: (value: number) => void): void;
}
interface NumberAllocatorLike {
  alloc(): number | null;
  free(id: number): void;
}
interface IdGenLike {
  next(): number;
  free(id: number): boolean;
}

export const SparseMap: new (
  values: Int32ArrayConstructor,
  length: number,
) => SparseMapLike = require('mnemonist/sparse-map');
export const BTree: new () => BTreeLike = require('sorted-btree').default;
export const RedBlackTree: () => RedBlackTreeLike = require('functional-red-black-tree');
export const OrderedMap: new () => OrderedMapLike = require('js-sdsl').OrderedMap;
export const RoaringBitmap32: RoaringType = require('roaring').RoaringBitmap32;
export const FastBitSet: new () => FastBitSetLike = require('typedfastbitset').TypedFastBitSet;
export const NumberAllocator: new (min: number, max: number) => NumberAllocatorLike =
  require('number-allocator').NumberAllocator;
export const IDGen: new (bits: number, versionBits: number) => IdGenLike = (await import('@thi.ng/idgen' as string))
  .IDGen;
