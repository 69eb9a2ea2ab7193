// One entry put or removed: what store, erase, insert and alloc come down to.
// Reference: Linux lib/xarray.c (v6.19), xas_store.
import { lowestBit } from './bits.ts';
import { ANCHOR, CHUNK_MASK, CHUNK_SHIFT, META_SHIFT, PRESENT } from './node-layout.ts';
import { Spans } from './spans.ts';

/** The tree with its entries. What the caller may ask is XArray's business. */
export class Entries extends Spans {
  /** Puts an entry, or with 0 a reservation, over all of a multi-index entry there. */
  protected put(index: number, entry: number): number {
    if (this.multi !== 0 && this.orderAt(index) !== 0) return this.replaceSpan(index, entry);
    const leaf = index >>> CHUNK_SHIFT === this.leafKey ? this.leaf : this.leafToPut(index, entry === 0);
    const slots = this.slots;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = entry;
    if (old !== 0) {
      if (entry === 0) this.count--;
      return old;
    }
    if (entry !== 0) this.count++;
    const meta = this.meta;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word] | (1 << index);
    meta[word] = bits;
    if (bits === -1 && meta[word ^ 1] === -1) this.fullUp(leaf);
    return 0;
  }

  /**
   * Puts an entry, or with 0 a reservation, at the first free index from `from` on: mostly in the same word of a leaf met last.
   *
   * @returns The index, or −1, and nothing is put, if it would be above `max`.
   */
  protected putFree(from: number, max: number, entry: number): number {
    const key = from >>> CHUNK_SHIFT;
    if (key !== this.leafKey && key !== this.leafKey2) return this.putFar(from, max, entry);
    const leaf = key === this.leafKey ? this.leaf : this.leaf2;
    const meta = this.meta;
    const word = (leaf << META_SHIFT) | PRESENT | ((from >>> 5) & 1);
    const taken = meta[word];
    let index = from;
    // Mostly `from` itself: a branch that is foreseen does not wait for what the call before has written.
    if ((taken & (1 << from)) !== 0) {
      const free = ~taken & (-1 << from);
      if (free === 0) return this.putFar(from, max, entry);
      index = ((from & ~31) | lowestBit(free)) >>> 0;
    }
    if (index > max) return -1;
    const bits = taken | (1 << index);
    meta[word] = bits;
    this.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)] = entry;
    if (entry !== 0) this.count++;
    if (bits === -1 && meta[word ^ 1] === -1) this.fullUp(leaf);
    return index;
  }

  /** As `putFree`, by way of the tree. */
  private putFar(from: number, max: number, entry: number): number {
    const index = this.seekFree(from);
    if (index < 0 || index > max) return -1;
    this.put(index, entry);
    return index;
  }

  /** Finds the leaf for an index that is in no multi-index entry and not in the leaf met last, or makes it. */
  private leafToPut(index: number, reserved: boolean): number {
    return index >>> CHUNK_SHIFT === this.leafKey2 ? this.leaf2 : this.makeLeaf(index, reserved);
  }

  /** Removes an entry or a reservation, its marks, and the nodes that become empty. */
  protected remove(index: number): number {
    if (this.multi !== 0 && this.orderAt(index) !== 0) return this.removeSpan(index);
    const leaf = this.leafAt(index);
    const { slots, meta } = this;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word];
    const bit = 1 << index;
    if ((bits & bit) === 0) return 0;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = 0;
    const left = bits & ~bit;
    meta[word] = left;
    if (old !== 0) this.count--;
    if (index < this.freeHint >>> 0) this.freed(index);
    const half = meta[word ^ 1];
    if ((bits & half) === -1) this.unfullUp(leaf);
    if (this.marksUsed) this.unmarkAll(leaf, index & CHUNK_MASK);
    if ((left | half) === 0) {
      if (leaf !== ANCHOR) this.removeNode(leaf);
    } else if (leaf === this.root) {
      this.lower();
    }
    return old;
  }
}
