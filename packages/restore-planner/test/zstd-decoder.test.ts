// Our decoder of zstd beside the reference decoder: the same bytes, or both refuse.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError } from '@idspace/restore-planner';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Xxh64 } from '../src/bytes/zstd/xxh64.ts';
import { ZstdDecoder } from '../src/bytes/zstd/zstd-decoder.ts';
import { ZstdError } from '../src/bytes/zstd/zstd-error.ts';
import { type FrameHeader, zstdFrames } from '../src/bytes/zstd-frames.ts';
import { ZstdWasm, ZstdWasmError } from '../src/bytes/zstd-wasm.ts';
import { MemoryBytes } from './support/memory-bytes.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_260_707);
const FIXTURES = join(import.meta.dirname, 'fixtures');
const NAMES = ['runs-level-1', 'runs-level-19', 'runs-window-128k', 'sparse-checksum.tar', 'sparse-level-19.tar'];
// Written for this test by zstd 1.5.4, at levels 19, 3 without a checksum, and --ultra 22 of a stream without a size.
const TEXTS = ['text-19', 'text-3', 'text-22'];

const CHECKSUM_FLAG = 4;

interface Decoder {
  decode(piece: Uint8Array): Iterable<Uint8Array>;
}

/** What comes out, with the runs written as what they are; or why not. */
async function outcomeOf(
  data: Uint8Array,
  decoderOf: (header: FrameHeader) => Decoder | Promise<Decoder>,
): Promise<Buffer | string> {
  const made: Uint8Array[] = [];
  try {
    for await (const { header, pieces } of zstdFrames(new MemoryBytes(data, { pieceSize: 5000 }))) {
      const decoder = await decoderOf(header);
      for await (const piece of pieces) {
        if (piece instanceof Uint8Array) for (const bytes of decoder.decode(piece)) made.push(bytes);
        else made.push(Uint8Array.from({ length: Math.min(piece.length, 1000) }, () => piece.byte));
      }
    }
  } catch (cause) {
    if (cause instanceof CheckpointError) return cause.code;
    if (cause instanceof ZstdError || cause instanceof ZstdWasmError) return 'damaged';
    throw cause;
  }
  return Buffer.concat(made);
}

const ours = (data: Uint8Array): Promise<Buffer | string> => outcomeOf(data, (header) => new ZstdDecoder(header));
const reference = (data: Uint8Array): Promise<Buffer | string> => outcomeOf(data, () => ZstdWasm.create());

/** The frame without its checksum, which would tell of damage what the decoder itself may not see. */
function unchecked(frame: Uint8Array): Uint8Array {
  const changed = frame.slice();
  changed[4]! &= ~CHECKSUM_FLAG;
  return (frame[4]! & CHECKSUM_FLAG) === 0 ? frame : changed.subarray(0, -4);
}

/** One to three bytes or bits changed, or some taken out, put in twice, or cut off. */
function damaged(random: Random, data: Uint8Array): Uint8Array {
  const at = 4 + random.below(data.length - 4);
  const kind = random.below(8);
  if (kind === 0) return data.subarray(0, at);
  if (kind === 1) return Buffer.concat([data.subarray(0, at), data.subarray(at + 1 + random.below(4))]);
  if (kind === 2) return Buffer.concat([data.subarray(0, at), data.subarray(Math.max(0, at - 3))]);
  const changed = data.slice();
  for (let count = 1 + random.below(3); count > 0; count--) {
    // Tables are at the start of a block: half of the changes come early.
    const place = 4 + random.below(random.below(2) === 0 ? Math.min(200, data.length - 4) : data.length - 4);
    changed[place] = kind < 5 ? random.below(256) : changed[place]! ^ (1 << random.below(8));
  }
  return changed;
}

describe.each([...NAMES, ...TEXTS])('%s', (name) => {
  const data = readFileSync(join(FIXTURES, `${name}.zst`));

  test('is decoded to what the reference decoder makes of it', async () => {
    const made = await ours(data);
    expect(made).toBeInstanceOf(Buffer);
    expect(Buffer.compare(made as Buffer, (await reference(data)) as Buffer)).toBe(0);
  });

  test(`damaged, it is refused where the reference decoder refuses it (TEST_SEED=${SEED})`, async () => {
    const generator = random(SEED);
    for (let round = 0; round < budget(60); round++) {
      const bytes = damaged(generator, round % 4 === 0 ? data : unchecked(data));
      const [got, expected] = [await ours(bytes), await reference(bytes)];
      const isSame =
        typeof got === 'string' || typeof expected === 'string'
          ? got === expected
          : Buffer.compare(got, expected) === 0;
      expect(isSame, `round ${round}: got ${summary(got)}, expected ${summary(expected)}`).toBe(true);
    }
  });
});

const summary = (outcome: Buffer | string): string =>
  typeof outcome === 'string' ? outcome : `${outcome.length} bytes`;

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
