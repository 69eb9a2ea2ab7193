// LeafChanges: what is put, replaced or removed in one leaf, while other threads do so in other leaves.
//
// Most changes touch a slot and a bit of one leaf: no node comes or goes, and none above need be told. Such a change is
// made under a lock in the leaf, while the thread's seat says BUSY. A thread that takes the writers' lock waits until no seat
// does, and no thread begins while it is held: so nodes stay in their places during a change, and the holder of the lock finds
// all of them at rest. A thread sets BUSY before it reads LOCK, and a writer sets LOCK before it reads BUSY, each by
// an atomic exchange: one of the two sees the other.
//
// For readers it is as under the writers' lock: a change is one store of a slot. The bit follows.
import { readOrdered, writeOrdered } from '@idspace/lock';
import { isBelowHint } from '../free-hint.ts';
import {
  CHUNK_MASK,
  CHUNK_SHIFT,
  FIRST_NODE,
  MARKS,
  MAX_HEIGHT,
  META_SHIFT,
  NULL_NODE,
  PRESENT,
} from '../node-layout.ts';
import type { Attachment } from './attachment.ts';
import { BUSY, DAMAGED, ENTRIES, FREE_HINT, LEAF_LOCK, LEVELS_MASK, LOCK, ROOT, ROOT_SHIFT } from './layout.ts';

/** What `change` may find, whatever it is. */
export const ANY = -1;
/** What `change` answers to what must be done under the writers' lock. */
export const REFUSED = -1;

/** Looks at a lock before giving it up: about as long as it is held. */
const LOOKS = 50;
/** Times to wait for the writers' lock so, before standing in line for it. */
const TRIES = 4;
/** Changes that are not tried after two in a row were refused: where leaves are full, most are, and a try takes its time. */
const REST = 32;

/** Changes leaves of a shared array without its lock. */
export class LeafChanges {
  private readonly header: Int32Array;
  private readonly slots: Int32Array;
  private readonly meta: Int32Array;
  /** Nodes there can be. */
  private readonly nodes: number;
  /** Offset of the thread's seat. */
  private readonly seat: number;
  /** Whether changes may be tried: unless every call is to lock, and until the thread is detached. */
  private direct: boolean;
  /** 2 after a change that was made, 1 after one that was refused; below 0 while none is tried. */
  private trust = 2;

  constructor({ header, tree, seat }: Attachment, direct: boolean) {
    this.header = header;
    this.slots = tree.slots;
    this.meta = tree.meta;
    this.nodes = tree.meta.length >>> META_SHIFT;
    this.seat = seat;
    this.direct = direct;
  }

  /** Refuses every change from now on. */
  stop(): void {
    this.direct = false;
  }

  /**
   * Puts, replaces or removes what is at an index, if that concerns one leaf alone.
   *
   * @param index 0…2³²−1.
   * @param expected What must be there: an entry; 0, not even a reservation; or ANY.
   * @param entry What to put, or 0 to remove.
   * @returns What was there, and the change was made if that is `expected`; or REFUSED, and nothing has changed.
   *
   * Cost: two atomic exchanges; one if nothing is there to remove.
   * Lock: the leaf's.
   */
  change(index: number, expected: number, entry: number): number {
    if (!this.direct) return REFUSED;
    if (this.trust < 0) {
      this.trust++;
      return REFUSED;
    }
    const answer = this.tryChange(index, expected, entry);
    if (answer !== REFUSED) this.trust = 2;
    else this.trust = this.trust > 1 ? 1 : -REST;
    return answer;
  }

  private tryChange(index: number, expected: number, entry: number): number {
    const { slots, meta, header, seat } = this;
    Atomics.exchange(header, seat | BUSY, 1);
    let answer = REFUSED;
    if (this.isOpen() || this.enterLater()) {
      const leaf = this.leafOf(index);
      const lock = (leaf << META_SHIFT) | LEAF_LOCK;
      if (leaf === NULL_NODE) {
        // A node must be made for it, or all there is is the head.
      } else if (entry === 0 && this.isFree(leaf, index)) {
        answer = 0;
      } else if (Atomics.compareExchange(meta, lock, 0, 1) === 0 || this.lockLater(lock)) {
        const old = slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)];
        if (old !== expected && expected !== ANY) answer = old;
        else answer = entry === 0 ? this.removeFrom(leaf, index, old) : this.putInto(leaf, index, old, entry, expected);
        writeOrdered(meta, lock, 0);
      }
    }
    writeOrdered(header, seat | BUSY, 0);
    return answer;
  }

  /** Says whether no thread has the writers' lock, and all is in order. */
  private isOpen(): boolean {
    return (readOrdered(this.header, LOCK) | this.header[DAMAGED]) === 0;
  }

  /** Says BUSY again when the writers' lock is free, if that is soon. */
  private enterLater(): boolean {
    const { header, seat } = this;
    for (let tries = TRIES; tries > 0; tries--) {
      writeOrdered(header, seat | BUSY, 0);
      for (let looks = LOOKS; looks > 0 && Atomics.load(header, LOCK) !== 0; looks--);
      Atomics.exchange(header, seat | BUSY, 1);
      if (this.isOpen()) return true;
    }
    return false;
  }

  /** Takes the lock of a leaf that another thread has, if it is soon free. */
  private lockLater(lock: number): boolean {
    const { meta } = this;
    for (let looks = LOOKS; looks > 0; looks--) {
      if (Atomics.load(meta, lock) === 0 && Atomics.compareExchange(meta, lock, 0, 1) === 0) return true;
    }
    return false;
  }

  /** Finds the leaf for an index; NULL_NODE also at height 0, and where slots lead to no node. */
  private leafOf(index: number): number {
    const { slots, nodes } = this;
    const head = slots[ROOT];
    const levels = head & LEVELS_MASK;
    if (levels === 0 || (levels < MAX_HEIGHT && index >>> (levels * CHUNK_SHIFT) !== 0)) return NULL_NODE;
    let node = head >>> ROOT_SHIFT;
    for (let shift = (levels - 1) * CHUNK_SHIFT; shift > 0; shift -= CHUNK_SHIFT) {
      node = slots[(node << CHUNK_SHIFT) | ((index >>> shift) & CHUNK_MASK)];
    }
    return node >= FIRST_NODE && node < nodes ? node : NULL_NODE;
  }

  /**
   * Says that nothing is at an index, not even a reservation, without the leaf's lock.
   *
   * The slot is read before its bit: a thread that puts an entry meanwhile fills the slot first, and one that removes something
   * clears the bit last, so there was a moment when both were clear.
   */
  private isFree(leaf: number, index: number): boolean {
    if (readOrdered(this.slots, (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)) !== 0) return false;
    return (this.meta[(leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1)] & (1 << index)) === 0;
  }

  /** See Nodes.put: this is what of it does not leave the leaf. */
  private putInto(leaf: number, index: number, old: number, entry: number, expected: number): number {
    const { slots, meta, header, seat } = this;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    if (old === 0) {
      const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
      const before = meta[word];
      const bits = before | (1 << index);
      if (bits === before ? expected === 0 : (bits & meta[word ^ 1]) === -1) return REFUSED;
      slots[slot] = entry;
      writeOrdered(meta, word, bits);
      header[seat | ENTRIES]++;
    } else {
      slots[slot] = entry;
    }
    return old;
  }

  /** See Nodes.remove: this is what of it does not leave the leaf, nor the leaf empty. */
  private removeFrom(leaf: number, index: number, old: number): number {
    const { slots, meta, header, seat } = this;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bit = 1 << index;
    const bits = meta[word];
    if ((bits & bit) === 0) return 0;
    const rest = bits & ~bit;
    const other = meta[word ^ 1];
    const marks = meta[word + MARKS] | meta[word + MARKS + 2] | meta[word + MARKS + 4];
    if ((bits & other) === -1 || (marks & bit) !== 0 || isBelowHint(index, header[FREE_HINT])) return REFUSED;
    // With nothing left, or slot 0 alone in the root, a node goes.
    const beyondFirst = (index & 32) === 0 ? (rest & ~1) | other : rest | (other & ~1);
    if (beyondFirst === 0) return REFUSED;
    slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)] = 0;
    writeOrdered(meta, word, rest);
    if (old !== 0) header[seat | ENTRIES]--;
    return old;
  }
}
