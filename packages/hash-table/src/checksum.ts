// The checksum of a snapshot: 64 bits, at the speed of a memory copy, or near it.
//
// Words go in turn to four strands, so that their steps overlap; a block is 16 words, four to a strand. A step can be
// undone (a rotation, or a product with an odd number, then a sum), so a strand in which one word has changed ends
// differently whatever follows. Strands 0 and 2 make up the first word of the result, 1 and 3 the second: two words that
// lie side by side never meet. Hence every change within 32 consecutive bits is seen, and any other except for chance: 2⁻³² for
// one that keeps to half of the strands, 2⁻⁶⁴ for the rest.

/** Words in a block; what is summed up is a multiple of it. */
export const BLOCK_WORDS = 16;
/** 2³² / φ, odd. */
const MULTIPLIER = 0x9e3779b1;

/**
 * Writes the checksum of all words, its own two taken as zero.
 *
 * @param words Int32Array, a multiple of 16 words.
 * @param at Where its two words are.
 */
export function seal(words: Int32Array, at: number): void {
  words[at] = 0;
  words[at + 1] = 0;
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  const length = words.length;
  // A block begins at a multiple of 16: `i | 4` is `i + 4`, without a check for overflow.
  for (let i = 0; i < length; i += BLOCK_WORDS) {
    // Once a block, bring the high bits, where a product mixes best, down to where the next one starts.
    a = (Math.imul(a ^ (a >>> 15), MULTIPLIER) + words[i]) | 0;
    b = (Math.imul(b ^ (b >>> 15), MULTIPLIER) + words[i | 1]) | 0;
    c = (Math.imul(c ^ (c >>> 15), MULTIPLIER) + words[i | 2]) | 0;
    d = (Math.imul(d ^ (d >>> 15), MULTIPLIER) + words[i | 3]) | 0;
    a = roll(roll(roll(a, words[i | 4]), words[i | 8]), words[i | 12]);
    b = roll(roll(roll(b, words[i | 5]), words[i | 9]), words[i | 13]);
    c = roll(roll(roll(c, words[i | 6]), words[i | 10]), words[i | 14]);
    d = roll(roll(roll(d, words[i | 7]), words[i | 11]), words[i | 15]);
  }
  words[at] = Math.imul(a, MULTIPLIER) ^ c;
  words[at + 1] = Math.imul(b, MULTIPLIER) ^ d;
}

/** Rotates by 7 bits and adds a word: one step of a strand. */
function roll(strand: number, word: number): number {
  return (((strand << 7) | (strand >>> 25)) + word) | 0;
}
