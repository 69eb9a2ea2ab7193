// GenerationalId: dense slots that are used again, in IDs that are not.
// Reference: the keys of a slot map: a slot number below, the slot's generation above.
import type { Each } from './each.ts';
import { HANDLE_KEYS, type HandleOptions, INT32_BITS, readEpoch, readLayout } from './handles.ts';
import { IdPool, type Reuse } from './id-pool.ts';
import { checkInteger, checkKeys } from './misuse.ts';
import { imageOf, restore, reuseOf } from './pool-snapshot.ts';
import { decode, encode } from './snapshot.ts';
import { GENERATIONAL_MAGIC } from './snapshot-header.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** The options of a GenerationalId. */
export interface GenerationalIdOptions extends HandleOptions {
  /** Which free slot is used next, as in IdPool. Default 'lowest', which keeps the slots in use dense. */
  reuse?: Reuse | undefined;
}

/** The options of a copy. */
export interface FromOptions {
  /** Epoch of the IDs that the copy hands out, 0…2^epochBits − 1. Default: that of the one saved. */
  epoch?: number | undefined;
}

/**
 * Hands out IDs, 0…2^bits − 1, each a slot and the slot's generation: holes are filled, yet a stale ID is told from a live one.
 *
 * An ID is slot + 2^slotBits × generation + 2^(bits − epochBits) × epoch. The generation of a slot goes up by one when its ID is freed.
 * Behind the last generation it wraps, unless slots retire: a stale ID is then taken for a live one when its slot was freed
 * 2^(bits − epochBits − slotBits) times since (2,048 by default) and is in use. With `reuse: 'lowest'` this takes that many pairs of
 * free and allocate at least; `{ delay: n }` multiplies it by n + 1. With `wrap: 'retire'` it never happens in an epoch.
 *
 * Cost: 4 bytes, or 8 with more than 31 bits, per slot up to the highest one ever used, rounded up to a power of two, and its bits in
 * the IdPool.
 */
export class GenerationalId implements Iterable<number> {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** Bits of an ID that number its slot. */
  readonly slotBits: number;
  /** Bits of an ID. */
  readonly bits: number;
  /** Bits of an ID that hold the epoch: the highest ones. */
  readonly epochBits: number;
  /** Epoch of the IDs that are handed out. */
  readonly epoch: number;
  /** What follows the last generation of a slot. */
  readonly wrap: 'around' | 'retire';
  /** Shape [slots], the ID of each slot that is in use; of a free slot, −1 − the ID it will have next; of a retired one, −1 − its last. */
  private ids: Int32Array | Float64Array;
  /** Which slots are in use or retired. */
  private readonly slots: IdPool;
  /** What slot and generation make together, one more than the largest. */
  private readonly span: number;
  /** What the epoch adds to an ID. */
  private readonly base: number;
  private gone = 0;

  /**
   * Makes an allocator with no ID in use.
   *
   * @param options See {@link GenerationalIdOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options?: GenerationalIdOptions);
  /** @internal For SlotMap, whose options these were. */
  constructor(options: GenerationalIdOptions, call: string);
  constructor(options: GenerationalIdOptions = {}, caller?: unknown) {
    const call = typeof caller === 'string' ? caller : 'new GenerationalId'; // `new GenerationalId(16, 15)` is not called 15
    const layout = readLayout(call, checkKeys(call, 'options', options, `${HANDLE_KEYS}, reuse`));
    this.slotBits = layout.slotBits;
    this.bits = layout.bits;
    this.epochBits = layout.epochBits;
    this.epoch = layout.epoch;
    this.wrap = layout.retires ? 'retire' : 'around';
    this.span = 2 ** (layout.bits - layout.epochBits);
    this.base = layout.epoch * this.span;
    this.slots = new IdPool({ max: 2 ** layout.slotBits - 1, reuse: options.reuse }, call);
    this.ids = layout.bits > INT32_BITS ? new Float64Array(1) : new Int32Array(1);
    this.ids[0] = -1 - this.base;
  }

  /** Number of IDs in use. */
  get size(): number {
    return this.slots.size - this.gone;
  }

  /** Number of slots that are never used again: their last generation was freed, with `wrap: 'retire'`. */
  get retired(): number {
    return this.gone;
  }

  /** Bytes of all typed arrays. */
  get byteLength(): number {
    return this.ids.byteLength + this.slots.byteLength;
  }

  /**
   * Hands out an ID.
   *
   * @returns An ID, 0…2^bits − 1, or −1 when no slot is available.
   *
   * Cost: that of IdPool.allocate and one word; doubles its array at its end.
   */
  allocate(): number {
    const slot = this.slots.seek();
    if (slot < 0) return -1;
    this.reach(slot);
    this.slots.handOut(slot);
    const { ids } = this;
    const id = -1 - ids[slot];
    ids[slot] = id;
    return id;
  }

  /**
   * Says which ID {@link allocate} hands out next.
   *
   * @returns The ID, or −1 when no slot is available.
   */
  peek(): number {
    const slot = this.slots.seek();
    if (slot < 0) return -1;
    return slot < this.ids.length ? -1 - this.ids[slot] : slot + this.base;
  }

  /**
   * Takes a given ID, of whatever epoch: its slot goes on from the ID's generation.
   *
   * @param id 0…2^bits − 1. The slots grow to reach its slot.
   * @returns True if its slot was available; false if the slot is in use, under this ID or another one, rests or is retired. Where
   *   slots retire, false as well for an ID whose generation the slot has left behind.
   * @throws RangeError if it is out of range.
   *
   * Cost: that of IdPool.reserve and one word.
   */
  reserve(id: number): boolean {
    checkInteger('GenerationalId.reserve', 'id', id, 0, 2 ** this.bits - 1);
    const slot = id & ((1 << this.slotBits) - 1);
    // What is above the slots in use is free as a rule: the room is not made in vain.
    this.reach(slot);
    const { ids, span } = this;
    if (this.wrap === 'retire' && ids[slot] < 0 && id % span < (-1 - ids[slot]) % span) return false;
    if (!this.slots.reserve(slot)) return false;
    ids[slot] = id;
    return true;
  }

  /**
   * Gives an ID back; from now on it is stale.
   *
   * @param id Any value; `'3'` is not the ID 3.
   * @returns True if it was in use, false if it is stale or was never handed out.
   *
   * Cost: that of IdPool.free and one word.
   */
  free(id: number): boolean {
    if (!this.has(id)) return false;
    const slot = id & ((1 << this.slotBits) - 1);
    const next = this.after(id);
    if (next < 0) {
      this.ids[slot] = -1 - id;
      this.gone++;
      return true;
    }
    this.ids[slot] = -1 - next;
    return this.slots.free(slot);
  }

  /**
   * Makes all IDs stale that are in use, as if each was freed, by slot.
   *
   * Cost: that of `free` for each.
   */
  clear(): void {
    for (const id of this) this.free(id);
  }

  /** Iterates over the IDs in use, by slot; they may be freed and others handed out meanwhile. Cost: one pass over the slots. */
  *[Symbol.iterator](): Each<number> {
    for (let slot = 0; slot < this.ids.length; slot++) {
      const id = this.ids[slot];
      if (id >= 0) yield id;
    }
  }

  /** The ID of a slot that is in use; −1 of any other. @internal */
  idAt(slot: number): number {
    return Math.max(-1, this.ids[slot]);
  }

  /** Slots that there is room for. @internal */
  get room(): number {
    return this.ids.length;
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
    return encode({ ...imageOf(this.slots), slots: readLayout('GenerationalId.snapshot', this), ids: this.ids });
  }

  /**
   * Reads what {@link snapshot} wrote: the copy goes on as the original would have, so IDs that were stale stay stale.
   *
   * Of two copies that both go on, each hands out the IDs that the other one does, unless they are of different epochs. IDs of
   * earlier epochs stay live until they are freed.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @param options See {@link FromOptions}.
   * @returns A new allocator with the options of the one saved; on a subclass, an object of the subclass, made with these options.
   * @throws NextIdError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array, or a bad
   *   epoch.
   *
   * Cost: some passes over the bytes; memory of some times their length at most.
   */
  static from<T extends GenerationalId = GenerationalId>(
    this: (new (options?: GenerationalIdOptions) => T) | undefined,
    bytes: Uint8Array,
    options: FromOptions = {},
  ): T {
    const call = 'GenerationalId.from';
    const image = decode(call, bytes, GENERATIONAL_MAGIC);
    const { slotBits, bits, epochBits, retires } = image.slots;
    const epoch = readEpoch(call, options, image.slots);
    const made = {
      slotBits,
      bits,
      epochBits,
      epoch,
      wrap: retires ? 'retire' : 'around',
      reuse: reuseOf(image),
    } as const;
    const copy = new (this ?? GenerationalId)(made) as T;
    restore(copy.slots, image);
    if (image.ids.length > 0) copy.reach(image.ids.length - 1);
    for (let slot = 0; slot < image.ids.length; slot++) {
      const word = image.ids[slot];
      const isFree = word < 0 && !copy.slots.has(slot);
      if (word < 0 && !isFree) copy.gone++;
      // What a free slot has next is of this epoch.
      copy.ids[slot] = isFree ? -1 - (((-1 - word) % copy.span) + copy.base) : word;
    }
    return copy;
  }

  /** The ID that follows one in its slot; −1 if the slot retires. */
  private after(id: number): number {
    const { span, base } = this;
    const step = 1 << this.slotBits;
    // An int32 keeps the sum of 31 bits once it is masked, which drops the carry out of the last generation.
    const low = this.bits > INT32_BITS ? ((id % span) + step) % span : (id + step) & (span - 1);
    return low < step && this.wrap === 'retire' ? -1 : low + base;
  }

  /** Makes room for a slot: those that are new are free and of generation 0. */
  private reach(slot: number): void {
    const { ids, base } = this;
    if (slot < ids.length) return;
    const length = 2 ** (32 - Math.clz32(slot));
    const longer = ids instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
    longer.set(ids);
    for (let i = ids.length; i < length; i++) longer[i] = -1 - i - base;
    this.ids = longer;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return `GenerationalId(${this.size}) { slotBits: ${this.slotBits} }`;
  }

  /**
   * Shows the state in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }
}
