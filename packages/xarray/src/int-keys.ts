// IntKeys: what can be asked of the keys of a map from integers, whatever their values are.
import type { Entries } from './entries.ts';
import { badIndex, type Refusal, refusal, refused } from './misuse.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** Under which a map shows its content to tools that compare fields, such as deepStrictEqual: all else may differ in memory. */
const CONTENT: unique symbol = /* @__PURE__ */ Symbol('entries');

/** The content of a map, as those tools see it. */
export class Content {
  readonly #map: Iterable<[number, unknown]>;
  /** Key, value, key, value…, in ascending order of key. */
  declare pairs: unknown[];

  constructor(map: Iterable<[number, unknown]>) {
    this.#map = map;
  }

  /** Reads the pairs off the map whenever a tool asks for them. */
  follow(): this {
    return Object.defineProperty(this, 'pairs', FOLLOW);
  }

  read(): unknown[] {
    return Array.from(this.#map).flat();
  }
}

/** The same for all contents: V8 remembers what an object becomes by it. */
const FOLLOW: PropertyDescriptor = {
  get(this: Content): unknown[] {
    return this.read();
  },
  enumerable: true,
  configurable: true,
};

/** The calls that IntMap and TypedMap have in common. */
export abstract class IntKeys {
  /** @internal */
  declare readonly uncloneable: symbol;
  /** @internal */
  declare private [CONTENT]: Content;

  constructor() {
    this.uncloneable = UNCLONEABLE;
    this[CONTENT] = this.newContent();
  }

  private newContent(): Content {
    return new Content(this as unknown as Iterable<[number, unknown]>);
  }

  /** @internal Shows the content as pairs that are there. */
  protected showPairs(pairs: unknown[]): void {
    this[CONTENT].pairs = pairs;
  }

  /** @internal Shows the content as it is when a tool asks for it. */
  protected showContent(): void {
    // A content that had pairs would become slow to make. Only in a frozen map there is no other.
    if (!Object.hasOwn(this[CONTENT], 'pairs') || Object.isFrozen(this)) this[CONTENT].follow();
    else this[CONTENT] = this.newContent().follow();
  }

  /** @internal What finds the keys: it is made if there is none. */
  abstract get array(): Entries;

  /** @internal What refuses bad arguments: the same, or an empty one as long as there is none, so that a refused call makes none. */
  abstract get asked(): Entries;

  /** Number of keys. */
  abstract get size(): number;

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
    const { asked } = this;
    const answer = asked.find(from, max);
    return this.array === asked ? answer : this.array.find(from, max);
  }

  /** Finds the lowest key above one, or −1; otherwise as {@link find}. */
  findAfter(from: number, max?: number): number {
    const { asked } = this;
    const answer = asked.findAfter(from, max);
    return this.array === asked ? answer : this.array.findAfter(from, max);
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
    const { asked } = this;
    const answer = asked.findLast(from, min);
    return this.array === asked ? answer : this.array.findLast(from, min);
  }

  /** Finds the highest key below one, or −1; otherwise as {@link findLast}. */
  findBefore(from: number, min?: number): number {
    const { asked } = this;
    const answer = asked.findBefore(from, min);
    return this.array === asked ? answer : this.array.findBefore(from, min);
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
    const { asked } = this;
    const answer = asked.count(first, last);
    return this.array === asked ? answer : this.array.count(first, last);
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
    const { asked } = this;
    const answer = asked.rank(key);
    return this.array === asked ? answer : this.array.rank(key);
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
    const { asked } = this;
    const answer = asked.nth(k);
    return this.array === asked ? answer : this.array.nth(k);
  }

  /** @internal Refuses what is no key. */
  checkKey(call: string, key: number, name: string): void {
    if (typeof key !== 'number' || key >>> 0 !== key) throw badIndex(this.asked.owner, call, key, name);
  }

  /** @internal Refuses limits that are no keys. */
  checkRange(call: string, first: number, last: number): void {
    this.checkKey(call, first, 'first');
    this.checkKey(call, last, 'last');
  }
}

/** Sets the pairs of an iterable in a new map; what is refused is named by its place among them. */
export function setAll<V>(
  call: string,
  map: { set(key: number, value: V): unknown },
  entries: Iterable<readonly [number, V]>,
): void {
  if (typeof entries[Symbol.iterator] !== 'function') throw refused(call, 'entries', entries, 'an iterable');
  let at = 0;
  for (const entry of entries) {
    const place = `entries[${at++}]`;
    if (typeof entry !== 'object' || entry === null) throw refused(call, place, entry, '[key, value]');
    try {
      map.set(entry[0], entry[1]);
    } catch (error) {
      const { argument, got, expected } = error as Refusal;
      throw argument === undefined ? error : refusal(call, `${place}: ${argument}`, got, expected);
    }
  }
}
