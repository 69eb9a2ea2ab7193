// SlotMap: values under handles that tell when they are stale.
// Reference: slot maps as in Rust's slotmap and slab: a dense array of slots, and a generation in each key.
import type { Each } from './each.ts';
import { GenerationalId, type GenerationalIdOptions } from './generational-id.ts';
import { checkFunction, refusal } from './misuse.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** The options of a SlotMap: those of the handles. */
export interface SlotMapOptions extends GenerationalIdOptions {}

/**
 * Keeps values and hands out a number for each, its handle. A handle of a value that is gone gives undefined, never another value.
 *
 * That holds for 2,048 values in the same slot by default, and then a stale handle may meet a live one: with `bits: 53` it takes 2³³,
 * and with `wrap: 'retire'` it never happens. Handles are those of a {@link GenerationalId} with the same options.
 *
 * Cost: 4 bytes, or 8 with more than 31 bits, and a place in an array for each slot up to the highest one ever used.
 */
export class SlotMap<T> implements Iterable<[handle: number, value: T]> {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  private readonly handles: GenerationalId;
  /** By slot. */
  private readonly kept: (T | undefined)[] = [];

  /**
   * Makes an empty map.
   *
   * @param options See {@link GenerationalIdOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options: SlotMapOptions = {}) {
    this.handles = new GenerationalId(options, 'new SlotMap');
  }

  /** Number of values. */
  get size(): number {
    return this.handles.size;
  }

  /** Bytes of the handles and of the places, 8 each; the size of the values is not known. */
  get byteLength(): number {
    return this.handles.byteLength + 8 * this.kept.length;
  }

  /**
   * Keeps a value.
   *
   * @param value Any value, undefined as well.
   * @returns Its handle, 0…2^bits − 1.
   * @throws RangeError if no slot is free: 2^slotBits values are there, less slots that rest or are retired. Nothing has changed then.
   *
   * Cost: that of GenerationalId.allocate and one place.
   */
  insert(value: T): number {
    const handle = this.handles.allocate();
    if (handle < 0) throw noSlot(this.handles);
    this.kept[this.handles.slot(handle)] = value;
    return handle;
  }

  /**
   * Returns the value of a handle.
   *
   * @param handle Any value.
   * @returns Undefined if the handle is stale or was never handed out.
   *
   * Cost: one word and one place.
   */
  get(handle: number): T | undefined {
    const slot = this.handles.slot(handle);
    return slot < 0 ? undefined : this.kept[slot];
  }

  /** Tells whether a handle has a value; false for any other value. Cost: one word. */
  has(handle: number): boolean {
    return this.handles.has(handle);
  }

  /**
   * Gives a handle another value.
   *
   * @param handle Any value.
   * @param value The new value.
   * @returns False, and nothing changes, if the handle is stale or was never handed out.
   */
  set(handle: number, value: T): boolean {
    const slot = this.handles.slot(handle);
    if (slot < 0) return false;
    this.kept[slot] = value;
    return true;
  }

  /**
   * Removes a value; its handle is stale from now on.
   *
   * @param handle Any value.
   * @returns False, and nothing changes, if the handle is stale or was never handed out.
   */
  delete(handle: number): boolean {
    const slot = this.handles.slot(handle);
    if (slot < 0) return false;
    this.kept[slot] = undefined;
    return this.handles.free(handle);
  }

  /** Removes all values; their handles are stale from now on. Cost: one pass over the slots. */
  clear(): void {
    this.handles.clear();
    this.kept.length = 0;
  }

  /**
   * Returns the slot of a handle, to index another array by.
   *
   * @param handle Any value.
   * @returns The slot, 0…2^slotBits − 1, or −1 if the handle is stale or was never handed out.
   */
  slot(handle: number): number {
    return this.handles.slot(handle);
  }

  /** Iterates over the handles, by slot; values may be removed and added meanwhile. Cost: one pass over the slots. */
  keys(): Each<number> {
    return this.handles[Symbol.iterator]();
  }

  /** Iterates over the values, by slot; otherwise as {@link keys}. */
  *values(): Each<T> {
    for (const handle of this.handles) yield this.kept[this.handles.slot(handle)] as T;
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
    checkFunction('SlotMap.forEach', 'fn', fn);
    const { handles, kept } = this;
    for (let slot = 0; slot < handles.room; slot++) {
      const handle = handles.idAt(slot);
      if (handle >= 0) fn.call(thisArg, kept[slot] as T, handle, this);
    }
  }

  /** Iterates over `[handle, value]`, by slot; otherwise as {@link keys}. */
  *[Symbol.iterator](): Each<[handle: number, value: T]> {
    for (const handle of this.handles) yield [handle, this.kept[this.handles.slot(handle)] as T];
  }

  /** Returns the class and the size for JSON.stringify: values can be of any kind, and nothing reads the text back. */
  toJSON(): string {
    return `SlotMap(${this.size})`;
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
    if (depth < 0) return '[SlotMap]';
    return inspect(new Map(this), options).replace('Map', 'SlotMap');
  }
}

/** The error for a map without a free slot. */
function noSlot({ size, slotBits, retired }: GenerationalId): RangeError {
  const expected = `fewer than the ${2 ** slotBits} slots, of which ${retired} are retired and others may rest`;
  return refusal('SlotMap.insert', 'size', `${size} values and no free slot`, expected);
}
