// One entry put or removed: what store, erase, insert and alloc come down to.
// Reference: Linux lib/xarray.c (v6.19), xas_store.
import { ANCHOR, CHUNK_MASK, CHUNK_SHIFT, MARKS, META_SHIFT, PRESENT } from './node-layout.ts';
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

  /** Finds the leaf for an index that is in no multi-index entry and not in the leaf met last, or makes it. */
  private leafToPut(index: number, reserved: boolean): number {
    const key = index >>> CHUNK_SHIFT;
    if (key !== this.leafKey2) return this.makeLeaf(index, reserved);
    this.meet(this.leaf2, key);
    return this.leaf;
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
    meta[word] = bits & ~bit;
    if (old !== 0) this.count--;
    if (index < this.freeHint >>> 0) this.freeHint = index | 0;
    if ((bits & meta[word ^ 1]) === -1) this.unfullUp(leaf);
    const marks = meta[word + MARKS] | meta[word + MARKS + 2] | meta[word + MARKS + 4];
    if ((marks & bit) !== 0) this.unmarkAll(leaf, index & CHUNK_MASK);
    if ((meta[word] | meta[word ^ 1]) === 0) {
      if (leaf !== ANCHOR) this.removeNode(leaf);
    } else if (leaf === this.root) {
      this.lower();
    }
    return old;
  }
}
