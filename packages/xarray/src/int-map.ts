// IntMap: the methods of Map, for integers, over the entries of an XArray.
import { Entries } from './entries.ts';
import { showEntries } from './inspect.ts';
import { badFunction, badIndex, refused } from './misuse.ts';
import { MAX_ENTRY, PRESENT } from './node-layout.ts';
import type { FromOptions } from './options.ts';
import { decode } from './snapshot.ts';

/** What a Map's iterators are in the reader's version of TypeScript: with helpers since 5.6. */
type Keys = ReturnType<ReadonlyMap<number, number>['keys']>;
type Pairs = ReturnType<ReadonlyMap<number, number>['entries']>;

/**
 * Maps integers to integers like a Map, in ascending order of key.
 *
 * Differs from Map in three things: `get` returns −1 (or a value that you choose) instead of undefined, iteration goes by key and not by
 * insertion, and keys and values are integers. It can be passed as a `ReadonlyMap<number, number>` to what does not rely on undefined. Fast and small where keys are dense or clustered; for sparse keys use Map.
 */
export class IntMap implements Iterable<[number, number]> {
  /** Values plus one, since an entry 0 is NULL. */
  private array: Entries;

  /**
   * Makes a map, empty or with the entries of an iterable of `[key, value]`.
   *
   * @throws RangeError for what is not iterable, an entry that is not an array, and a key or value that is out of range.
   */
  constructor(entries?: Iterable<readonly [number, number]> | null) {
    this.array = new Entries('IntMap');
    if (entries === undefined || entries === null) return;
    if (typeof entries[Symbol.iterator] !== 'function') throw refused('new IntMap', 'entries', entries, 'an iterable');
    let at = 0;
    for (const entry of entries) {
      if (typeof entry !== 'object' || entry === null)
        throw refused('new IntMap', `entries[${at}]`, entry, '[key, value]');
      this.set(entry[0], entry[1]);
      at++;
    }
  }

  /** Number of keys. */
  get size(): number {
    return this.array.size;
  }

  /** Bytes allocated. */
  get byteLength(): number {
    return this.array.byteLength;
  }

  /**
   * Reads the value of a key.
   *
   * @param key 0…2³²−1.
   * @param missing What to return if the key is not there, undefined included; −1 by default.
   * @returns The value, 0…2³¹−2, or `missing`.
   * @throws RangeError for a key that is not a u32.
   */
  get(key: number): number;
  get<T>(key: number, missing: T): number | T;
  get<T>(key: number, missing?: T): number | T {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'get', key, 'key');
    const entry = this.array.load(key);
    // Nothing is 0, of which −1 comes by itself. Told to answer undefined, it does.
    // biome-ignore lint/complexity/noArguments: rest parameters would be an array for each call
    return arguments.length < 2 || entry !== 0 ? entry - 1 : (missing as T);
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
    this.array.put(key, value + 1);
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
    const entry = this.array.load(key);
    if (entry === 0) this.array.put(key, value + 1);
    return entry === 0 ? value : entry - 1;
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
    const entry = this.array.load(key);
    if (entry !== 0) return entry - 1;
    const value = fn(key);
    checkValue('getOrInsertComputed', value);
    this.array.put(key, value + 1);
    return value;
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
   * Tells whether a key is there.
   *
   * @param key Any value.
   * @returns False also for a value that cannot be a key, as a Map answers.
   */
  has(key: number): boolean {
    return typeof key === 'number' && key >>> 0 === key && this.array.load(key) !== 0;
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
    return this.array.remove(key) !== 0;
  }

  /**
   * Writes the map into one buffer, to be read by {@link IntMap.from}.
   *
   * @returns The snapshot of an XArray with the values plus one as entries.
   */
  snapshot(): Uint8Array {
    return this.array.snapshot();
  }

  /**
   * Reads what {@link snapshot} wrote. Ranges and reservations that an XArray put into it behave as they do there.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options `trusted` as of XArray.from.
   * @returns A new map; on a subclass, an object of the subclass, made without arguments.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   */
  static from<T extends IntMap = IntMap>(this: (new () => T) | undefined, bytes: Uint8Array, options?: FromOptions): T {
    const { state, allocBase } = decode('IntMap.from', bytes, options);
    const map = new (this ?? IntMap)() as T;
    map.array = new Entries('IntMap', allocBase);
    map.array.adopt(state);
    return map;
  }

  /**
   * Moves everything into memory of just its size.
   *
   * Cost: O(nodes); old and new memory exist at the same time.
   */
  compact(): void {
    this.array.compact();
  }

  /** Removes all keys and frees the memory. */
  clear(): void {
    this.array.clear();
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
   * Iterates over `[key, value]` of a range, in ascending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, 0…2³²−1.
   * @param max Last key, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  range(from?: number, max?: number): Pairs {
    return pairs(this.array.range(from, max));
  }

  /**
   * Iterates over `[key, value]` in descending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, the highest, 0…2³²−1.
   * @param min Last key, the lowest, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  reversed(from?: number, min?: number): Pairs {
    return pairs(this.array.reversed(from, min));
  }

  /** Iterates over the keys, ascending. */
  *keys(): Keys {
    const array = this.array;
    for (let key = array.seek(0, PRESENT); key >= 0; key = array.seekAfter(key, PRESENT)) {
      if (array.met(key) !== 0) yield key;
    }
  }

  /** Iterates over the values, in ascending order of key. */
  *values(): Keys {
    const array = this.array;
    for (let key = array.seek(0, PRESENT); key >= 0; key = array.seekAfter(key, PRESENT)) {
      const entry = array.met(key);
      if (entry !== 0) yield entry - 1;
    }
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  entries(): Pairs {
    return pairs(this.array);
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  [Symbol.iterator](): Pairs {
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
    this.array.forEach((entry, key) => {
      fn.call(thisArg, entry - 1, key, this);
    });
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

/** Turns entries into values. */
function* pairs(entries: Iterable<[number, number]>): Generator<[number, number], undefined> {
  for (const [key, entry] of entries) yield [key, entry - 1];
}

function checkValue(call: string, value: number): void {
  if (typeof value !== 'number' || (value & MAX_ENTRY) !== value || value === MAX_ENTRY) {
    throw refused(`IntMap.${call}`, 'value', value, `an integer 0…${MAX_ENTRY - 1}`);
  }
}
