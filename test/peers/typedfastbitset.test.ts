// TypedFastBitSet's calls on Ida.
import { Ida } from '@idspace/xarray';
import { TypedFastBitSet } from 'typedfastbitset';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

type Made = Bits | TypedFastBitSet;

/** The part of TypedFastBitSet that Ida has. */
class Bits {
  readonly ida: Ida;

  constructor(ids: Iterable<number> = []) {
    this.ida = ids instanceof Ida ? ids : new Ida(ids);
  }

  add(id: number): void {
    this.ida.add(id);
  }
  checkedAdd(id: number): number {
    return Number(this.ida.reserve(id));
  }
  remove(id: number): void {
    this.ida.delete(id);
  }
  flip(id: number): void {
    if (!this.ida.delete(id)) this.ida.add(id);
  }
  has(id: number): boolean {
    return this.ida.has(id);
  }
  addRange(start: number, end: number): void {
    for (let id = start; id < end; id++) this.ida.add(id);
  }
  removeRange(start: number, end: number): void {
    if (end > start) this.ida.freeRange(start, end - 1);
  }
  hasAnyInRange(start: number, end: number): boolean {
    return end > start && this.ida.find(start, end - 1) >= 0;
  }
  isEmpty(): boolean {
    return this.ida.size === 0;
  }
  size(): number {
    return this.ida.size;
  }
  array(): number[] {
    return [...this.ida];
  }
  forEach(fn: (id: number) => void): void {
    this.ida.forEach(fn);
  }
  [Symbol.iterator](): Iterator<number> {
    return this.ida[Symbol.iterator]();
  }
  clear(): void {
    this.ida.clear();
  }
  trim(): void {
    this.ida.compact();
  }
  clone(): Bits {
    return new Bits(new Ida(this.ida));
  }
  equals(other: Bits): boolean {
    return this.size() === other.size() && this.ida.isSubsetOf(other.ida);
  }
  intersects(other: Bits): boolean {
    return !this.ida.isDisjointFrom(other.ida);
  }
  new_union(other: Bits): Bits {
    return new Bits(this.ida.union(other.ida));
  }
  new_intersection(other: Bits): Bits {
    return new Bits(this.ida.intersection(other.ida));
  }
  new_difference(other: Bits): Bits {
    return new Bits(this.ida.difference(other.ida));
  }
  new_change(other: Bits): Bits {
    return new Bits(this.ida.symmetricDifference(other.ida));
  }
  union_size(other: Bits): number {
    return this.new_union(other).size();
  }
  intersection_size(other: Bits): number {
    return this.new_intersection(other).size();
  }
  difference_size(other: Bits): number {
    return this.new_difference(other).size();
  }
  change_size(other: Bits): number {
    return this.new_change(other).size();
  }
}

/** Makes a set of either kind. Both have the calls of Bits. */
type Make = (ids?: Iterable<number>) => Bits;

const FEW = [1, 2, 31, 32, 33, 63, 64, 1000];
const OTHERS = [2, 3, 32, 64, 65, 4096];
const both = (make: Make): [Bits, Bits] => [make(FEW), make(OTHERS)];
const sorted = (ids: Iterable<number>): number[] => [...new Set(ids)].sort((a, b) => a - b);

const behaviours: Behaviour<Make>[] = [
  ['a new set is empty', (make) => expect([make().isEmpty(), make().size(), make().array()]).toEqual([true, 0, []])],
  ['a set is made of an array', (make) => expect(make([5, 1, 5]).array()).toEqual([1, 5])],
  ['a set is made of a Set', (make) => expect(make(new Set([70, 3])).array()).toEqual([3, 70])],
  [
    'a set is made of a generator',
    (make) => {
      const ids = (function* () {
        yield 9;
        yield 4;
      })();
      expect(make(ids).array()).toEqual([4, 9]);
    },
  ],
  [
    'what was added is there, what was not is not',
    (make) =>
      expect([0, 1, 30, 31, 32, 65, 1000, 1001].map((id) => make(FEW).has(id))).toEqual([
        false,
        true,
        false,
        true,
        true,
        false,
        true,
        false,
      ]),
  ],
  [
    'adding twice is adding once',
    (make) => {
      const set = make();
      set.add(7);
      set.add(7);
      expect(set.size()).toBe(1);
    },
  ],
  [
    'a checked addition tells whether it was new',
    (make) => {
      const set = make([4]);
      expect([set.checkedAdd(4), set.checkedAdd(5), set.has(5)]).toEqual([0, 1, true]);
    },
  ],
  [
    'what is removed is gone, and can be removed again',
    (make) => {
      const set = make(FEW);
      set.remove(32);
      set.remove(32);
      set.remove(99_999);
      expect(set.array()).toEqual(FEW.filter((id) => id !== 32));
    },
  ],
  [
    'flip adds and removes',
    (make) => {
      const set = make([1]);
      set.flip(1);
      set.flip(2);
      expect(set.array()).toEqual([2]);
    },
  ],
  [
    'a range is added without its end',
    (make) => {
      const set = make([40]);
      set.addRange(30, 67);
      expect([set.size(), set.has(29), set.has(30), set.has(66), set.has(67)]).toEqual([37, false, true, true, false]);
    },
  ],
  [
    'an empty range adds nothing',
    (make) => {
      const set = make();
      set.addRange(5, 5);
      expect(set.isEmpty()).toBe(true);
    },
  ],
  [
    'a range is removed without its end',
    (make) => {
      const set = make(FEW);
      set.removeRange(2, 64);
      expect(set.array()).toEqual([1, 64, 1000]);
    },
  ],
  [
    'a range far above all removes nothing',
    (make) => {
      const set = make(FEW);
      set.removeRange(5_000, 6_000);
      expect(set.array()).toEqual(FEW);
    },
  ],
  [
    'whether a range has any is told',
    (make) => {
      const set = make(FEW);
      expect([
        set.hasAnyInRange(3, 31),
        set.hasAnyInRange(3, 32),
        set.hasAnyInRange(65, 1000),
        set.hasAnyInRange(65, 1001),
        set.hasAnyInRange(2_000, 3_000),
      ]).toEqual([false, true, false, true, false]);
    },
  ],
  [
    'forEach visits in order',
    (make) => {
      const seen: number[] = [];
      make(FEW).forEach((id) => void seen.push(id));
      expect(seen).toEqual(FEW);
    },
  ],
  ['iteration is in order', (make) => expect([...make([3, 1, 2000, 64])]).toEqual([1, 3, 64, 2000])],
  [
    'clear empties, and the set can be filled again',
    (make) => {
      const set = make(FEW);
      set.clear();
      expect(set.isEmpty()).toBe(true);
      set.add(3);
      expect(set.array()).toEqual([3]);
    },
  ],
  [
    'trim changes no member',
    (make) => {
      const set = make(FEW);
      set.remove(1000);
      set.trim();
      expect(set.array()).toEqual(FEW.slice(0, -1));
    },
  ],
  [
    'a clone is a set of its own',
    (make) => {
      const set = make(FEW);
      const clone = set.clone();
      clone.add(3);
      set.remove(1);
      expect([clone.has(1), set.has(3)]).toEqual([true, false]);
    },
  ],
  [
    'equal sets are equal, however they came to be',
    (make) => {
      const set = make([...FEW, 50_000]);
      set.remove(50_000);
      expect([set.equals(make(FEW)), make(FEW).equals(set), set.equals(make(OTHERS))]).toEqual([true, true, false]);
    },
  ],
  [
    'a subset is not equal',
    (make) => expect([make([1]).equals(make([1, 2])), make([1, 2]).equals(make([1]))]).toEqual([false, false]),
  ],
  [
    'sets intersect or do not',
    (make) =>
      expect([make(FEW).intersects(make(OTHERS)), make([1]).intersects(make([2])), make().intersects(make())]).toEqual([
        true,
        false,
        false,
      ]),
  ],
  [
    'union',
    (make) => {
      const [a, b] = both(make);
      expect(a.new_union(b).array()).toEqual(sorted([...FEW, ...OTHERS]));
    },
  ],
  [
    'intersection',
    (make) => {
      const [a, b] = both(make);
      expect(a.new_intersection(b).array()).toEqual([2, 32, 64]);
    },
  ],
  [
    'difference, both ways',
    (make) => {
      const [a, b] = both(make);
      expect([a.new_difference(b).array(), b.new_difference(a).array()]).toEqual([
        [1, 31, 33, 63, 1000],
        [3, 65, 4096],
      ]);
    },
  ],
  [
    'symmetric difference',
    (make) => {
      const [a, b] = both(make);
      expect(a.new_change(b).array()).toEqual([1, 3, 31, 33, 63, 65, 1000, 4096]);
    },
  ],
  [
    'sizes of the four without the sets',
    (make) => {
      const [a, b] = both(make);
      expect([a.union_size(b), a.intersection_size(b), a.difference_size(b), a.change_size(b)]).toEqual([11, 3, 5, 8]);
    },
  ],
  [
    'the operands stay as they were',
    (make) => {
      const [a, b] = both(make);
      a.new_union(b);
      a.new_change(b);
      expect([a.array(), b.array()]).toEqual([FEW, OTHERS]);
    },
  ],
  [
    'with an empty set',
    (make) => {
      const [a] = both(make);
      const none = make();
      expect([
        a.new_union(none).size(),
        a.new_intersection(none).size(),
        a.new_difference(none).size(),
        none.new_difference(a).size(),
      ]).toEqual([8, 0, 8, 0]);
    },
  ],
  [
    'with itself',
    (make) => {
      const [a] = both(make);
      expect([
        a.new_union(a).size(),
        a.new_intersection(a).size(),
        a.new_difference(a).size(),
        a.new_change(a).size(),
      ]).toEqual([8, 8, 0, 0]);
    },
  ],
];

compare<Make>({
  peer: 'TypedFastBitSet',
  ours: 'Ida',
  makeTheirs: () => (ids) => new TypedFastBitSet(ids) as Made as Bits,
  makeOurs: () => (ids) => new Bits(ids),
  behaviours,
  counts: { both: 30, theirs: 0, ours: 0 },
});
