// Our decoder of zstd beside the reference decoder: the same bytes. On damaged frames, fuzz/zstd.ts compares them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHuffman } from '../src/bytes/zstd/huffman.ts';
import { Xxh64 } from '../src/bytes/zstd/xxh64.ts';
import { ZstdDecoder } from '../src/bytes/zstd/zstd-decoder.ts';
import { ZstdError } from '../src/bytes/zstd/zstd-error.ts';
import { zstdFrames } from '../src/bytes/zstd-frames.ts';
import { MemoryBytes } from './support/memory-bytes.ts';
import { hasFrameOfNone, ours, reference } from './support/zstd-outcomes.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const NAMES = ['runs-level-1', 'runs-level-19', 'runs-window-128k', 'sparse-checksum.tar', 'sparse-level-19.tar'];
// Written for this test by zstd 1.5.4, at levels 19, 3 without a checksum, and --ultra 22 of a stream without a size.
const TEXTS = ['text-19', 'text-3', 'text-22'];
// By the same at level 1: 18,000 random hex digits, nearly all of them literals of one block, whose length has 18 bits; random
// bytes 0 to 3, whose codes are described by 4 bits each; and bytes each of which is half as frequent as the one before.
const LITERALS = ['literals-18000', 'direct-weights', 'codes-11-bits'];

describe.each([...NAMES, ...TEXTS, ...LITERALS])('%s', (name) => {
  const data = readFileSync(join(FIXTURES, `${name}.zst`));

  test('is decoded to what the reference decoder makes of it', async () => {
    const made = await ours(data);
    expect(made).toBeInstanceOf(Buffer);
    expect(Buffer.compare(made as Buffer, (await reference(data)) as Buffer)).toBe(0);
  });
});

test('a wrong checksum is told from other damage', async () => {
  const data = readFileSync(join(FIXTURES, 'text-19.zst'));
  data[data.length - 1]! ^= 1;
  const decode = async (): Promise<void> => {
    for await (const { header, pieces } of zstdFrames(new MemoryBytes(data))) {
      const decoder = new ZstdDecoder(header);
      for await (const piece of pieces) for (const _ of decoder.decode(piece as Uint8Array));
    }
  };
  await expect(decode()).rejects.toThrow('wrong checksum');
});

test('more sequences in a block than 16 bits count', async () => {
  const sequences = 0x7f00 + 0x0100; // each of one literal, and of 3 bytes that repeat it
  const literals = (sequences << 4) | 0xd; // one byte again and again, whose number has 20 bits
  const block = Uint8Array.of(literals, literals >> 8, literals >> 16, 7, 255, 0, 1, 0x54, 1, 0, 0, 1);
  const head = (block.length << 3) | 5; // the last one, and compressed
  const data = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3, head, head >> 8, head >> 16, ...block);
  expect(Buffer.compare((await ours(data)) as Buffer, Buffer.alloc(4 * sequences, 7))).toBe(0);
  expect(Buffer.compare((await reference(data)) as Buffer, Buffer.alloc(4 * sequences, 7))).toBe(0);
});

test('blocks of no bytes stand for what the reference decoder takes them for', async () => {
  const [head, window, empty] = [
    [0x28, 0xb5, 0x2f, 0xfd],
    [0, 0x38],
    [0x20, 0],
  ];
  const block = (type: number, size: number, isLast = false): number[] => [
    (size << 3) | (type << 1) | Number(isLast),
    0,
    0,
  ];
  const [stored, run, compressed] = [0, 1, 2];
  const frames: [bytes: number[], expected: Buffer | string][] = [
    [[...window, ...block(stored!, 0, true)], Buffer.alloc(0)],
    [[...window, ...block(compressed!, 0, true)], Buffer.alloc(0)],
    [[...window, ...block(compressed!, 0), ...block(stored!, 1, true), 7], Buffer.of(7)],
    [[...window, ...block(run!, 0), 9, ...block(run!, 2, true), 7], Buffer.of(7, 7)],
    [[...empty, ...block(compressed!, 0, true)], Buffer.alloc(0)],
    [[...empty, ...block(run!, 0), 9, ...block(stored!, 0, true)], Buffer.alloc(0)],
  ];
  for (const [bytes, expected] of frames) {
    const data = Uint8Array.from([...head!, ...bytes]);
    const hex = Buffer.from(data).toString('hex');
    if (!(await hasFrameOfNone(data))) expect(await reference(data), hex).toEqual(expected);
    expect(await ours(data), hex).toEqual(expected);
  }
});

test('codes have at most 11 bits', () => {
  /** The weights of symbols, 4 bits each: 1, 1, 2, 3, … The last symbol has the places that are left. */
  const described = (most: number): Uint8Array => {
    const weights = [1, ...Array.from({ length: most }, (_, i) => i + 1), 0];
    const bytes = Array.from({ length: (most + 2) >> 1 }, (_, i) => (weights[2 * i]! << 4) | weights[2 * i + 1]!);
    return Uint8Array.of(127 + most + 1, ...bytes);
  };
  expect(readHuffman(described(10))).toMatchObject({ table: { bits: 11 }, length: 7 });
  expect(() => readHuffman(described(11))).toThrow(ZstdError);
});

describe('XXH64', () => {
  // Source: the checksums that zstd 1.5.4 writes after bytes i * 7 + 3.
  test.each([
    [0, 0x51d8e999],
    [1, 0xbc1f4bb6],
    [3, 0x52e564c9],
    [4, 0x66ee9fda],
    [8, 0xc6f90092],
    [15, 0x43cc8e32],
    [31, 0xcc4a6119],
    [32, 0xf790fd97],
    [33, 0xba588784],
    [63, 0x31c7493c],
    [100, 0x170fe531],
    [4099, 0xde852967],
  ])('of %i bytes, in pieces of any length', (length, low) => {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + 3);
    for (const size of [1, 7, 32, 33, 4096]) {
      const hash = new Xxh64();
      for (let at = 0; at < length; at += size) hash.update(bytes.subarray(at, at + size));
      expect(hash.low() >>> 0).toBe(low);
    }
  });
});
