// What happens inside leaves: keys, entries and marks move together.
import { COUNT, LEAF_MARKS, LEAF_META_SHIFT, LEAF_ROOM, LEAF_SHIFT, STOP } from './layout.ts';
import { Storage } from './storage.ts';

/** Puts, removes and moves keys. */
export class Leaves extends Storage {
  /** Puts a key at a place of a leaf that has room. */
  protected insertAt(at: number, key: number, entry: number): void {
    const { keys, entries, leafMeta } = this;
    const leaf = at >>> LEAF_SHIFT;
    const meta = leaf << LEAF_META_SHIFT;
    const end = (leaf << LEAF_SHIFT) + leafMeta[meta | COUNT]++;
    for (let i = end; i > at; i--) {
      keys[i] = keys[i - 1];
      entries[i] = entries[i - 1];
    }
    keys[at] = key;
    entries[at] = entry;
    this.count++;
    this.moves++;
    if ((leafMeta[meta + 1] | leafMeta[meta + 2] | leafMeta[meta + 3]) === 0) return;
    const above = -1 << at;
    for (let word = meta | LEAF_MARKS; word < meta + (1 << LEAF_META_SHIFT); word++) {
      leafMeta[word] = (leafMeta[word] & ~above) | ((leafMeta[word] & above) << 1);
    }
  }

  /** Removes the unmarked key at a place; returns how many are left. */
  protected removeAt(at: number): number {
    const { keys, entries, leafMeta } = this;
    const leaf = at >>> LEAF_SHIFT;
    const meta = leaf << LEAF_META_SHIFT;
    const left = --leafMeta[meta | COUNT];
    const end = (leaf << LEAF_SHIFT) + left;
    for (let i = at; i < end; i++) {
      keys[i] = keys[i + 1];
      entries[i] = entries[i + 1];
    }
    keys[end] = STOP;
    entries[end] = 0;
    this.count--;
    this.moves++;
    const above = -1 << at;
    for (let word = meta | LEAF_MARKS; word < meta + (1 << LEAF_META_SHIFT); word++) {
      leafMeta[word] = (leafMeta[word] & ~above) | ((leafMeta[word] & above) >>> 1);
    }
    return left;
  }

  /** Moves the keys of a full leaf from a place on to a leaf without keys. */
  protected moveUpper(leaf: number, right: number, parting: number): void {
    const { keys, entries, leafMeta } = this;
    const from = (leaf << LEAF_SHIFT) + parting;
    const to = right << LEAF_SHIFT;
    const n = LEAF_ROOM - parting;
    for (let i = 0; i < n; i++) {
      keys[to + i] = keys[from + i];
      entries[to + i] = entries[from + i];
      keys[from + i] = STOP;
      entries[from + i] = 0;
    }
    const low = leaf << LEAF_META_SHIFT;
    const high = right << LEAF_META_SHIFT;
    leafMeta[low | COUNT] = parting;
    leafMeta[high | COUNT] = n;
    for (let word = LEAF_MARKS; word < 1 << LEAF_META_SHIFT; word++) {
      leafMeta[high | word] = leafMeta[low | word] >>> parting;
      leafMeta[low | word] &= ~(-1 << parting);
    }
  }

  /** Moves all keys of a leaf behind those of another, which has room, and frees it. */
  protected append(left: number, right: number): void {
    const { keys, entries, leafMeta } = this;
    const low = left << LEAF_META_SHIFT;
    const high = right << LEAF_META_SHIFT;
    const n = leafMeta[low | COUNT];
    const from = right << LEAF_SHIFT;
    const to = (left << LEAF_SHIFT) + n;
    for (let i = 0; i < leafMeta[high | COUNT]; i++) {
      keys[to + i] = keys[from + i];
      entries[to + i] = entries[from + i];
    }
    leafMeta[low | COUNT] += leafMeta[high | COUNT];
    for (let word = LEAF_MARKS; word < 1 << LEAF_META_SHIFT; word++) leafMeta[low | word] |= leafMeta[high | word] << n;
    this.removeLeaf(right);
  }
}
