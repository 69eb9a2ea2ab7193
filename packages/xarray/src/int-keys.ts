// IntKeys: what can be asked of the keys of a map from integers, whatever their values are.
import type { Entries } from './entries.ts';
import { ascending, INDICES } from './iterators.ts';
import { badIndex } from './misuse.ts';
import { MAX_INDEX, PRESENT } from './node-layout.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** What a Map's iterator of numbers is in the reader's version of TypeScript: with helpers since 5.6. */
export type Keys = ReturnType<ReadonlyMap<number, number>['keys']>;

/** Under which an object shows its `[key, value]` pairs to tools that look at fields. */
const CONTENT: symbol = /* @__PURE__ */ Symbol('entries');

const SHOWN: PropertyDescriptor = {
  get(this: Iterable<unknown>): unknown[] {
    return [...this];
  },
  enumerable: true,
  configurable: true,
};

/** The calls that IntMap and TypedMap have in common. */
export class IntKeys {
  /** @internal */
  declare readonly uncloneable: symbol;
  /** @internal */
  declare array: Entries;

  constructor(array: Entries) {
    this.uncloneable = UNCLONEABLE;
    // Not enumerable: two maps with the same content may differ in memory.
    Object.defineProperty(this, 'array', { value: array, writable: true, configurable: true });
    // What tools that compare fields find instead, such as deepStrictEqual.
    Object.defineProperty(this, CONTENT, SHOWN);
  }

  /** Number of keys. */
  get size(): number {
    return this.array.size;
  }

  /**
   * Tells whether a key is there.
   *
   * @param key Any value.
   * @returns False also for a value that cannot be a key, as a Map answers.
   */
  has(key: number): boolean {
    return typeof key === 'number' && key >>> 0 === key && this.array.load(key) !== 0;
  }

  /**
   * Finds the lowest key at or above one: `find()` is the first key.
   *
   * @param from First key to look at, 0…2³²−1.
   * @param max Last key to look at, 0…2³²−1.
   * @returns The key, or −1 if there is none.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: O(height).
   */
  find(from?: number, max?: number): number {
    return this.array.find(from, max);
  }

  /** Finds the lowest key above one, or −1; otherwise as {@link find}. */
  findAfter(from: number, max?: number): number {
    return this.array.findAfter(from, max);
  }

  /**
   * Finds the highest key at or below one: `findLast()` is the last key.
   *
   * @param from First key to look at, going down, 0…2³²−1.
   * @param min Last key to look at, 0…2³²−1.
   * @returns The key, or −1 if there is none.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: O(height).
   */
  findLast(from?: number, min?: number): number {
    return this.array.findLast(from, min);
  }

  /** Finds the highest key below one, or −1; otherwise as {@link findLast}. */
  findBefore(from: number, min?: number): number {
    return this.array.findBefore(from, min);
  }

  /**
   * Counts the keys of a range.
   *
   * @param first First key, 0…2³²−1.
   * @param last Last key, 0…2³²−1; none are counted if it is below `first`.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: O(height), and a count of 64 bits for every leaf (64 keys) of the range that is neither empty nor full.
   */
  count(first?: number, last?: number): number {
    return this.array.count(first, last);
  }

  /**
   * Counts the keys below one: its place among all keys in order.
   *
   * @param key 0…2³²−1; it need not be there.
   * @returns 0…size.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: as {@link count} from 0.
   */
  rank(key: number): number {
    this.checkKey('rank', key, 'key');
    return this.array.rank(key);
  }

  /**
   * Finds the key that has `k` others below it: `nth(0)` is the first key.
   *
   * @param k 0…2³²−1.
   * @returns The key, or −1 if there are not so many.
   * @throws RangeError for a bad number.
   *
   * Cost: as {@link count} up to there.
   */
  nth(k: number): number {
    return this.array.nth(k);
  }

  /** Iterates over the keys, ascending. */
  keys(): Keys {
    return ascending(this.array, 0, MAX_INDEX, PRESENT, INDICES) as Keys;
  }

  /** @internal Refuses what is no key. */
  checkKey(call: string, key: number, name: string): void {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex(this.array.owner, call, key, name);
  }

  /** @internal Refuses limits that are no keys. */
  checkRange(call: string, first: number, last: number): void {
    this.checkKey(call, first, 'first');
    this.checkKey(call, last, 'last');
  }
}
