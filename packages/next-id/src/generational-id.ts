// GenerationalId: dense slots that are used again, in IDs that are not.
// Reference: the keys of a slot map: a slot number below, the slot's generation above.
import { IdPool, type Reuse } from './id-pool.ts';
import { checkInteger, checkKeys } from './misuse.ts';
import { imageOf, restore, reuseOf } from './pool-snapshot.ts';
import { INT_MAX } from './range.ts';
import { decode, encode, GENERATIONAL_MAGIC } from './snapshot.ts';

/** The options of a GenerationalId. */
export interface GenerationalIdOptions {
  /** Bits of an ID that number its slot, 1…30; the other 31 − slotBits count generations. Default 20. */
  slotBits?: number | undefined;
  /** Which free slot is used next, as in IdPool. Default 'lowest', which keeps the slots in use dense. */
  reuse?: Reuse | undefined;
}

/**
 * Hands out IDs, 0…2³¹−1, each a slot and the slot's generation: holes are filled, yet a stale ID is told from a live one.
 *
 * The generation of a slot goes up by one when its ID is freed, and wraps: a stale ID is taken for a live one when its
 * slot was freed 2^(31 − slotBits) times since (2,048 with 20 slot bits) and is in use then. With `reuse: 'lowest'` this
 * takes that many pairs of free and allocate at least; `{ delay: n }` multiplies it by n + 1.
 *
 * Cost: 4 bytes per slot up to the highest one ever used, rounded up to a power of two, and its bits in the IdPool.
 */
export class GenerationalId {
  /** Bits of an ID that number its slot. */
  readonly slotBits: number;
  /** Int32Array, shape [slots], the ID of each slot that is in use; of a free slot, ~ the ID it will have next. */
  private ids: Int32Array;
  /** Which slots are in use. */
  private readonly slots: IdPool;

  /**
   * Makes an allocator with no ID in use.
   *
   * @param options See {@link GenerationalIdOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options: GenerationalIdOptions = {}) {
    const call = 'new GenerationalId';
    const { slotBits = 20, reuse } = checkKeys(call, 'options', options, 'slotBits, reuse');
    this.slotBits = checkInteger(call, 'slotBits', slotBits, 1, 30);
    this.slots = new IdPool({ max: 2 ** slotBits - 1, reuse }, call);
    this.ids = firstIds(new Int32Array(0), 1);
  }

  /** Number of IDs in use. */
  get size(): number {
    return this.slots.size;
  }

  /** Bytes of all typed arrays. */
  get byteLength(): number {
    return this.ids.byteLength + this.slots.byteLength;
  }

  /**
   * Hands out an ID.
   *
   * @returns An ID, 0…2³¹−1, or −1 when no slot is available.
   *
   * Cost: that of IdPool.allocate and one word; doubles its array at its end.
   */
  allocate(): number {
    const slot = this.slots.seek();
    if (slot < 0) return -1;
    this.reach(slot);
    this.slots.handOut(slot);
    const { ids } = this;
    const id = ~ids[slot];
    ids[slot] = id;
    return id;
  }

  /**
   * Takes a given ID: its slot goes on from the ID's generation.
   *
   * @param id 0…2³¹−1. The slots grow to reach its slot.
   * @returns True if its slot was available; false if the slot is in use, under this ID or another one, or rests.
   * @throws RangeError if it is out of range.
   *
   * Cost: that of IdPool.reserve and one word.
   */
  reserve(id: number): boolean {
    const slot = checkInteger('GenerationalId.reserve', 'id', id, 0, INT_MAX) & ((1 << this.slotBits) - 1);
    // What is above the slots in use is free as a rule: the room is not made in vain.
    this.reach(slot);
    if (!this.slots.reserve(slot)) return false;
    this.ids[slot] = id;
    return true;
  }

  /**
   * Gives an ID back; from now on it is stale.
   *
   * @param id Any number.
   * @returns True if it was in use, false if it is stale or was never handed out.
   *
   * Cost: that of IdPool.free and one word.
   */
  free(id: number): boolean {
    if (!this.has(id)) return false;
    const slot = id & ((1 << this.slotBits) - 1);
    // Bits above the slot count generations; the mask drops the carry out of the last one.
    this.ids[slot] = ~((id + (1 << this.slotBits)) & INT_MAX);
    return this.slots.free(slot);
  }

  /**
   * Tells whether an ID is in use.
   *
   * @param id Any number.
   * @returns True if it is, false if it is stale or was never handed out.
   *
   * Cost: one word.
   */
  has(id: number): boolean {
    return this.slot(id) >= 0;
  }

  /**
   * Returns the slot of an ID, to index an array by.
   *
   * @param id Any number.
   * @returns The slot, 0…2^slotBits − 1, or −1 if the ID is stale or was never handed out.
   *
   * Cost: one word.
   */
  slot(id: number): number {
    if (typeof id !== 'number') return -1;
    const slot = id & ((1 << this.slotBits) - 1);
    return id >= 0 && slot < this.ids.length && this.ids[slot] === id ? slot : -1;
  }

  /**
   * Writes the state as bytes: IDs in use, the generations of free slots, options, the cursor, the order of slots that rest.
   *
   * The words have the byte order of the machine; a machine of the other order refuses them.
   *
   * @returns A snapshot, about as long as `byteLength`: 64 bytes, 4 for each slot ever used, and the slots' IdPool.
   *
   * Cost: one pass over the memory.
   */
  snapshot(): Uint8Array {
    return encode({ ...imageOf(this.slots), slotBits: this.slotBits, ids: this.ids });
  }

  /**
   * Reads what {@link snapshot} wrote: the copy goes on as the original would have, so IDs that were stale stay stale.
   *
   * Of two copies that both go on, each hands out the IDs that the other one does.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @returns A new allocator with the options of the one saved; on a subclass, an object of the subclass, made with these options.
   * @throws NextIdError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   *
   * Cost: some passes over the bytes; memory of some times their length at most.
   */
  static from<T extends GenerationalId = GenerationalId>(
    this: (new (options?: GenerationalIdOptions) => T) | undefined,
    bytes: Uint8Array,
  ): T {
    const image = decode('GenerationalId.from', bytes, GENERATIONAL_MAGIC);
    const copy = new (this ?? GenerationalId)({ slotBits: image.slotBits, reuse: reuseOf(image) }) as T;
    restore(copy.slots, image);
    if (image.ids.length > 0) copy.reach(image.ids.length - 1);
    copy.ids.set(image.ids);
    return copy;
  }

  /** Makes room for a slot. */
  private reach(slot: number): void {
    if (slot >= this.ids.length) this.ids = firstIds(this.ids, 2 ** (32 - Math.clz32(slot)));
  }

  /**
   * Shows the state in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `GenerationalId(${this.size}) { slotBits: ${this.slotBits} }`;
  }
}

/** Returns a longer array of slots; the new ones are free and of generation 0. */
function firstIds(ids: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(ids);
  for (let slot = ids.length; slot < length; slot++) longer[slot] = ~slot;
  return longer;
}
