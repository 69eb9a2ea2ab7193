// Shared memory that is written to behind the back of the code that works on it. An input is a list of such writes.
//
//   byte 0: which memory to begin with · then, for each write, 8 bytes: the word (u16, modulo the words there are), what is done to it,
//   before which call, and an operand (int32)
import { anyNumber } from './bytes.ts';
import type { Draw, Structure } from './target.ts';

const RECORD = 8; // bytes
/** Calls before which a write can be made; those before the first one are seen by `attach`. */
export const STAGES = 16;
/** Words of a region. */
const REGION = 64;

/** What a write does to a word, or to a region that begins there. */
const WRITES: readonly ((words: Int32Array, at: number, operand: number) => void)[] = [
  (words, at, operand) => (words[at] = operand),
  (words, at, operand) => (words[at]! += operand),
  (words, at, operand) => (words[at]! ^= 1 << operand),
  (words, at, operand) => (words[at] = operand & 31),
  // Another word's value: a handle that is one, elsewhere.
  (words, at, operand) => (words[at] = words[(operand >>> 0) % words.length]!),
  (words, at, operand) => words.fill(operand, at, at + 1 + ((operand >>> 8) & (REGION - 1))),
  (words, at, operand) => {
    const from = (operand >>> 0) % words.length;
    words.copyWithin(at, from, from + REGION);
  },
];

/** Which of `count` memories an input begins with. */
export function memoryOf(input: Uint8Array, count: number): number {
  return (input[0] ?? 0) % count;
}

/** Makes the writes of an input that come before a call. */
export function corrupt(words: Int32Array, input: Uint8Array, stage: number): void {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  for (let at = 1; at + RECORD <= input.length; at += RECORD) {
    if (input[at + 3]! % STAGES !== stage) continue;
    const write = WRITES[input[at + 2]! % WRITES.length]!;
    write(words, view.getUint16(at, true) % words.length, view.getInt32(at + 4, true));
  }
}

/** Writes of an input, at most. */
const MOST = 24;
/** Where the parts of a write begin and end. */
const FIELDS = [
  [0, 2],
  [2, 3],
  [3, 4],
  [4, 8],
] as const;

/** Adds a write, takes one out, or changes one. */
export const corruptions: Structure = (input, draw) => {
  const { random, other } = draw;
  const count = Math.floor(Math.max(input.length - 1, 0) / RECORD);
  const records = Array.from({ length: count }, (_, i) =>
    Uint8Array.from(input.subarray(1 + i * RECORD, 1 + (i + 1) * RECORD)),
  );
  const kind = count < 1 ? 0 : random.below(10);
  if (kind < 4 && count < MOST) records.push(drawn(draw));
  else if (kind < 6) records.splice(random.below(count), 1);
  else if (kind < 8 && other.length > RECORD) records.push(Uint8Array.from(other.subarray(1, 1 + RECORD)));
  else {
    const [from, end] = random.pick(FIELDS);
    random.pick(records).set(drawn(draw).subarray(from, end), from);
  }
  const memory = random.chance(0.1) ? random.below(256) : (input[0] ?? 0);
  return Uint8Array.from([memory, ...records.flatMap((record) => [...record])]);
};

function drawn(draw: Draw): Uint8Array<ArrayBuffer> {
  const { random } = draw;
  const record = new Uint8Array(RECORD);
  const view = new DataView(record.buffer);
  view.setUint16(0, random.below(2 ** 16), true);
  record[2] = random.below(WRITES.length);
  // Mostly before all calls.
  record[3] = random.chance(0.6) ? 0 : random.below(STAGES);
  view.setInt32(4, random.chance(0.5) ? random.between(-2, 70) : anyNumber(draw), true);
  return record;
}
