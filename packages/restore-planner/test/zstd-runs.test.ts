// Runs of one byte, which are left out of what is decoded: the bytes that come out are the same, however they are read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError } from '@idspace/restore-planner';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../src/bytes/byte-source.ts';
import { decompressed } from '../src/bytes/decompress.ts';
import { MemoryBytes } from './support/memory-bytes.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_230_509);
const FIXTURES = join(import.meta.dirname, 'fixtures');
const KIB = 1024;

/** Reads everything, some of it by passing over; what was passed over comes out as undefined. */
async function readBy(random: Random, source: ByteSource, total: number): Promise<{ at: number; bytes: Uint8Array }[]> {
  const pieces: { at: number; bytes: Uint8Array }[] = [];
  for (let at = 0; ; ) {
    const length = random.below(4) === 0 ? random.below(20) + 1 : random.below(400 * KIB) + 1;
    if (random.below(2) === 0) {
      const passed = await source.skip(length);
      expect(passed).toBe(Math.min(length, total - at));
      at += passed;
    } else {
      const bytes = await source.read(length);
      if (bytes.length === 0) return pieces;
      pieces.push({ at, bytes: bytes.slice() });
      at += bytes.length;
    }
    expect(source.position).toBe(at);
  }
}

async function expectSame(compressed: Uint8Array, plain: Uint8Array, random: Random): Promise<void> {
  for (const pieceSize of [1 + random.below(40), 1000, 2 ** 20]) {
    const source = await decompressed(new MemoryBytes(compressed, { pieceSize }));
    for (const { at, bytes } of await readBy(random, source, plain.length)) {
      expect(Buffer.compare(bytes, plain.subarray(at, at + bytes.length)), `at ${at}`).toBe(0);
    }
    await source.close();
    const whole = await decompressed(new MemoryBytes(compressed, { pieceSize }));
    expect(Buffer.compare(await whole.read(plain.length + 1), plain)).toBe(0);
    await whole.close();
  }
}

describe('made by the real tool of text and memory full of one byte', () => {
  const lines = (from: number, count: number): Buffer => {
    const line = (id: number): string => `ID: ${id}\nsignal: 14/${(id * 7919).toString(16).padStart(16, '0')}\n`;
    return Buffer.from(Array.from({ length: count }, (_, index) => line(from + index)).join(''));
  };
  const rounds = Array.from({ length: 6 }, (_, round) => [
    lines(round * 400, 400),
    Buffer.alloc(200_000 + round * 131_072, round % 3 === 2 ? 'a' : 0),
  ]);
  const plain = Buffer.concat([...rounds.flat(), lines(1, 400)]);

  // With a window of 128 KiB most blocks are left out, with one of 3 MiB none.
  test.each(['window-128k', 'level-1', 'level-19'])('%s', async (name) => {
    await expectSame(readFileSync(join(FIXTURES, `runs-${name}.zst`)), plain, random(SEED));
  });
});

test(`frames of stored and repeated blocks at random (TEST_SEED=${SEED})`, async () => {
  const generator = random(SEED);
  for (let round = 0; round < budget(40); round++) {
    const { compressed, plain } = frames(generator);
    await expectSame(compressed, plain, generator);
  }
});

/** One to three frames, window 128 KiB. */
function frames(random: Random): { compressed: Buffer; plain: Buffer } {
  const compressed: Uint8Array[] = [];
  const plain: Uint8Array[] = [];
  const add = (block: Uint8Array, type: number, isLast: boolean): void => {
    const head = (block.length << 3) | (type << 1) | (isLast ? 1 : 0);
    compressed.push(Uint8Array.of(head, head >> 8, head >> 16), type === 1 ? block.slice(0, 1) : block);
    if (type === 1 && block.length === 0) compressed.push(Uint8Array.of(7));
    plain.push(block);
  };
  for (let frame = random.below(3); frame >= 0; frame--) {
    compressed.push(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3));
    for (let group = random.below(6); group >= 0; group--) {
      const byte = random.below(3);
      const size = random.below(3) === 0 ? random.below(200) : 128 * KIB;
      for (let count = random.below(6); count > 0; count--) add(Buffer.alloc(size, byte), 1, false);
      if (random.below(3) === 0) add(new Uint8Array(0), random.below(2), false);
      if (random.below(2) === 0) add(Buffer.from(`text ${group}`.repeat(random.below(50))), 0, false);
    }
    add(Buffer.alloc(random.below(300), 1), random.below(2), true);
  }
  return { compressed: Buffer.concat(compressed), plain: Buffer.concat(plain) };
}

test('64 GiB of zeros take as long as their blocks', async () => {
  const block = Uint8Array.of(2, 0, 16, 0); // 128 KiB
  const blocks = Buffer.alloc(4 * 2 ** 19, block);
  const frame = Buffer.concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3), blocks, Uint8Array.of(1, 0, 0)]);
  const source = await decompressed(new MemoryBytes(frame, { pieceSize: 2 ** 18 }));
  expect(await source.skip(2 ** 36 - 5)).toBe(2 ** 36 - 5);
  expect(await source.read(9)).toEqual(new Uint8Array(5));
}); // decoding them would take longer than a test may

test('a frame cut in a run, or in the checksum after one', async () => {
  const bytes = readFileSync(join(FIXTURES, 'runs-window-128k.zst'));
  for (let length = 1; length < bytes.length; length += length < bytes.length - 12 ? 61 : 1) {
    const cut = async (): Promise<void> => {
      const source = await decompressed(new MemoryBytes(bytes.subarray(0, length), { pieceSize: 1000 }));
      while ((await source.skip(2 ** 20)) > 0);
    };
    if (length > 3) await expect(cut(), `${length}`).rejects.toMatchObject({ code: 'truncated' });
  }
});

test(`flipped bits end in a CheckpointError, or in bytes (TEST_SEED=${SEED})`, async () => {
  const generator = random(SEED);
  // Fewer may be luck: without a checksum, about half of the bits make data that is damaged.
  const rounds = budget(300, 60);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const name = generator.pick(['runs-window-128k.zst', 'runs-level-1.zst', 'sparse-checksum.tar.zst']);
    const bytes = readFileSync(join(FIXTURES, name));
    const bit = generator.below(bytes.length * 8);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const source = await decompressed(new MemoryBytes(bytes, { pieceSize: 5000 }));
      while ((await source.skip(2 ** 20)) > 0);
    } catch (error) {
      expect(error, `bit ${bit} of ${name}`).toBeInstanceOf(CheckpointError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(rounds / 3);
});
