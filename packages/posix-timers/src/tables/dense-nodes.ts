// How many radix tree nodes dense IDs need.

/** Slots of a node. */
const CHUNK = 64;

/**
 * Returns how many 64-slot nodes a tree with the indices 0…`count`−1 has.
 *
 * @param count 1…2³².
 */
export function denseNodes(count: number): number {
  let nodes = 0;
  let level = count;
  do {
    level = Math.ceil(level / CHUNK);
    nodes += level;
  } while (level > 1);
  return nodes;
}
