// TypedMap: an IntMap for values that are floating point, of all 32 bits, or of 64.
import type { Each } from './each.ts';
import { Entries } from './entries.ts';
import { showEntries } from './inspect.ts';
import { IntKeys, setAll } from './int-keys.ts';
import { ascending, descending, ENTRIES, INDICES, PAIRS } from './iterators.ts';
import { badFunction, refused } from './misuse.ts';
import { MAX_INDEX, PRESENT } from './node-layout.ts';
import { decodeTyped, encodeTyped } from './typed-snapshot.ts';
import { expected, fits, TypedValues, type ValueOf, type ValueType } from './typed-values.ts';

/**
 * Maps integers to numbers or bigints of one kind, in ascending order of key.
 *
 * The tree is that of IntMap and holds the numbers of slots; the values are in a typed array beside it. A value that is not of the
 * kind is refused, never rounded or cut: NaN and −0 of 'f64' are kept.
 *
 * @typeParam T 'f64', 'i32', 'u32' (numbers), 'i64' or 'u64' (bigints).
 */
export class TypedMap<T extends ValueType> extends IntKeys implements Iterable<[number, ValueOf<T>]> {
  /** Private, not only hidden: two maps with the same content may differ in memory, and tools compare all fields that they see. */
  readonly #array: Entries;
  readonly #slots: TypedValues;

  /**
   * Makes a map, empty or with the entries of an iterable of `[key, value]`.
   *
   * @param type The kind of its values: 'f64', 'i32', 'u32', 'i64' or 'u64'.
   * @throws RangeError for another kind, what is not iterable, an entry that is not an array, and a bad key or value.
   */
  constructor(type: T, entries?: Iterable<readonly [number, ValueOf<T>]> | null) {
    super();
    this.showContent();
    this.#slots = new TypedValues(type);
    this.#array = new Entries('TypedMap');
    if (entries !== undefined && entries !== null) setAll('new TypedMap', this, entries);
  }

  /** @internal */
  get array(): Entries {
    return this.#array;
  }

  /** @internal */
  get asked(): Entries {
    return this.#array;
  }

  /** @internal */
  get slots(): TypedValues {
    return this.#slots;
  }

  /** Number of keys. */
  get size(): number {
    return this.#array.size;
  }

  /** The kind of its values. */
  get type(): T {
    return this.slots.type as T;
  }

  /** Bytes allocated: as an IntMap, and 4 or 8 for every value that there is room for. */
  get byteLength(): number {
    return this.array.byteLength + this.slots.byteLength;
  }

  /**
   * Reads the value of a key.
   *
   * @param key 0…2³²−1.
   * @returns The value, or undefined if the key is not there.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: as IntMap.get, and one access more.
   */
  get(key: number): ValueOf<T> | undefined;
  /**
   * Reads the value of a key, or what you choose where there is none.
   *
   * @param key 0…2³²−1.
   * @param missing What to return if the key is not there.
   * @returns The value, or `missing`.
   * @throws RangeError for a key that is not a u32.
   */
  get<M>(key: number, missing: M): ValueOf<T> | M;
  get(key: number, missing?: unknown): unknown {
    this.checkKey('get', key, 'key');
    const entry = this.array.load(key);
    return entry === 0 ? missing : this.slots.kept[entry - 1];
  }

  /**
   * Gives a key a value.
   *
   * @param key 0…2³²−1.
   * @param value A value of the kind.
   * @returns The map.
   * @throws RangeError for a bad key or value; then nothing has changed.
   */
  set(key: number, value: ValueOf<T>): this {
    this.checkKey('set', key, 'key');
    const { slots } = this;
    if (!fits(slots, value)) throw this.badValue('set', value);
    this.put(key, value);
    return this;
  }

  /**
   * Reads the value of a key, and gives it one first if it has none.
   *
   * @param key 0…2³²−1.
   * @param value A value of the kind.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key or value.
   */
  getOrInsert(key: number, value: ValueOf<T>): ValueOf<T> {
    this.checkKey('getOrInsert', key, 'key');
    if (!fits(this.slots, value)) throw this.badValue('getOrInsert', value);
    const entry = this.array.load(key);
    if (entry !== 0) return this.slots.kept[entry - 1] as ValueOf<T>;
    return this.put(key, value);
  }

  /**
   * Reads the value of a key, and gives it one first if it has none: what a function returns for the key.
   *
   * @param key 0…2³²−1.
   * @param fn Returns the value; called only if the key is not there. It may change the map; its result counts.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key or value, or if `fn` is not a function.
   */
  getOrInsertComputed(key: number, fn: (key: number) => ValueOf<T>): ValueOf<T> {
    this.checkKey('getOrInsertComputed', key, 'key');
    if (typeof fn !== 'function') throw badFunction('TypedMap', 'getOrInsertComputed', fn);
    const entry = this.array.load(key);
    if (entry !== 0) return this.slots.kept[entry - 1] as ValueOf<T>;
    const value = fn(key);
    if (!fits(this.slots, value)) throw this.badValue('getOrInsertComputed', value);
    return this.put(key, value);
  }

  /**
   * Adds to the value of a key, for which a missing key has 0: a counter.
   *
   * @param key 0…2³²−1.
   * @param n A number for 'f64', an integer for 'i32' and 'u32', or a bigint; it may be negative for all. 1 unless given.
   * @returns The value that the key has now.
   * @throws RangeError for a bad key, for another type, and for a sum that is not of the kind; then nothing has changed.
   */
  add(key: number, n?: ValueOf<T>): ValueOf<T> {
    this.checkKey('add', key, 'key');
    const { type, kept } = this.slots;
    const entry = this.array.load(key);
    const [zero, one] = type === 'i64' || type === 'u64' ? [0n, 1n] : [0, 1];
    const more = n === undefined ? one : n;
    if (typeof more !== typeof zero) throw refused('TypedMap.add', 'n', n, `a ${typeof zero}`);
    const value = entry === 0 ? zero : kept[entry - 1]!;
    const sum = ((value as number) + (more as number)) as ValueOf<T>;
    if (!fits(this.slots, sum))
      throw refused('TypedMap.add', 'n', more, `one with which ${value} becomes ${expected(this.slots)}`);
    return this.put(key, sum);
  }

  /**
   * Removes a key.
   *
   * @param key 0…2³²−1.
   * @returns Whether it was there.
   * @throws RangeError for a key that is not a u32.
   */
  delete(key: number): boolean {
    this.checkKey('delete', key, 'key');
    this.slots.makeLinks();
    const entry = this.array.remove(key);
    if (entry !== 0) this.slots.drop(entry - 1);
    return entry !== 0;
  }

  /**
   * Removes the keys of a range.
   *
   * @param first First key, 0…2³²−1.
   * @param last Last key, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @returns How many there were.
   * @throws RangeError for a key that is not a u32.
   *
   * Cost: O(keys removed): the slot of each is given back.
   */
  deleteRange(first: number, last: number): number {
    this.checkRange('deleteRange', first, last);
    this.slots.makeLinks();
    for (const [, entry] of this.array.range(first, last)) this.slots.drop(entry - 1);
    return this.array.eraseRange(first, last);
  }

  /** Iterates over the keys, ascending. */
  keys(): Each<number> {
    return ascending(this.array, 0, MAX_INDEX, PRESENT, INDICES);
  }

  /** Iterates over the values, in ascending order of key. */
  values(): Each<ValueOf<T>> {
    return ascending(this.array, 0, MAX_INDEX, PRESENT, ENTRIES, 0, this.slots);
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  entries(): Each<[number, ValueOf<T>]> {
    return this.range();
  }

  /** Iterates over `[key, value]`, in ascending order of key. */
  [Symbol.iterator](): Each<[number, ValueOf<T>]> {
    return this.range();
  }

  /**
   * Iterates over `[key, value]` of a range, in ascending order of key; keys may be set and deleted meanwhile.
   *
   * @param from First key, 0…2³²−1.
   * @param max Last key, 0…2³²−1.
   * @throws RangeError for a key that is not a u32, when it is called.
   */
  range(from = 0, max: number = MAX_INDEX): Each<[number, ValueOf<T>]> {
    this.checkKey('range', from, 'from');
    this.checkKey('range', max, 'max');
    return ascending(this.array, from, max, PRESENT, PAIRS, 0, this.slots);
  }

  /** Iterates over `[key, value]` in descending order of key, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: number = MAX_INDEX, min = 0): Each<[number, ValueOf<T>]> {
    this.checkKey('reversed', from, 'from');
    this.checkKey('reversed', min, 'min');
    return descending(this.array, from, min, PRESENT, PAIRS, 0, this.slots);
  }

  /**
   * Calls a function for each key, in ascending order; it may set and delete keys.
   *
   * @param fn Gets value, key and the map.
   * @param thisArg What `this` is in it.
   * @throws RangeError if `fn` is not a function.
   */
  forEach(fn: (value: ValueOf<T>, key: number, map: TypedMap<T>) => void, thisArg?: unknown): void {
    if (typeof fn !== 'function') throw badFunction('TypedMap', 'forEach', fn);
    this.array.forEach((entry, key) => {
      fn.call(thisArg, this.slots.kept[entry - 1] as ValueOf<T>, key, this);
    });
  }

  /**
   * Tells whether another map has the same kind of values and the same keys with the same values; NaN is the same as NaN.
   *
   * @param other Any value.
   *
   * Cost: O(size).
   */
  equals(other: TypedMap<T>): boolean {
    if (!(other instanceof TypedMap) || other.type !== this.type || other.size !== this.size) return false;
    for (const [key, value] of this) {
      const theirs = other.get(key);
      if (theirs !== value && !(Number.isNaN(theirs) && Number.isNaN(value))) return false;
    }
    return true;
  }

  /**
   * Returns `[key, value]` pairs for JSON.stringify, which the constructor takes.
   *
   * @throws RangeError for a value that JSON does not have: NaN, the infinities, −0 and bigints. {@link snapshot} keeps them.
   */
  toJSON(): [number, ValueOf<T>][] {
    const pairs = [...this];
    for (const [key, value] of pairs) {
      if (!Number.isFinite(value) || Object.is(value, -0))
        throw refused('TypedMap.toJSON', `the value of ${key}`, value, 'one that JSON has; snapshot() keeps all');
    }
    return pairs;
  }

  /** Names the class in `Object.prototype.toString`. */
  get [Symbol.toStringTag](): string {
    return 'TypedMap';
  }

  /** Removes all keys and frees the memory. */
  clear(): void {
    const slots = new TypedValues(this.type);
    this.array.clear();
    this.slots.become(slots);
  }

  /**
   * Moves everything into memory of just its size, the values in ascending order of key.
   *
   * Cost: O(nodes + size); old and new memory exist at the same time.
   */
  compact(): void {
    const slots = new TypedValues(this.type, this.size);
    this.array.compact();
    // All memory is there: from here on nothing throws.
    this.array.forEach((entry, key) => {
      const slot = slots.next();
      slots.take(slot, this.slots.kept[entry - 1]!);
      this.array.put(key, slot + 1);
    });
    this.slots.become(slots);
  }

  /**
   * Writes the map into one buffer, to be read by {@link TypedMap.from} or sent by postMessage.
   *
   * @returns 64 bytes, and for each key 4 and the bytes of a value, rounded up to a multiple of 64.
   */
  snapshot(): Uint8Array {
    return encodeTyped(this);
  }

  /**
   * Reads what {@link snapshot} wrote.
   *
   * @param bytes A whole snapshot; it is copied.
   * @returns A new map of the kind that it had.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   */
  static from<M extends TypedMap<ValueType> = TypedMap<ValueType>>(
    this: (new (type: ValueType, entries: Iterable<readonly [number, number | bigint]>) => M) | undefined,
    bytes: Uint8Array,
  ): M {
    const { type, entries } = decodeTyped('TypedMap.from', bytes);
    return new (this ?? TypedMap)(type, entries) as M;
  }

  /**
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showEntries('TypedMap', this.size, this as Iterable<[number, number | bigint]>);
  }

  /**
   * Puts a value that fits, and returns it as it is kept: −0 is 0 among integers.
   *
   * If there is no memory for its slot or its node, nothing has changed.
   */
  private put(key: number, value: ValueOf<T>): ValueOf<T> {
    const { slots } = this;
    const entry = this.array.load(key);
    if (entry !== 0) {
      slots.kept[entry - 1] = value;
      return slots.kept[entry - 1] as ValueOf<T>;
    }
    const slot = slots.next();
    this.array.put(key, slot + 1);
    slots.take(slot, value);
    return slots.kept[slot] as ValueOf<T>;
  }

  private badValue(call: string, value: unknown): RangeError {
    return refused(`TypedMap.${call}`, 'value', value, expected(this.slots));
  }
}
