// XArrayOf: an XArray whose entries are any JS values.
import type { Each } from './each.ts';
import { type Inspect, type ShowOptions, showValues } from './inspect.ts';
import { setAll } from './int-keys.ts';
import { type Store, withStore } from './iterators.ts';
import { jsonOf } from './json.ts';
import { badFunction, badIndex } from './misuse.ts';
import type { XArrayOptions } from './options.ts';
import type { Index } from './searches.ts';
import { XArray } from './xarray.ts';
import { decodeNumbered, encodeNumbered, verifyNumbers } from './xarray-of-snapshot.ts';

/**
 * Maps indices to values of any kind in an XArray; undefined means that there is no value.
 *
 * A value stays in its slot of a plain array, and the XArray holds the number of the slot: searches, marks and allocation are
 * the XArray's own. A value that is removed or replaced is released immediately.
 */
export class XArrayOf<T> implements Iterable<[Index, T]> {
  /** Numbers of slots, plus one. */
  private readonly array: XArray;
  /** The values by slot; a free slot holds the link to the next one, the number of that slot plus one. */
  private kept: (T | number)[] = [];
  /** The first free slot plus one, or 0. */
  private freeSlot = 0;

  /**
   * Makes an array, empty or with the values of an iterable of `[index, value]`, such as a Map.
   *
   * @param given The entries, or the options of an empty array.
   * @throws RangeError for an unknown option, and for an entry that is none, naming its place.
   */
  constructor(given: Iterable<readonly [Index, T]> | XArrayOptions = {}) {
    const entries = isIterable(given) ? given : undefined;
    this.array = new XArray(entries === undefined ? (given as XArrayOptions) : {}, 'XArrayOf');
    if (entries !== undefined) setAll('new XArrayOf', { set: (index, value: T) => this.store(index, value) }, entries);
  }

  /** Number of values `find` returns: reservations do not count. */
  get size(): number {
    return this.array.size;
  }

  /** Bytes allocated for the tree and the slots, 8 per slot; the size of the values is not known. */
  get byteLength(): number {
    return this.array.byteLength + 8 * this.kept.length;
  }

  /**
   * Reads the value at an index.
   *
   * @param index 0…2³²−1.
   * @returns The value, or undefined where there is none or only a reservation.
   * @throws RangeError for an index that is not a u32.
   */
  load(index: Index): T | undefined {
    const entry = this.array.load(index);
    return entry === 0 ? undefined : (this.kept[entry - 1] as T);
  }

  /**
   * Puts a value at an index and replaces what is there; marks stay.
   *
   * Storing undefined erases; in an allocating array it keeps the index taken (reserved) instead.
   *
   * @param index 0…2³²−1.
   * @param value What to keep.
   * @returns The value that was there, or undefined.
   * @throws RangeError for an index that is not a u32.
   */
  store(index: Index, value: T | undefined): T | undefined {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('XArrayOf', 'store', index);
    if (value === undefined) return this.letGo(this.array.store(index, 0));
    const entry = this.array.load(index);
    if (entry === 0) {
      this.put(index, value);
      return undefined;
    }
    const old = this.kept[entry - 1] as T;
    this.kept[entry - 1] = value;
    return old;
  }

  /**
   * Removes what is at an index, reservation and marks included, and frees the index.
   *
   * @param index 0…2³²−1.
   * @returns The value that was there, or undefined.
   * @throws RangeError for an index that is not a u32.
   */
  erase(index: Index): T | undefined {
    return this.letGo(this.array.erase(index));
  }

  /**
   * Puts a value at an index that has none; undefined reserves the index.
   *
   * @param index 0…2³²−1.
   * @param value What to keep.
   * @returns False, and nothing changes, if the index is taken, also by a reservation.
   * @throws RangeError for an index that is not a u32.
   */
  insert(index: Index, value: T | undefined): boolean {
    if (value === undefined) return this.array.insert(index, 0);
    const slot = this.nextSlot;
    const kept = this.array.insert(index, slot + 1);
    if (kept) this.fill(slot, value);
    return kept;
  }

  /**
   * Replaces a value if it is (`===`) the expected one; undefined as the new value erases it.
   *
   * @param index 0…2³²−1.
   * @param old The value expected; undefined does not match a reserved index, though it is returned for it.
   * @param value The value to put.
   * @returns The value that was there, or undefined: the exchange was made if that is `old`.
   * @throws RangeError for an index that is not a u32.
   */
  cmpxchg(index: Index, old: T | undefined, value: T | undefined): T | undefined {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('XArrayOf', 'cmpxchg', index);
    const current = this.load(index);
    if (current !== old) return current;
    if (value === undefined) {
      if (old !== undefined) this.erase(index);
    } else if (old === undefined) this.insert(index, value);
    else this.store(index, value);
    return current;
  }

  /** Takes an index without a value; see {@link XArray.reserve}. */
  reserve(index: Index): void {
    this.array.reserve(index);
  }

  /** Undoes a reservation that was not used; see {@link XArray.release}. */
  release(index: Index): void {
    this.array.release(index);
  }

  /** Finds the first value at or after an index: its index, or −1; see {@link XArray.find}. */
  find(from?: Index, max?: Index, mark?: number): number {
    return this.array.find(from, max, mark);
  }

  /** Finds the first value after an index: its index, or −1; see {@link XArray.findAfter}. */
  findAfter(from: Index, max?: Index, mark?: number): number {
    return this.array.findAfter(from, max, mark);
  }

  /** Finds the last value at or before an index: its index, or −1; see {@link XArray.findLast}. */
  findLast(from?: Index, min?: Index, mark?: number): number {
    return this.array.findLast(from, min, mark);
  }

  /** Finds the last value before an index: its index, or −1; see {@link XArray.findBefore}. */
  findBefore(from: Index, min?: Index, mark?: number): number {
    return this.array.findBefore(from, min, mark);
  }

  /** Iterates over `[index, value]` of a range, in ascending order; see {@link XArray.range}. */
  range(from?: Index, max?: Index, mark?: number): Each<[Index, T]> {
    return withStore(this.array.range(from, max, mark), this.holder);
  }

  /** Iterates over `[index, value]` in descending order; see {@link XArray.reversed}. */
  reversed(from?: Index, min?: Index, mark?: number): Each<[Index, T]> {
    return withStore(this.array.reversed(from, min, mark), this.holder);
  }

  /** Counts the values of a range; see {@link XArray.count}. */
  count(first?: Index, last?: Index, mark?: number): number {
    return this.array.count(first, last, mark);
  }

  /** Counts the values below an index; see {@link XArray.rank}. */
  rank(index: Index, mark?: number): number {
    return this.array.rank(index, mark);
  }

  /** Finds the value that has `k` others before it: its index, or −1; see {@link XArray.nth}. */
  nth(k: number, mark?: number): number {
    return this.array.nth(k, mark);
  }

  /**
   * Removes what is at the indices of a range, reservations and marks included; see {@link XArray.eraseRange}.
   *
   * Cost: O(values removed): each is released.
   */
  eraseRange(first: Index, last: Index): number {
    this.array.checkRange('eraseRange', first, last);
    const slots: number[] = [];
    for (const [, entry] of this.array.range(first, last)) slots.push(entry);
    const removed = this.array.eraseRange(first, last);
    for (const entry of slots) this.letGo(entry);
    return removed;
  }

  /**
   * Calls a function for each value, in ascending order of index; it may store and erase.
   *
   * @param fn Gets the value and its index.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only values with this mark, 0…2.
   * @throws RangeError for a bad index or mark, or if `fn` is not a function.
   */
  forEach(fn: (value: T, index: Index) => void, from?: Index, max?: Index, mark?: number): void {
    if (typeof fn !== 'function') throw badFunction('XArrayOf', 'forEach', fn);
    const visit = (entry: number, index: Index): void => fn(this.kept[entry - 1] as T, index);
    this.array.forEach(visit, from, max, mark);
  }

  /** Iterates over `[index, value]` in ascending order; not a snapshot, like {@link forEach}. */
  [Symbol.iterator](): Each<[Index, T]> {
    return withStore(this.array.range(), this.holder);
  }

  /** Reads a mark of the value at an index; see {@link XArray.getMark}. */
  getMark(index: Index, mark: number): boolean {
    return this.array.getMark(index, mark);
  }

  /** Sets a mark of the value at an index; see {@link XArray.setMark}. */
  setMark(index: Index, mark: number): void {
    this.array.setMark(index, mark);
  }

  /** Clears a mark of the value at an index; see {@link XArray.clearMark}. */
  clearMark(index: Index, mark: number): void {
    this.array.clearMark(index, mark);
  }

  /** Tells whether any value in the array has a mark; see {@link XArray.marked}. */
  marked(mark: number): boolean {
    return this.array.marked(mark);
  }

  /**
   * Puts a value at the lowest free index; undefined reserves that index.
   *
   * @param value What to keep.
   * @param min Lowest index to give, 0…2³²−1.
   * @param max Highest index to give, 0…2³²−1; 2³¹−1 unless given.
   * @returns The index, or −1 if all of min…max are taken (or min > max).
   * @throws RangeError for a bad limit, and in an array made without the option `alloc`.
   */
  alloc(value: T | undefined, min?: Index, max?: Index): number {
    if (value === undefined) return this.array.alloc(0, min, max);
    const slot = this.nextSlot;
    const index = this.array.alloc(slot + 1, min, max);
    if (index >= 0) this.fill(slot, value);
    return index;
  }

  /**
   * Puts a value at the next free index at or after `next`, or if there is none, at the lowest free one.
   *
   * @param value What to keep; undefined reserves.
   * @param next Where to begin, 0…2³²−1.
   * @param min Lowest index to give, 0…2³²−1.
   * @param max Highest index to give, 0…2³²−1; 2³¹−1 unless given.
   * @returns The index, or −1 if all of min…max are taken; it wrapped if the index is below `next`.
   * @throws RangeError for a bad limit, and in an array made without the option `alloc`.
   */
  allocCyclic(value: T | undefined, next: Index, min?: Index, max?: Index): number {
    if (value === undefined) return this.array.allocCyclic(0, next, min, max);
    const slot = this.nextSlot;
    const index = this.array.allocCyclic(slot + 1, next, min, max);
    if (index >= 0) this.fill(slot, value);
    return index;
  }

  /** Removes everything and frees the memory. */
  clear(): void {
    this.array.clear();
    this.kept = [];
    this.freeSlot = 0;
  }

  /**
   * Frees spare memory of tree and slots, and puts the values in ascending order of index.
   *
   * Cost: O(nodes + size).
   */
  compact(): void {
    this.array.compact();
    // All memory is there: from here on nothing throws.
    const values: T[] = [];
    this.array.forEach((entry, index) => {
      values.push(this.kept[entry - 1] as T);
      this.array.store(index, values.length);
    });
    this.kept = values;
    this.freeSlot = 0;
  }

  /**
   * Writes indices, values, marks and reservations as bytes; the values as JSON.
   *
   * @returns A snapshot: that of an XArray, the JSON and 64 bytes; a multiple of 64.
   * @throws RangeError naming the first kind of value that JSON would not keep as it is: undefined in an object, a function, a symbol,
   *   a bigint, −0, NaN, an infinity, an object of a class, a hole, a circle.
   *
   * Cost: O(nodes + size), and that of JSON.stringify.
   */
  snapshot(): Uint8Array {
    const values: T[] = [];
    const numbers = XArray.from(this.array.snapshot(), { trusted: true });
    this.array.forEach((entry, index) => {
      values.push(this.kept[entry - 1] as T);
      numbers.store(index, values.length);
    });
    return encodeNumbered(numbers.snapshot(), jsonOf('XArrayOf.snapshot', values));
  }

  /**
   * Reads what {@link snapshot} wrote. The values are what JSON.parse makes of them: check them, if the bytes may be forged.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @returns A new array of the same kind and content; on a subclass, an object of the subclass, made without arguments but `alloc`.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   *
   * Cost: O(nodes + size), and that of JSON.parse.
   */
  static from<A extends XArrayOf<unknown> = XArrayOf<unknown>>(
    this: (new (options?: XArrayOptions) => A) | undefined,
    bytes: Uint8Array,
  ): A {
    const call = 'XArrayOf.from';
    const { state, allocBase, values } = decodeNumbered(call, bytes);
    const array = new (this ?? XArrayOf)({
      alloc: allocBase < 0 ? undefined : allocBase === 0 ? 'from0' : 'from1',
    }) as A;
    array.array.adopt(state);
    verifyNumbers(call, array.array);
    array.kept = values;
    array.freeSlot = 0;
    return array;
  }

  /** Returns the class and the size for JSON.stringify: values can be of any kind, and nothing reads the text back. */
  toJSON(): string {
    return `XArrayOf(${this.size})`;
  }

  /**
   * Shows size and values, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: ShowOptions, inspect: Inspect): string {
    return depth < 0 ? '[XArrayOf]' : showValues('XArrayOf', this, options, inspect);
  }

  /** This, as iterators see it: they read the values that are there when they come to them. */
  private get holder(): Store<T> {
    return this as unknown as Store<T>;
  }

  /** Puts a value at an index that has none. */
  private put(index: Index, value: T): void {
    const slot = this.nextSlot;
    this.array.store(index, slot + 1);
    this.fill(slot, value);
  }

  /** The slot that is filled next; it is not taken yet, as what comes first may throw. */
  private get nextSlot(): number {
    return this.freeSlot === 0 ? this.kept.length : this.freeSlot - 1;
  }

  /** Fills the next slot, to which the tree leads now. */
  private fill(slot: number, value: T): void {
    if (this.freeSlot !== 0) this.freeSlot = this.kept[slot] as number;
    this.kept[slot] = value;
  }

  /** Empties the slot of an entry that is no longer in the tree. */
  private letGo(entry: number): T | undefined {
    if (entry === 0) return undefined;
    const value = this.kept[entry - 1] as T;
    this.kept[entry - 1] = this.freeSlot;
    this.freeSlot = entry;
    return value;
  }
}

function isIterable(given: unknown): given is Iterable<never> {
  return typeof given === 'object' && given !== null && Symbol.iterator in given;
}
