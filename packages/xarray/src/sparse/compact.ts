// Copies an array into one of just its size, leaves and directories in ascending order of what they hold.
import {
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  LEAF_META_SHIFT,
  LEAF_SHIFT,
  NO_LEAF,
  ROOT,
  SLOTS,
  SPREAD,
} from './layout.ts';
import { emptyState, type SparseState } from './storage.ts';

/** Rebuilds a state without free leaves and directories; a leaf is copied as it is, not filled up. */
export function compacted(old: SparseState): SparseState {
  const { leaves, directories } = inUse(old.directory, ROOT);
  const state = emptyState(leaves + 1, directories);
  const { leafMeta, directory, directoryMeta } = state;
  state.held = old.held;

  const copyLeaf = (from: number): number => {
    const to = state.leafTop++;
    state.leaves.set(old.leaves.subarray(from << LEAF_SHIFT, (from + 1) << LEAF_SHIFT), to << LEAF_SHIFT);
    const words = old.leafMeta.subarray(from << LEAF_META_SHIFT, (from + 1) << LEAF_META_SHIFT);
    leafMeta.set(words, to << LEAF_META_SHIFT);
    return to;
  };
  const copyDirectory = (from: number, to: number): void => {
    const words = old.directoryMeta.subarray(from << DIRECTORY_META_SHIFT, (from + 1) << DIRECTORY_META_SHIFT);
    directoryMeta.set(words, to << DIRECTORY_META_SHIFT);
    const [start, there] = [from << DIRECTORY_SHIFT, to << DIRECTORY_SHIFT];
    for (let slot = 0; slot < SLOTS; ) {
      const child = old.directory[start + slot];
      if (child < 0) {
        const below = state.directoryTop++;
        directory[there + slot++] = ~below;
        copyDirectory(~child, below);
      } else if (child === NO_LEAF) {
        slot++;
      } else {
        const leaf = copyLeaf(child);
        const size = 1 << leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD];
        directory.fill(leaf, there + slot, there + slot + size);
        slot += size;
      }
    }
  };
  copyDirectory(ROOT, ROOT);
  return state;
}

/** Counts the leaves and directories below a directory, itself included. */
function inUse(directory: Int32Array, at: number): { leaves: number; directories: number } {
  let leaves = 0;
  let directories = 1;
  let before = NO_LEAF;
  for (let slot = at << DIRECTORY_SHIFT; slot < (at + 1) << DIRECTORY_SHIFT; slot++) {
    const child = directory[slot];
    if (child < 0) {
      const below = inUse(directory, ~child);
      leaves += below.leaves;
      directories += below.directories;
    } else if (child !== NO_LEAF && child !== before) {
      leaves++;
    }
    before = child;
  }
  return { leaves, directories };
}
