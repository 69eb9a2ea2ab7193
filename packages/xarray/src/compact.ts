// Copies a tree into arrays of just its size, nodes in ascending order of what they hold.
import {
  ANCHOR,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FIRST_NODE,
  META_SHIFT,
  NULL_NODE,
  PARENT,
} from './node-layout.ts';
import { emptyState, isVacant, type TreeState } from './tree.ts';

/** Rebuilds a state without free nodes: root first, every node before its children, leaves by index. */
export function compacted(old: TreeState): TreeState {
  if (isVacant(old)) return emptyState(0);
  const nodes = old.top - old.freeCount;
  const slots = new Int32Array(nodes * CHUNK_SIZE);
  const meta = new Int32Array(nodes << META_SHIFT);
  let top = FIRST_NODE;

  /** Copies a node to handle `to`, and below it its children. */
  const copy = (from: number, to: number, level: number): void => {
    slots.set(old.slots.subarray(from << CHUNK_SHIFT, (from + 1) << CHUNK_SHIFT), to << CHUNK_SHIFT);
    meta.set(old.meta.subarray(from << META_SHIFT, (from + 1) << META_SHIFT), to << META_SHIFT);
    if (level === 0) return;
    for (let slot = to << CHUNK_SHIFT; slot < (to + 1) << CHUNK_SHIFT; slot++) {
      const child = slots[slot];
      if (child === NULL_NODE) continue;
      // Fill nodes are below several slots in a row.
      if (slot & CHUNK_MASK && child === old.slots[((from << CHUNK_SHIFT) | (slot & CHUNK_MASK)) - 1]) {
        slots[slot] = slots[slot - 1];
        continue;
      }
      const handle = top++;
      slots[slot] = handle;
      copy(child, handle, level - 1);
      meta[(handle << META_SHIFT) | PARENT] = to;
    }
  };
  copy(ANCHOR, ANCHOR, old.levels);
  return { ...old, slots, meta, top, freeNode: NULL_NODE, freeCount: 0 };
}
