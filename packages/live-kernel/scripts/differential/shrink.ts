// Finds a short script that still makes a difference.

/**
 * Leaves out every step without which a script still makes a difference.
 *
 * @param differs Plays a shorter script; false for one that cannot be played.
 * @returns The shortest script found, at most as long as the given one.
 */
export async function shrink<Step>(
  steps: readonly Step[],
  differs: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  let shortest = steps;
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < shortest.length; ) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      if (shorter.length > 0 && (await differs(shorter))) shortest = shorter;
      else from += size;
    }
  }
  return shortest;
}
