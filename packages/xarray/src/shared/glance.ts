// What can be seen of a shared array without its lock: for the line that `console.log` shows, which must neither wait nor throw.
import { readOrdered } from '@idspace/lock';
import { CHUNK_SHIFT, CHUNK_SIZE } from '../node-layout.ts';
import { HEAD, LEVELS_MASK, ROOT, ROOT_SHIFT, SEQUENCE } from './layout.ts';

/** Times to look again when a node was given up meanwhile. */
const TRIES = 3;
/** Most nodes looked into: where there are reservations only, no entry ends the search. */
const MOST_NODES = 4096;

/**
 * Reads the first entries, ascending, as a reader without a lock finds them: other threads may change them meanwhile.
 *
 * @param slots Int32Array, shape [nodes × 64], nodes a power of two.
 * @param most Entries to return at most.
 */
export function glance(slots: Int32Array, most: number): [number, number][] {
  const found: [number, number][] = [];
  let left = MOST_NODES;

  /** Handles are masked: in a node that was given up and used again, an entry may stand where one was. */
  const visit = (node: number, level: number, first: number): void => {
    if (left-- <= 0) return;
    const base = (node << CHUNK_SHIFT) & (slots.length - 1);
    const width = CHUNK_SIZE ** (level - 1);
    for (let offset = 0; offset < CHUNK_SIZE && found.length < most; offset++) {
      const slot = readOrdered(slots, base | offset);
      if (slot === 0) continue;
      if (level === 1) found.push([first + offset, slot]);
      else visit(slot, level - 1, first + offset * width);
    }
  };

  for (let tries = TRIES; tries > 0; tries--) {
    const sequence = readOrdered(slots, SEQUENCE);
    const root = readOrdered(slots, ROOT);
    found.length = 0;
    left = MOST_NODES;
    if ((root & LEVELS_MASK) > 0) visit(root >>> ROOT_SHIFT, root & LEVELS_MASK, 0);
    else {
      const head = readOrdered(slots, HEAD);
      if (head > 0) found.push([0, head]);
    }
    if (slots[SEQUENCE] === sequence) break;
  }
  return found;
}
