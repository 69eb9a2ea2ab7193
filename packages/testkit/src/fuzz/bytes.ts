// Changes bytes without knowing what they mean.
import type { Draw } from './target.ts';

const INTERESTING = [
  0, 1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 32_767,
];
/** Numbers at which code breaks: around powers of two, and their negatives. */
export const NUMBERS: readonly number[] = [
  ...INTERESTING,
  ...[32_768, 65_535, 65_536, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 28, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32],
];

/** Draws a number: one at which code breaks, one of the code's own, or any of 32 bits. */
export function anyNumber({ random, words }: Draw): number {
  const kind = random.below(8);
  if (kind === 0) return random.u32();
  if (kind < 4 && words.numbers.length > 0) return random.pick(words.numbers) + random.between(-1, 1);
  return random.pick(NUMBERS) + (random.chance(0.2) ? random.between(-1, 1) : 0);
}

/** Joins pieces. */
export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const ENCODER = new TextEncoder();
type Change = (input: Uint8Array, draw: Draw) => Uint8Array;

/** Changes a copy of an input at one place. */
const CHANGES: readonly Change[] = [
  (input, { random }) => at(input, random.below(input.length), (byte) => byte ^ (1 << random.below(8))),
  (input, { random }) => at(input, random.below(input.length), () => random.below(256)),
  (input, { random }) => at(input, random.below(input.length), (byte) => byte + random.between(-35, 35)),
  (input, draw) => word(input, draw, () => anyNumber(draw)),
  (input, draw) => word(input, draw, (value) => value + draw.random.between(-35, 35)),
  (input, { random }) => cut(input, random.below(input.length), 1 + random.below(Math.min(input.length, 64)), []),
  (input, { random }) => input.slice(0, random.below(input.length)),
  (input, { random }) => {
    const from = random.below(input.length);
    const piece = input.subarray(from, from + 1 + random.below(64));
    return cut(input, random.below(input.length + 1), 0, piece);
  },
  (input, { random, other }) => {
    const from = random.below(other.length + 1);
    const piece = other.subarray(from, from + random.below(256));
    return cut(input, random.below(input.length + 1), random.chance(0.5) ? piece.length : 0, piece);
  },
  (input, { random, words }) => {
    const text = ENCODER.encode(words.texts.length === 0 ? '' : random.pick(words.texts));
    return cut(input, random.below(input.length + 1), random.chance(0.5) ? text.length : 0, text);
  },
];

/** Changes one place of an input; an empty one gets a byte. */
export function changeBytes(input: Uint8Array, draw: Draw): Uint8Array {
  if (input.length === 0) return Uint8Array.of(draw.random.below(256));
  return draw.random.pick(CHANGES)(input, draw);
}

function at(input: Uint8Array, place: number, change: (byte: number) => number): Uint8Array {
  const bytes = input.slice();
  bytes[place] = change(bytes[place]!);
  return bytes;
}

/** Changes 1, 2, 4 or 8 bytes that are a number, of either order. */
function word(input: Uint8Array, { random }: Draw, change: (value: number) => number): Uint8Array {
  const bytes = input.slice();
  const size = Math.min(random.pick([2, 4, 4, 8]), bytes.length);
  const place = random.below(bytes.length - size + 1);
  const isLittle = random.chance(0.75);
  const order = (i: number): number => place + (isLittle ? i : size - 1 - i);
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[order(i)]!;
  value = change(value);
  for (let i = 0; i < size; i++) {
    bytes[order(i)] = value;
    value = Math.floor(value / 256);
  }
  return bytes;
}

/** Takes out some bytes and puts in others. */
export function cut(input: Uint8Array, place: number, length: number, piece: ArrayLike<number>): Uint8Array {
  return joined(input.subarray(0, place), Uint8Array.from(piece), input.subarray(place + length));
}
