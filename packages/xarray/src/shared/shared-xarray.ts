// SharedXArray: XArray in a SharedArrayBuffer, for worker threads that all read and write it at the same time.
// Reference: Linux lib/xarray.c, v6.19: xa_load under RCU, all else under xa_lock. Here, most changes need less than that.

import { readOrdered } from '@idspace/lock';
import { SHOWN, showEntries } from '../inspect.ts';
import { badEntry, badIndex, checkKeys, refusal } from '../misuse.ts';
import { FIRST_NODE, MAX_ENTRY, MAX_HEIGHT, NULL_NODE } from '../node-layout.ts';
import type { Entry, Index } from '../searches.ts';
import { decode } from '../snapshot.ts';
import { Attachment } from './attachment.ts';
import { glance } from './glance.ts';
import { COUNT, HEAD, LEVELS_MASK, ROOT, ROOT_SHIFT, SEQUENCE } from './layout.ts';
import { ANY, LeafChanges, REFUSED } from './leaf-changes.ts';
import { LockedCalls } from './locked-calls.ts';
import {
  type AttachOptions,
  DEFAULT_CAPACITY,
  FROM_KEYS,
  readAttachOptions,
  refusedBy,
  type SharedXArrayOptions,
} from './options.ts';
import { countInSeats } from './shared-tree.ts';
import { SharedXArrayError } from './shared-xarray-error.ts';

/** Leaves that an object remembers, at first and at most: those of 4,096 and of a million indices, in 1 and 262 kB. */
const FIRST_KNOWN = 64;
const MOST_KNOWN = 16_384;

/**
 * Maps indices to entries for all threads that are attached to it, with marks and ID allocation.
 *
 * The calls are those of XArray, except multi-index entries, cursors and `compact`. Each is atomic: it takes effect at one
 * moment between its begin and its end, for all threads the same. `load` takes no lock and never waits for a writer.
 * `store`, `erase`, `insert` and `cmpxchg` lock the leaf they change, so that threads can do so in different leaves at the same time;
 * where a node comes or goes, or those above must be told (a leaf becomes full or empty, a mark goes, an ID below all
 * free ones is freed), they take the writers' lock, as all else does. `forEach` and the iterator see up to 64 entries at
 * one moment, then the next.
 *
 * The memory for `capacity` nodes is reserved when the array is made and taken from the system when it is first used, so
 * the array grows without other threads noticing, up to the capacity and no further.
 *
 * A worker that ends while it changes the array leaves what `load` reads sound. Its end must be told with `bury`: until
 * then threads that need the writers' lock wait, for `timeoutMs` at most. The next one that takes it repairs the rest.
 *
 * Source: `struct xarray`, include/linux/xarray.h, v6.19.
 */
export class SharedXArray extends LockedCalls {
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  /** Number of this thread among those attached, 1…64. */
  readonly owner: number;
  /** Int32Array, shape [nodes × 64]: entries and child handles, and what readers go by in the anchor. */
  private readonly slots: Int32Array;
  /** slots.length − 1. */
  private readonly mask: number;
  /**
   * Int32Array, shape [places × 4]: for leaves that `load` has met, index >>> 6, handle, and the sequence at which it is in its place. A
   * leaf's place is (index >>> 6) mod places.
   */
  private known: Int32Array;
  /** Turns index >>> 4 into the offset of a place. */
  private knownMask: number;
  /** Times that a leaf took the place of another one that was still there. */
  private ousted = 0;
  private readonly leaves: LeafChanges;

  /**
   * Makes an empty array and attaches this thread to it.
   *
   * @param options See SharedXArrayOptions.
   * @throws RangeError for an unknown option value, or when there is not so much memory.
   */
  constructor(options?: SharedXArrayOptions);
  /** @internal What `attach` does. */
  constructor(options: AttachOptions, handle: SharedArrayBuffer);
  constructor(options: SharedXArrayOptions = {}, handle?: SharedArrayBuffer) {
    const { timeoutMs, lockFree } = readAttachOptions(options, handle !== undefined);
    const attachment = new Attachment(options, timeoutMs, handle);
    super(attachment);
    this.handle = attachment.handle;
    this.owner = attachment.owner;
    this.slots = attachment.tree.slots;
    this.mask = this.slots.length - 1;
    this.known = new Int32Array(FIRST_KNOWN << 2).fill(-1);
    this.knownMask = (FIRST_KNOWN - 1) << 2;
    this.leaves = new LeafChanges(attachment, lockFree);
    if (!lockFree) this.load = this.loadLocked;
  }

  /**
   * Attaches this thread to an array that another one made.
   *
   * @param handle The `handle` of the other's array.
   * @param options See AttachOptions.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws SharedXArrayError if it is not the memory of an array of this version, or no seat is free; RangeError for a
   *   bad option.
   */
  static attach<T extends SharedXArray = SharedXArray>(
    this: (new (options?: SharedXArrayOptions) => T) | undefined,
    handle: SharedArrayBuffer,
    options: AttachOptions = {},
  ): T {
    if (handle === undefined || handle === null) {
      throw new SharedXArrayError('bad-handle', `handle: got ${handle}, expected the .handle of a SharedXArray`);
    }
    const make = (this ?? SharedXArray) as new (options: AttachOptions, handle: SharedArrayBuffer) => T;
    const array = new make(options, handle);
    if (array.handle === handle) return array;
    array.detach();
    throw new SharedXArrayError('bad-handle', 'the constructor of the subclass must hand on all its arguments');
  }

  /**
   * Makes a shared array of what an XArray, or a shared one, wrote with `snapshot`, and attaches this thread to it.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options As for a new one, but `alloc`, which the snapshot says. Default capacity: what the snapshot needs, at least 65,534.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; SharedXArrayError if the capacity is too low; RangeError
   *   for a bad option, anything but a Uint8Array, or an array with multi-index entries, which are not shared.
   *
   * Cost: O(nodes).
   */
  static from<T extends SharedXArray = SharedXArray>(
    this: (new (options?: SharedXArrayOptions) => T) | undefined,
    bytes: Uint8Array,
    options: Omit<SharedXArrayOptions, 'alloc'> = {},
  ): T {
    const call = 'SharedXArray.from';
    const { state, allocBase } = decode(call, bytes, 'XArray');
    if (state.multi > 0) throw refusal(call, 'bytes', 'an array with multi-index entries', 'one without');
    const alloc = allocBase < 0 ? undefined : allocBase === 0 ? 'from0' : 'from1';
    const { capacity = Math.max(DEFAULT_CAPACITY, state.top - FIRST_NODE) } = checkKeys(
      call,
      'options',
      options,
      FROM_KEYS,
    );
    let array: T | undefined;
    try {
      array = new (this ?? SharedXArray)({ ...options, alloc, capacity }) as T;
      array.attachment.enter().take(state);
      array.attachment.leave();
    } catch (error) {
      array?.detach();
      throw refusedBy(call, error);
    }
    return array;
  }

  /** Number of entries `find` returns: neither NULL nor reserved. Exact while no thread changes the array. */
  get size(): number {
    const { header } = this.attachment;
    return Math.max((header[COUNT] + countInSeats(header)) | 0, 0);
  }

  /** Levels of nodes: 0 (empty, or a lone entry at index 0) … 6. */
  get height(): number {
    return this.slots[ROOT] & LEVELS_MASK;
  }

  /** Bytes reserved for the array; the system gives them as they are first used. */
  get byteLength(): number {
    return this.handle.byteLength;
  }

  /**
   * Says that the worker of an owner has ended without `detach`, and puts in order what it left.
   *
   * A call that was under way happened or did not (of a range, a part of it); an index it was about to free may stay reserved, with
   * its marks. Call it from the worker's `exit` event. From now on other threads inherit the lock from it.
   *
   * If another thread does not give the lock back for 100 ms (it may have ended as well), what was left is put in order by
   * the next `bury` that gets it. Until then the number stays taken.
   *
   * @param owner The number of the worker's array object.
   * @returns False if no thread has that number (any more).
   * @throws RangeError for no number 1…64, or this thread's own; SharedXArrayError if this object was detached.
   *
   * Cost: O(1), O(nodes) if it held the lock. Lock: the writers'.
   */
  bury(owner: number): boolean {
    return this.attachment.bury(owner);
  }

  /**
   * Gives this thread's number back. From now on every call that reads or changes entries throws with code 'detached', on all machines;
   * the readonly properties go on answering.
   *
   * A worker that ends should call it; one that cannot must be buried.
   */
  detach(): void {
    if (!this.attachment.detach()) return;
    this.leaves.stop();
    // Like every other call, it asks for the lock, which a detached object is refused.
    this.load = this.loadLocked;
  }

  /**
   * Reads the entry at an index.
   *
   * @param index 0…2³²−1.
   * @returns The entry, or 0 where there is none or only a reservation: what was true at one moment of the call.
   * @throws RangeError for an index that is not a u32.
   *
   * Cost: the slot and the array's sequence, if its leaf was met before and no node has come or gone since. Otherwise the sequence and
   * the root, one slot per level, the sequence again; all that again if a node came or went meanwhile.
   * Lock: none, unless `lockFreeReads` is false.
   */
  load(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SharedXArray', 'load', index);
    const { slots, known } = this;
    const at = (index >>> 4) & this.knownMask;
    if (known[at] === index >>> 6) {
      const entry = readOrdered(slots, (known[at + 1] << 6) | (index & 63));
      // Read after the entry: what is in a node that was used again is seen only after this has changed.
      if (slots[SEQUENCE] === known[at + 2]) return entry;
    }
    return this.descend(index);
  }

  /**
   * Puts an entry at an index and returns the one that was there, or 0. See XArray.store.
   *
   * Lock: the leaf's, or the writers'.
   */
  store(index: Index, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SharedXArray', 'store', index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SharedXArray', 'store', entry);
    const old = entry === 0 ? REFUSED : this.leaves.change(index, ANY, entry);
    if (old !== REFUSED) return old;
    const tree = this.attachment.enter();
    try {
      return tree.store(index, entry);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Removes what is at an index and frees it; returns the entry that was there, or 0. See XArray.erase.
   *
   * Lock: the leaf's, or the writers'.
   */
  erase(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SharedXArray', 'erase', index);
    const old = this.leaves.change(index, ANY, 0);
    if (old !== REFUSED) return old;
    const tree = this.attachment.enter();
    try {
      return tree.erase(index);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Puts an entry at an index that has none; 0 reserves. False, and nothing changes, if the index is taken. See XArray.insert.
   *
   * Lock: the leaf's, or the writers'.
   */
  insert(index: Index, entry: Entry): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SharedXArray', 'insert', index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SharedXArray', 'insert', entry);
    const seen = entry === 0 ? REFUSED : this.leaves.change(index, 0, entry);
    if (seen !== REFUSED) return seen === 0;
    const tree = this.attachment.enter();
    try {
      return tree.insert(index, entry);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Replaces an entry if it is the one expected; returns the one that was there. See XArray.cmpxchg.
   *
   * Lock: the leaf's, or the writers'.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SharedXArray', 'cmpxchg', index);
    if (typeof old !== 'number' || (old & MAX_ENTRY) !== old) throw badEntry('SharedXArray', 'cmpxchg', old, 'old');
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SharedXArray', 'cmpxchg', entry);
    const seen = entry === 0 && old === 0 ? REFUSED : this.leaves.change(index, old, entry);
    if (seen !== REFUSED) return seen;
    const tree = this.attachment.enter();
    try {
      return tree.cmpxchg(index, old, entry);
    } finally {
      this.attachment.leave();
    }
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return showEntries('SharedXArray', this.size, glance(this.slots, SHOWN + 1));
  }

  /**
   * Shows size and the first entries, like a Map, as they can be seen without a lock: it never waits, and works after `detach`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** What `load` does with no leaf at hand: finds the leaf, and remembers it. */
  private descend(index: Index): Entry {
    const { slots, mask } = this;
    for (;;) {
      const sequence = readOrdered(slots, SEQUENCE);
      const head = readOrdered(slots, ROOT);
      const levels = head & LEVELS_MASK;
      let leaf = 0;
      let entry = 0;
      if (levels === 0) {
        if (index === 0) entry = Math.max(readOrdered(slots, HEAD), 0);
      } else if (levels === MAX_HEIGHT || index >>> (levels * 6) === 0) {
        leaf = head >>> ROOT_SHIFT;
        for (let shift = (levels - 1) * 6; shift > 0; shift -= 6) {
          // Masked: in a node that was given up and used again, an entry may stand where a handle was.
          leaf = readOrdered(slots, ((leaf << 6) & mask) | ((index >>> shift) & 63));
        }
        entry = readOrdered(slots, ((leaf << 6) & mask) | (index & 63));
      }
      if (slots[SEQUENCE] !== sequence) continue;
      if (leaf !== NULL_NODE && (sequence & 1) === 0) this.remember(index, leaf, sequence);
      return entry;
    }
  }

  /** Notes where a leaf is, in more places if they are too few. */
  private remember(index: Index, leaf: number, sequence: number): void {
    const { known } = this;
    const at = (index >>> 4) & this.knownMask;
    if (
      known[at + 2] === sequence &&
      known[at] >= 0 &&
      ++this.ousted > known.length &&
      known.length < MOST_KNOWN << 2
    ) {
      this.ousted = 0;
      this.known = new Int32Array(known.length << 1).fill(-1);
      this.knownMask = (known.length - 2) << 1;
      return;
    }
    known[at] = index >>> 6;
    // Masked as the descent was.
    known[at + 1] = leaf & (this.mask >>> 6);
    known[at + 2] = sequence;
  }

  /** What `load` is where reads are not lock-free. */
  private loadLocked(index: Index): Entry {
    const tree = this.attachment.enter();
    try {
      return tree.load(index);
    } finally {
      this.attachment.leaveAsFound();
    }
  }
}
