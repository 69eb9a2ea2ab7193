// IntMap: the methods of Map, for integers, over the entries of an XArray, or over a few pairs while there are no more.
import type { Each } from './each.ts';
import { Entries } from './entries.ts';
import { fewDelete, fewGet, fewSet, NO_PAIRS, placeBehind, steps } from './few.ts';
import { showEntries } from './inspect.ts';
import { IntKeys, setAll } from './int-keys.ts';
import { ascending, descending, ENTRIES, INDICES, PAIRS } from './iterators.ts';
import { badFunction, badIndex, type Refusal, refused } from './misuse.ts';
import { MAX_ENTRY, MAX_INDEX, PRESENT } from './node-layout.ts';
import type { FromOptions } from './options.ts';
import { decode, encode } from './snapshot.ts';

/** The tree of all maps that have few keys: it is empty, and nothing is put into it. */
const NO_TREE: Entries = /* @__PURE__ */ new Entries('IntMap');

/**
 * Maps integers to integers like a Map, in ascending order of key.
 *
 * Differs from Map in three things: `get` returns −1 (or a value that you choose) instead of undefined, iteration goes by key and not by
 * insertion, and keys and values are integers. It can be passed as a `ReadonlyMap<number, number>` to what does not rely on undefined. Fast and small where keys are dense or clustered; for sparse keys use Map.
 */
export class IntMap extends IntKeys implements Iterable<[number, number]> {
  /** What the keys are in once there were more than a few. Entries are values plus one, since an entry 0 is NULL. */
  #tree: Entries;
  /** Key, value, key, value… in ascending order of key while they are few; then null, which is the quickest to tell. */
  #pairs: number[] | null;

  /**
   * Makes a map, empty or with the entries of an iterable of `[key, value]`.
   *
   * @throws RangeError for what is not iterable, an entry that is not an array, and a key or value that is out of range.
   */
  constructor(entries?: Iterable<readonly [number, number]> | null) {
    super();
    this.showPairs(NO_PAIRS);
    this.#tree = NO_TREE;
    this.#pairs = NO_PAIRS;
    if (entries !== undefined && entries !== null) setAll('new IntMap', this, entries);
  }

  /** @internal The tree, which is made if there is none. */
  get array(): Entries {
    if (this.#pairs !== null) {
      this.#grow(treeOf(this.#pairs));
    }
    return this.#tree;
  }

  /** @internal The tree, or one that stays empty. */
  get asked(): Entries {
    return this.#tree;
  }

  /** @internal The tree, if there is one. */
  get tree(): Entries | null {
    return this.#pairs === null ? this.#tree : null;
  }

  /** @internal The pairs while they are few. */
  get pairs(): number[] | null {
    return this.#pairs;
  }

  /** Takes over other pairs. */
  #become(pairs: number[]): void {
    this.#pairs = pairs;
    this.showPairs(pairs);
  }

  /** Goes on with a tree. */
  #grow(tree: Entries): void {
    this.showContent();
    this.#tree = tree;
    this.#pairs = null;
  }

  /** Number of keys. */
  get size(): number {
    return this.#pairs === null ? this.#tree.size : this.#pairs.length / 2;
  }

  /** Bytes allocated for keys and values: 16 for each of the first 16, then those of the tree. */
  get byteLength(): number {
    return this.#pairs === null ? this.#tree.byteLength : this.#pairs.length * 8;
  }

  /** Tells whether a key is there. @param key Any value. @returns False also for a value that cannot be a key, as a Map answers. */
  override has(key: number): boolean {
    if (typeof key !== 'number' || key >>> 0 !== key) return false;
    return this.#tree.load(key) !== 0 || (this.#pairs !== null && fewGet(this.#pairs, key) >= 0);
  }

  /** Returns the value of a key, or −1. */
  #read(key: number): number {
    return this.#pairs === null ? this.#tree.load(key) - 1 : fewGet(this.#pairs, key);
  }

  /** Gives a key a value while there are few. */
  #setFew(pairs: number[], key: number, value: number): void {
    // V8 gives an array room for 17 when the first is pushed, and for two when it begins with two.
    if (pairs === NO_PAIRS)
      this.#become([key >>> 0, value | 0]); // −0 is 0
    else if (!fewSet(pairs, key >>> 0, value | 0)) this.array.put(key, value + 1);
  }

  /**
   * Reads the value of a key.
   *
   * @param key 0…2³²−1.
   * @returns The value, 0…2³¹−2, or −1 if the key is not there.
   * @throws RangeError for a key that is not a u32.
   */
  get(key: number): number;
  /**
   * Reads the value of a key, or what you choose where there is none.
   *
   * @param key 0…2³²−1.
   * @param missing What to return if the key is not there, undefined included.
   * @returns The value, 0…2³¹−2, or `missing`.
   * @throws RangeError for a key that is not a u32.
   */
  get<T>(key: number, missing: T): number | T;
  get<T>(key: number, missing?: T): number | T {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'get', key, 'key');
    const entry = this.#tree.load(key);
    // Nothing is 0, of which −1 comes by itself. Told to answer undefined, it does.
    const value = entry === 0 && this.#pairs !== null ? fewGet(this.#pairs, key) : entry - 1;
    // biome-ignore lint/complexity/noArguments: rest parameters would be an array for each call
    return arguments.length < 2 || value !== -1 ? value : (missing as T);
  }

  /**
   * Gives a key a value.
   *
   * @param key 0…2³²−1.
   * @param value 0…2³¹−2.
   * @returns The map.
   * @throws RangeError for a bad key or value.
   */
  set(key: number, value: number): this {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'set', key, 'key');
    checkValue('set', value);
    const pairs = this.#pairs;
    if (pairs === null) this.#tree.put(key, value + 1);
    else this.#setFew(pairs, key, value);
    return this;
  }

  /**
   * Reads the value of a key, and gives it one first if it has none.
   *
   * @param key 0…2³²−1.
   * @param value 0…2³¹−2.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key or value.
   */
  getOrInsert(key: number, value: number): number {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'getOrInsert', key, 'key');
    checkValue('getOrInsert', value);
    const found = this.#read(key);
    if (found < 0) this.set(key, value);
    // −0 is kept as 0.
    return found < 0 ? value | 0 : found;
  }

  /**
   * Reads the value of a key, and gives it one first if it has none: what a function returns for the key.
   *
   * @param key 0…2³²−1.
   * @param fn Returns the value, 0…2³¹−2; called only if the key is not there. It may change the map; its result counts.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key or value, or if `fn` is not a function.
   */
  getOrInsertComputed(key: number, fn: (key: number) => number): number {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'getOrInsertComputed', key, 'key');
    if (typeof fn !== 'function') throw badFunction('IntMap', 'getOrInsertComputed', fn);
    const found = this.#read(key);
    if (found >= 0) return found;
    const value = fn(key);
    checkValue('getOrInsertComputed', value);
    this.set(key, value);
    return value | 0;
  }

  /**
   * Adds to the value of a key, for which a missing key has 0: a counter.
   *
   * @param key 0…2³²−1.
   * @param n An integer, negative too; 1 unless given.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key, for what is no integer, and for a sum that is not 0…2³¹−2; then nothing has changed.
   */
  add(key: number, n = 1): number {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'add', key, 'key');
    const value = Math.max(this.#read(key), 0);
    const sum = typeof n === 'number' ? value + n : -1;
    if ((sum & MAX_ENTRY) !== sum || sum === MAX_ENTRY) throw badSum(n, value);
    const pairs = this.#pairs;
    if (pairs === null) this.#tree.put(key, sum + 1);
    else this.#setFew(pairs, key, sum);
    return sum;
  }

  /**
   * Groups items by an integer. An IntMap holds integers alone, so the groups come in a Map, whose keys are in ascending order.
   *
   * @param items What is grouped.
   * @param fn Returns the key of an item, 0…2³²−1; gets the item and its place among all.
   * @returns A Map from each key to its items, in the order in which they came.
   * @throws RangeError for what is not iterable, a bad key, or if `fn` is not a function.
   */
  static groupBy<T>(items: Iterable<T>, fn: (item: T, at: number) => number): Map<number, T[]> {
    if (typeof fn !== 'function') throw badFunction('IntMap', 'groupBy', fn);
    if (typeof items?.[Symbol.iterator] !== 'function') throw refused('IntMap.groupBy', 'items', items, 'an iterable');
    const places = new IntMap();
    const groups: T[][] = [];
    let at = 0;
    for (const item of items) {
      const key = fn(item, at++);
      places.checkKey('groupBy', key, 'key');
      const place = places.getOrInsert(key, groups.length);
      if (place === groups.length) groups.push([]);
      groups[place]!.push(item);
    }
    return new Map(Array.from(places, ([key, place]) => [key, groups[place]!]));
  }

  /**
   * Tells whether another map has the same keys with the same values.
   *
   * @param other Any value.
   * @returns False also for anything that is not an IntMap.
   *
   * Cost: O(size).
   */
  equals(other: IntMap): boolean {
    if (!(other instanceof IntMap) || other.size !== this.size) return false;
    for (const [key, value] of this) if (other.get(key) !== value) return false;
    return true;
  }

  /** Returns `[key, value]` pairs for JSON.stringify; `new IntMap(pairs)` reads them. */
  toJSON(): [number, number][] {
    return [...this];
  }

  /** Names the class in `Object.prototype.toString`. */
  get [Symbol.toStringTag](): string {
    return 'IntMap';
  }

  /**
   * Removes a key.
   *
   * @param key 0…2³²−1.
   * @returns Whether it was there.
   * @throws RangeError for a key that is not a u32.
   */
  delete(key: number): boolean {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'delete', key, 'key');
    return this.#pairs === null ? this.#tree.remove(key) !== 0 : fewDelete(this.#pairs, key);
  }

  /**
   * Writes the map into one buffer, to be read by {@link IntMap.from}.
   *
   * @returns Bytes that only IntMap reads.
   */
  snapshot(): Uint8Array {
    const tree = this.#pairs === null ? this.#tree : treeOf(this.#pairs);
    return encode(tree.state(), tree.free.base, 'IntMap');
  }

  /**
   * Reads what {@link snapshot} wrote. The snapshot of an XArray, whose entries are no values, is refused.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options `trusted` as of XArray.from.
   * @returns A new map; on a subclass, an object of the subclass, made without arguments.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged or of another class; RangeError for anything but a Uint8Array.
   */
  static from<T extends IntMap = IntMap>(this: (new () => T) | undefined, bytes: Uint8Array, options?: FromOptions): T {
    const { state } = decode('IntMap.from', bytes, 'IntMap', options);
    const map = new (this ?? IntMap)() as T;
    const tree = new Entries('IntMap');
    tree.adopt(state);
    map.#grow(tree);
    return map;
  }

  /**
   * Moves everything into memory of just its size.
   *
   * Cost: O(nodes); old and new memory exist at the same time.
   */
  compact(): void {
    this.tree?.compact();
  }

  /** Removes all keys and frees the memory. */
  clear(): void {
    if (this.#pairs === null) this.#tree.clear();
    else this.#become(NO_PAIRS);
  }

  /**
   * Iterates over `[key, value]` of a range, in ascending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, 0…2³²−1.
   * @param max Last key, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  range(from = 0, max: number = MAX_INDEX): Each<[number, number]> {
    this.checkKey('range', from, 'from');
    this.checkKey('range', max, 'max');
    return ascending(this.array, from, max, PRESENT, PAIRS, 1);
  }

  /**
   * Iterates over `[key, value]` in descending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, the highest, 0…2³²−1.
   * @param min Last key, the lowest, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  reversed(from: number = MAX_INDEX, min = 0): Each<[number, number]> {
    this.checkKey('reversed', from, 'from');
    this.checkKey('reversed', min, 'min');
    return descending(this.array, from, min, PRESENT, PAIRS, 1);
  }

  /**
   * Removes the keys of a range.
   *
   * @param first First key, 0…2³²−1.
   * @param last Last key, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @returns How many there were.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: O(height + nodes removed), not O(keys).
   */
  deleteRange(first: number, last: number): number {
    this.checkRange('deleteRange', first, last);
    return this.array.eraseRange(first, last);
  }

  /**
   * Gives every key of a range the same value.
   *
   * @param first First key, 0…2³²−1.
   * @param last Last key, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @param value 0…2³¹−2.
   * @returns The map.
   * @throws RangeError for a bad key or value, or for more keys than there is room for; then nothing has changed.
   *
   * Cost: O(keys of the range), about a nanosecond each.
   */
  fillRange(first: number, last: number, value: number): this {
    this.checkRange('fillRange', first, last);
    checkValue('fillRange', value);
    this.array.fillRange(first, last, value + 1);
    return this;
  }

  /** Iterates over the keys, ascending. */
  keys(): Each<number> {
    return steps(this, INDICES);
  }

  /** Iterates over the values, in ascending order of key. */
  values(): Each<number> {
    return steps(this, ENTRIES);
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  entries(): Each<[number, number]> {
    return steps(this, PAIRS);
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  [Symbol.iterator](): Each<[number, number]> {
    return this.entries();
  }

  /**
   * Calls a function for each key, in ascending order; it may set and delete keys.
   *
   * @param fn Gets value, key and the map.
   * @param thisArg What `this` is in it.
   * @throws RangeError if `fn` is not a function.
   */
  forEach(fn: (value: number, key: number, map: IntMap) => void, thisArg?: unknown): void {
    if (typeof fn !== 'function') throw badFunction('IntMap', 'forEach', fn);
    const from = this.#pairs === null ? 0 : this.#visitFew(this.#pairs, fn, thisArg);
    if (from < 0) return;
    this.#tree.forEach((entry, key) => {
      fn.call(thisArg, entry - 1, key, this);
    }, from);
  }

  /** Visits few pairs; returns −1, or from which key on to visit the tree that has come meanwhile. */
  #visitFew(few: number[], fn: (value: number, key: number, map: IntMap) => void, thisArg: unknown): number {
    let pairs = few;
    for (let at = 0; at < pairs.length; ) {
      const key = pairs[at]!;
      fn.call(thisArg, pairs[at + 1]!, key, this);
      const now = this.#pairs;
      if (now === null) return key < MAX_INDEX ? key + 1 : -1;
      at = now === pairs && pairs[at] === key ? at + 2 : placeBehind(now, key);
      pairs = now;
    }
    return -1;
  }

  /**
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showEntries('IntMap', this.size, this);
  }
}

/** Makes the tree of a few pairs. */
function treeOf(pairs: readonly number[]): Entries {
  const tree = new Entries('IntMap');
  for (let at = 0; at < pairs.length; at += 2) tree.put(pairs[at]!, pairs[at + 1]! + 1);
  return tree;
}

function checkValue(call: string, value: number): void {
  if (typeof value !== 'number' || (value & MAX_ENTRY) !== value || value === MAX_ENTRY) {
    throw refused(`IntMap.${call}`, 'value', value, `an integer 0…${MAX_ENTRY - 1}`);
  }
}

/** Makes the error for what cannot be added to a value. */
function badSum(n: number, value: number): Refusal {
  return refused('IntMap.add', 'n', n, `an integer ${-value}…${MAX_ENTRY - 1 - value}, as the value is ${value}`);
}
