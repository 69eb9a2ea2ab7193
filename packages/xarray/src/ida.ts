// Ida: hands out the lowest free ID, one bit for each.
// Reference: Linux lib/idr.c (v6.19), ida_alloc_range, ida_free.
import { checked } from './ida-allocator.ts';
import { MAX_ID } from './ida-layout.ts';
import { countBelow } from './ida-leaves.ts';
import { clearRange, findRun, setRange } from './ida-ranges.ts';
import { IdaSearches } from './ida-searches.ts';
import {
  combined,
  DIFFERENCE,
  INTERSECTION,
  isDisjoint,
  isSubset,
  type Operation,
  SYMMETRIC_DIFFERENCE,
  UNION,
} from './ida-sets.ts';
import { decodeIda, encodeIda } from './ida-snapshot.ts';
import { emptyNodes, type IdaNodes } from './ida-tree.ts';
import { showItems } from './inspect.ts';
import { refused } from './misuse.ts';

/** What can be given to the set operations beside an Ida: a Set of IDs, a Map by ID, and whatever else has these calls. */
export interface IdSetLike {
  readonly size: number;
  has(id: number): boolean;
  keys(): Iterator<number>;
}

/**
 * Hands out IDs, the lowest free one first, and takes them back; also an ordered set of integers 0…2³¹−1.
 *
 * Takes about 0.15 byte per ID where they are dense, and 140 bytes for every 1024 IDs of which one is taken.
 * It has what `Set.prototype.union` and its siblings ask of another set, and has these operations itself, 32 IDs at a time. It can be
 * given where a ReadonlySet is wanted; only `forEach` has no this-argument, as its second one is the first ID.
 *
 * Source: `struct ida`, include/linux/idr.h, v6.19.
 */
export class Ida extends IdaSearches {
  /** Whether `taken` is right: the set that an operation makes is not counted before its size is asked for. */
  private isCounted = true;

  /**
   * Makes a set of IDs, empty without an argument or with null, as of a Set.
   *
   * @param ids IDs to take, 0…2³¹−1, in any order; those that come again are taken once.
   * @throws RangeError for what is not an ID.
   */
  constructor(ids?: Iterable<number> | null) {
    super();
    if (ids === undefined || ids === null) return;
    if (typeof (ids as { [Symbol.iterator]?: unknown })[Symbol.iterator] !== 'function') {
      throw refused('new Ida', 'ids', ids, 'an iterable of IDs');
    }
    let at = 0;
    for (const id of ids) {
      if (typeof id !== 'number' || (id & MAX_ID) !== id)
        throw refused('new Ida', `ids[${at}]`, id, `an integer 0…${MAX_ID}`);
      this.take(id);
      at++;
    }
  }

  /**
   * Number of IDs taken.
   *
   * Cost: O(1); once for a set that an operation has made, O(IDs / 32).
   */
  override get size(): number {
    if (!this.isCounted) {
      // Nothing waits in it before it is counted for the first time, or it is told to the tree here.
      this.settle();
      this.taken = countBelow(this, MAX_ID + 1) | 0;
      this.given = 0;
      this.forgetRanks();
      this.isCounted = true;
    }
    return super.size;
  }

  override clear(): void {
    super.clear();
    this.isCounted = true;
  }

  /**
   * Takes a given ID.
   *
   * @param id 0…2³¹−1.
   * @returns False, and nothing changes, if it is taken.
   * @throws RangeError for a bad ID.
   *
   * Cost: O(levels).
   */
  reserve(id: number): boolean {
    return this.take(checked('reserve', id, 'id'));
  }

  /** Takes a given ID, as {@link reserve}, and returns the Ida, as a Set does. */
  add(id: number): this {
    this.take(checked('add', id, 'id'));
    return this;
  }

  /** Gives an ID back, as {@link free}: the name that it has in a Set. */
  delete(id: number): boolean {
    return this.free(id);
  }

  /**
   * Says which ID {@link allocate} takes next.
   *
   * @returns The ID, or −1 if all of min…max are taken.
   * @throws RangeError for a bad limit.
   */
  peek(min = 0, max: number = MAX_ID): number {
    checked('peek', min, 'min');
    checked('peek', max, 'max');
    if (this.waiting >= min) return this.waiting <= max ? this.waiting : -1;
    const id = this.seekFree(Math.max(min, this.lowest));
    return id <= max ? id : -1;
  }

  /**
   * Takes the lowest run of consecutive free IDs.
   *
   * @param length IDs to take, 1…2³¹.
   * @param min Lowest ID to give, 0…2³¹−1.
   * @param max Highest ID to give, 0…2³¹−1.
   * @returns The first of them, or −1, and nothing is taken, if there is no such run in min…max.
   * @throws RangeError for a bad length or limit.
   *
   * Cost: O(levels) for each run of free IDs that is too short, and O(length / 32).
   */
  allocateRun(length: number, min = 0, max: number = MAX_ID): number {
    if (!Number.isInteger(length) || length < 1 || length > MAX_ID + 1) {
      throw refused('Ida.allocateRun', 'length', length, `an integer 1…${MAX_ID + 1}`);
    }
    checked('allocateRun', min, 'min');
    checked('allocateRun', max, 'max');
    this.settle();
    const first = findRun(this, length, Math.max(min, this.lowest), max);
    if (first >= 0) this.takeRange(first, first + length - 1);
    return first;
  }

  /**
   * Takes all IDs of a range, or none. To add a range to a set whatever is taken there, use `union`.
   *
   * @param first First ID, 0…2³¹−1.
   * @param last Last ID, 0…2³¹−1; below `first`, the range is empty and nothing happens.
   * @returns False, and nothing changes, if one of them is taken. True of an empty range.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(IDs / 32).
   */
  reserveRange(first: number, last: number): boolean {
    checkRange('reserveRange', first, last);
    if (first > last) return true;
    this.settle();
    if (this.first(first, last) >= 0) return false;
    this.takeRange(first, last);
    return true;
  }

  /**
   * Gives all IDs of a range back; those that are not taken stay free.
   *
   * @param first First ID, 0…2³¹−1.
   * @param last Last ID, 0…2³¹−1; below `first`, the range is empty and nothing happens.
   * @returns How many were taken.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(taken IDs / 32); what is empty is skipped.
   */
  freeRange(first: number, last: number): number {
    checkRange('freeRange', first, last);
    if (first > last) return 0;
    this.settle();
    const freed = clearRange(this, first, last);
    this.given = (this.given + freed) | 0;
    if (freed > 0 && first < this.lowest) this.lowest = first;
    return freed;
  }

  /** Returns a new Ida with the IDs that are in this one, in another set, or in both. Cost: O(IDs of both / 32). */
  union(other: Ida | IdSetLike): Ida {
    return this.with('union', other, UNION);
  }

  /** Returns a new Ida with the IDs that are in both sets. Cost: O(IDs of both / 32). */
  intersection(other: Ida | IdSetLike): Ida {
    return this.with('intersection', other, INTERSECTION);
  }

  /** Returns a new Ida with the IDs that are in this one and not in the other set. Cost: O(IDs of both / 32). */
  difference(other: Ida | IdSetLike): Ida {
    return this.with('difference', other, DIFFERENCE);
  }

  /** Returns a new Ida with the IDs that are in one of the sets alone. Cost: O(IDs of both / 32). */
  symmetricDifference(other: Ida | IdSetLike): Ida {
    return this.with('symmetricDifference', other, SYMMETRIC_DIFFERENCE);
  }

  /** Tells whether every ID of this set is in the other one. Cost: O(IDs of both / 32). */
  isSubsetOf(other: Ida | IdSetLike): boolean {
    const given = asIda('isSubsetOf', other);
    this.settle();
    return isSubset(this, given);
  }

  /** Tells whether every ID of the other set is in this one. Cost: O(IDs of both / 32). */
  isSupersetOf(other: Ida | IdSetLike): boolean {
    const given = asIda('isSupersetOf', other);
    this.settle();
    return isSubset(given, this);
  }

  /** Tells whether no ID is in both sets. Cost: O(IDs of both / 32). */
  isDisjointFrom(other: Ida | IdSetLike): boolean {
    const given = asIda('isDisjointFrom', other);
    this.settle();
    return isDisjoint(this, given);
  }

  /**
   * Gives back the memory that a peak has left: what remains has just the size that it needs.
   *
   * Cost: O(nodes); old and new nodes exist at the same time.
   */
  compact(): void {
    this.settle();
    this.adopt(combined(this, emptyNodes(), UNION));
  }

  /**
   * Writes the taken IDs as bytes.
   *
   * The words have the byte order of the machine; a machine of the other order refuses them.
   *
   * @returns A snapshot: 64 bytes, and 132 for each 1024 IDs of which one is taken; a multiple of 64.
   *
   * Cost: O(nodes).
   */
  snapshot(): Uint8Array {
    this.settle();
    return encodeIda(this);
  }

  /**
   * Reads what {@link snapshot} wrote.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @returns A new Ida; on a subclass, an object of the subclass.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   *
   * Cost: some passes over the bytes; memory of up to eight times their length.
   */
  static from<T extends Ida = Ida>(this: (new () => T) | undefined, bytes: Uint8Array): T {
    const nodes = decodeIda('Ida.from', bytes);
    const ida = new (this ?? Ida)() as T;
    ida.become(nodes);
    return ida;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return showItems('Ida', this.size, this);
  }

  /**
   * Shows the number of IDs and the first of them, like a Set.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  private take(id: number): boolean {
    // Its bit is set already.
    if (id === this.waiting) this.waiting = -1;
    else if (!this.takeNear(id) && this.takeFrom(id, id) < 0) return false;
    this.taken = (this.taken + 1) | 0;
    return true;
  }

  private takeRange(first: number, last: number): void {
    setRange(this, first, last);
    this.taken = (this.taken + (last - first + 1)) | 0;
  }

  /** Returns what an operation makes of this set and another one. */
  private with(call: string, other: Ida | IdSetLike, operation: Operation): Ida {
    const given = asIda(call, other);
    this.settle();
    const made = new Ida();
    made.become(combined(this, given, operation));
    return made;
  }

  /** Goes on with other nodes, whose IDs are not counted. */
  private become(nodes: IdaNodes): void {
    this.adopt(nodes);
    this.waiting = -1;
    this.lowest = 0;
    this.isCounted = false;
  }
}

/** Returns another set as an Ida in which no ID waits. */
function asIda(call: string, other: Ida | IdSetLike): IdaNodes {
  if (other instanceof Ida) {
    other.settle();
    return other;
  }
  // An array has `keys` too, but these are places.
  if (
    typeof other !== 'object' ||
    other === null ||
    typeof other.has !== 'function' ||
    typeof other.keys !== 'function'
  ) {
    throw refused(`Ida.${call}`, 'other', other, 'an Ida, or a set of IDs');
  }
  const ids = new Ida();
  const keys = other.keys();
  for (let { done, value } = keys.next(); done !== true; { done, value } = keys.next()) {
    if (typeof value !== 'number' || (value & MAX_ID) !== value) {
      throw refused(`Ida.${call}`, 'other', value, `integers 0…${MAX_ID} in it`);
    }
    ids.add(value);
  }
  return ids;
}

function checkRange(call: string, first: number, last: number): void {
  checked(call, first, 'first');
  checked(call, last, 'last');
}
