// SecondaryMap: more values under handles that another object hands out.
import type { Each } from './each.ts';
import { checkFunction, refused } from './misuse.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** What hands out handles: a SlotMap or a GenerationalId. */
export interface Handles {
  /** The slot of a handle, −1 for one that is stale. */
  slot(handle: number): number;
}

/** What a slot of the other object has here. */
interface Place<T> {
  handle: number;
  value: T;
}

/**
 * Keeps further values under the handles of a SlotMap or a GenerationalId, in an array by slot.
 *
 * A handle that is stale there has no value here. What its value was is let go when the slot gets another value here, and by `size`
 * and every iteration, which pass over all slots anyway.
 */
export class SecondaryMap<T> implements Iterable<[handle: number, value: T]> {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  private readonly handles: Handles;
  /** By slot. */
  private readonly places: (Place<T> | undefined)[] = [];

  /**
   * Makes an empty map.
   *
   * @param handles The SlotMap or GenerationalId whose handles these are.
   * @throws RangeError for anything without a `slot` to call.
   */
  constructor(handles: Handles) {
    if (typeof (handles as Handles | null)?.slot !== 'function') {
      throw refused('new SecondaryMap', 'handles', handles, 'a SlotMap or a GenerationalId');
    }
    this.handles = handles;
  }

  /** Number of live handles that have a value here. Cost: one pass over the slots. */
  get size(): number {
    let size = 0;
    for (let slot = 0; slot < this.places.length; slot++) if (this.living(slot) !== undefined) size++;
    return size;
  }

  /**
   * Returns the value of a handle.
   *
   * @param handle Any value.
   * @returns Undefined if the handle is stale, or has none.
   */
  get(handle: number): T | undefined {
    return this.place(handle)?.value;
  }

  /** Tells whether a handle is live and has a value here; false for any other value. */
  has(handle: number): boolean {
    return this.place(handle) !== undefined;
  }

  /**
   * Gives a handle a value.
   *
   * @param handle Any value.
   * @param value The value.
   * @returns False, and nothing is kept, if the handle is stale or was never handed out.
   */
  set(handle: number, value: T): boolean {
    const slot = this.handles.slot(handle);
    if (slot < 0) return false;
    // Slots in between may have no value here yet: a place for each keeps the array one.
    while (this.places.length < slot) this.places.push(undefined);
    this.places[slot] = { handle, value };
    return true;
  }

  /**
   * Removes the value of a handle.
   *
   * @param handle Any value.
   * @returns False if the handle is stale, or has none.
   */
  delete(handle: number): boolean {
    if (this.place(handle) === undefined) return false;
    this.places[this.handles.slot(handle)] = undefined;
    return true;
  }

  /** Removes all values. */
  clear(): void {
    this.places.length = 0;
  }

  /** Iterates over the live handles that have a value here, by slot; values may be removed and added meanwhile. */
  *keys(): Each<number> {
    for (const [handle] of this) yield handle;
  }

  /** Iterates over their values, by slot; otherwise as {@link keys}. */
  *values(): Each<T> {
    for (const [, value] of this) yield value;
  }

  /** Iterates over `[handle, value]`, by slot; otherwise as {@link keys}. */
  entries(): Each<[handle: number, value: T]> {
    return this[Symbol.iterator]();
  }

  /**
   * Calls a function for each value, by slot; it may remove and add values.
   *
   * @param fn Gets the value, its handle and the map.
   * @param thisArg What `this` is in it.
   * @throws RangeError if it is not a function.
   */
  forEach(fn: (value: T, handle: number, map: this) => void, thisArg?: unknown): void {
    checkFunction('SecondaryMap.forEach', 'fn', fn);
    for (const [handle, value] of this) fn.call(thisArg, value, handle, this);
  }

  /** Iterates over `[handle, value]`, by slot; otherwise as {@link keys}. */
  *[Symbol.iterator](): Each<[handle: number, value: T]> {
    for (let slot = 0; slot < this.places.length; slot++) {
      const place = this.living(slot);
      if (place !== undefined) yield [place.handle, place.value];
    }
  }

  /** Returns the class and the size for JSON.stringify: values can be of any kind, and nothing reads the text back. */
  toJSON(): string {
    return `SecondaryMap(${this.size})`;
  }

  /**
   * Shows handles and values, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](
    depth: number,
    options: { readonly maxArrayLength?: number | null | undefined },
    inspect: (value: unknown, options: object) => string,
  ): string {
    if (depth < 0) return '[SecondaryMap]';
    return inspect(new Map(this), options).replace('Map', 'SecondaryMap');
  }

  /** The place of a handle that is live and has one. */
  private place(handle: number): Place<T> | undefined {
    const slot = this.handles.slot(handle);
    const place = slot < 0 ? undefined : this.places[slot];
    return place?.handle === handle ? place : undefined;
  }

  /** The place of a slot, if its handle is live; otherwise lets it go. */
  private living(slot: number): Place<T> | undefined {
    const place = this.places[slot];
    if (place === undefined || this.handles.slot(place.handle) >= 0) return place;
    this.places[slot] = undefined;
    return undefined;
  }
}
