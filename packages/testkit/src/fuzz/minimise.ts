// Makes an input smaller that does something, and keeps it doing that.
import { joined } from './bytes.ts';

/**
 * Takes out pieces of an input, from halves down to single bytes, as long as it still does what it is kept for.
 *
 * @param does Whether an input does it; the given one does.
 * @param tries How often it may be asked.
 */
export async function minimised(
  input: Uint8Array,
  does: (candidate: Uint8Array) => Promise<boolean>,
  tries: number,
): Promise<Uint8Array> {
  let best = input;
  let left = tries;
  for (let piece = Math.ceil(best.length / 2); piece > 0; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < best.length && left > 0; left--) {
      const candidate = joined(best.subarray(0, at), best.subarray(at + piece));
      if (await does(candidate)) best = candidate;
      else at += piece;
    }
  }
  return best;
}
