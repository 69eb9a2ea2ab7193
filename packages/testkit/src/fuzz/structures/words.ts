// Arrays of 32-bit words: snapshots and shared memory.
import { anyNumber } from '../bytes.ts';
import type { Structure } from '../target.ts';

/** Changes one to three words, and now and then the length, by a block of 16 words. */
export const words: Structure = (input, draw) => {
  if (input.length < 4 || input.length % 4 !== 0) return undefined;
  const { random, other } = draw;
  const resized = random.chance(0.1);
  const length = resized ? Math.max(64, input.length + 64 * random.between(-2, 2)) : input.length;
  const bytes = new Uint8Array(length);
  bytes.set(input.subarray(0, length));
  const view = new DataView(bytes.buffer);
  for (let count = random.between(resized ? 0 : 1, 3); count > 0; count--) {
    // What lies in front says what all the rest is.
    const at = 4 * random.below(random.chance(0.4) ? Math.min(16, length / 4) : length / 4);
    const value = view.getInt32(at, true);
    const place = 4 * random.below(length / 4);
    switch (random.below(6)) {
      case 0:
        view.setInt32(at, value ^ (1 << random.below(32)), true);
        break;
      case 1:
        view.setInt32(at, value + random.between(-2, 2), true);
        break;
      case 2:
        view.setInt32(at, view.getInt32(place, true), true);
        break;
      case 3:
        if (at + 4 <= other.length) bytes.set(other.subarray(at, at + 4), at);
        break;
      case 4:
        view.setInt32(at, -value, true);
        break;
      default:
        view.setInt32(at, anyNumber(draw), true);
    }
  }
  return bytes;
};

/** Makes a structure whose result is finished: a checksum is made right, say. It gets bytes that are its own. */
export function finished(structure: Structure, finish: (bytes: Uint8Array) => void): Structure {
  return (input, draw) => {
    const bytes = structure(input, draw);
    if (bytes !== undefined) finish(bytes);
    return bytes;
  };
}
