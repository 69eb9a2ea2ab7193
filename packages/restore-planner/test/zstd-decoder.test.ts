// Our decoder of zstd beside the reference decoder: the same bytes. On damaged frames, fuzz/zstd.ts compares them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Xxh64 } from '../src/bytes/zstd/xxh64.ts';
import { ZstdDecoder } from '../src/bytes/zstd/zstd-decoder.ts';
import { zstdFrames } from '../src/bytes/zstd-frames.ts';
import { MemoryBytes } from './support/memory-bytes.ts';
import { ours, reference } from './support/zstd-outcomes.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const NAMES = ['runs-level-1', 'runs-level-19', 'runs-window-128k', 'sparse-checksum.tar', 'sparse-level-19.tar'];
// Written for this test by zstd 1.5.4, at levels 19, 3 without a checksum, and --ultra 22 of a stream without a size.
const TEXTS = ['text-19', 'text-3', 'text-22'];

describe.each([...NAMES, ...TEXTS])('%s', (name) => {
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
