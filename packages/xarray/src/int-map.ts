// IntMap: the methods of Map, for integers, over the entries of an XArray.
import { Entries } from './entries.ts';
import { showEntries } from './inspect.ts';
import { IntKeys, type Keys } from './int-keys.ts';
import { ascending, descending, ENTRIES, PAIRS } from './iterators.ts';
import { badFunction, badIndex, type Refusal, refused } from './misuse.ts';
import { MAX_ENTRY, MAX_INDEX, PRESENT } from './node-layout.ts';
import type { FromOptions } from './options.ts';
import { decode } from './snapshot.ts';

/** What a Map's iterators are in the reader's version of TypeScript: with helpers since 5.6. */
type Pairs = ReturnType<ReadonlyMap<number, number>['entries']>;

/**
 * Maps integers to integers like a Map, in ascending order of key.
 *
 * Differs from Map in three things: `get` returns −1 (or a value that you choose) instead of undefined, iteration goes by key and not by
 * insertion, and keys and values are integers. It can be passed as a `ReadonlyMap<number, number>` to what does not rely on undefined. Fast and small where keys are dense or clustered; for sparse keys use Map.
 */
export class IntMap extends IntKeys implements Iterable<[number, number]> {
  /**
   * Makes a map, empty or with the entries of an iterable of `[key, value]`.
   *
   * @throws RangeError for what is not iterable, an entry that is not an array, and a key or value that is out of range.
   */
  constructor(entries?: Iterable<readonly [number, number]> | null) {
    // Entries are values plus one, since an entry 0 is NULL.
    super(new Entries('IntMap'));
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

  /** Bytes allocated. */
  get byteLength(): number {
    return this.array.byteLength;
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
   * Adds to the value of a key, for which a missing key has 0: a counter.
   *
   * @param key 0…2³²−1.
   * @param n An integer, negative too; 1 unless given.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key, for what is no integer, and for a sum that is not 0…2³¹−2; then nothing has changed.
   */
  add(key: number, n = 1): number {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex('IntMap', 'add', key, 'key');
    const entry = this.array.load(key);
    const sum = typeof n === 'number' ? Math.max(entry - 1, 0) + n : -1;
    if ((sum & MAX_ENTRY) !== sum || sum === MAX_ENTRY) throw badSum(n, Math.max(entry - 1, 0));
    this.array.put(key, sum + 1);
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
   * Iterates over `[key, value]` of a range, in ascending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, 0…2³²−1.
   * @param max Last key, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  range(from = 0, max: number = MAX_INDEX): Pairs {
    this.checkKey('range', from, 'from');
    this.checkKey('range', max, 'max');
    return ascending(this.array, from, max, PRESENT, PAIRS, 1) as Pairs;
  }

  /**
   * Iterates over `[key, value]` in descending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, the highest, 0…2³²−1.
   * @param min Last key, the lowest, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  reversed(from: number = MAX_INDEX, min = 0): Pairs {
    this.checkKey('reversed', from, 'from');
    this.checkKey('reversed', min, 'min');
    return descending(this.array, from, min, PRESENT, PAIRS, 1) as Pairs;
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

  /** Iterates over the values, in ascending order of key. */
  values(): Keys {
    return ascending(this.array, 0, MAX_INDEX, PRESENT, ENTRIES, 1) as Keys;
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  entries(): Pairs {
    return ascending(this.array, 0, MAX_INDEX, PRESENT, PAIRS, 1) as Pairs;
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

function checkValue(call: string, value: number): void {
  if (typeof value !== 'number' || (value & MAX_ENTRY) !== value || value === MAX_ENTRY) {
    throw refused(`IntMap.${call}`, 'value', value, `an integer 0…${MAX_ENTRY - 1}`);
  }
}

/** Makes the error for what cannot be added to a value. */
function badSum(n: number, value: number): Refusal {
  return refused('IntMap.add', 'n', n, `an integer ${-value}…${MAX_ENTRY - 1 - value}, as the value is ${value}`);
}
