// Compressed traces: zstd frame by frame, whatever the decompressor of the running Node takes for an end.
import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Replayed, replay, TraceError } from '../src/trace.ts';
import { zstdFrames } from '../src/zstd-frames.ts';
import { ZstdError } from '../src/zstd-start.ts';

/** Five lines of lackey's, by `zstd -19 --check` 1.5.4. */
const ZST = Buffer.from('KLUv/SQ0ZQEABAIgTCAxMDAwLDQKIFMgMTA0MCw4CiBNIDJJICA0MCwzCgMATe3AWc0NcwzRuQ1l', 'base64');
const SKIPPABLE = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
/** An empty block that is not the last, then a block of one byte 200 times, without a checksum. */
const REPEATED = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 200, 0, 0, 0, ((200 << 3) & 0xff) | 3, 200 >> 5, 0, 0x0a]);

async function* inChunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function frames(bytes: Uint8Array, length = bytes.length): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const frame of zstdFrames(inChunks(bytes, length))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of frame) pieces.push(piece);
    found.push(Buffer.concat(pieces));
  }
  return found;
}

describe('zstd frames', () => {
  test('end where they end, whatever the chunks are', async () => {
    const all = Buffer.concat([ZST, SKIPPABLE, REPEATED, ZST]);
    for (let length = 1; length <= all.length; length++) {
      expect(await frames(all, length), `chunks of ${length}`).toEqual([ZST, REPEATED, ZST]);
    }
    expect(await frames(Buffer.alloc(0))).toEqual([]);
  });

  test('that end too early are refused, at every length', async () => {
    for (const whole of [ZST, REPEATED, Buffer.concat([ZST, SKIPPABLE])]) {
      for (let length = 1; length < whole.length; length++) {
        if (length === ZST.length) continue;
        await expect(frames(whole.subarray(0, length), 5), `${length} bytes`).rejects.toMatchObject({
          code: 'truncated-zstd',
        });
      }
    }
  });

  test('and nothing else may follow them, nor a block of no type', async () => {
    await expect(frames(Buffer.concat([ZST, Buffer.from('garbage')]))).rejects.toThrow(ZstdError);
    const reserved = Buffer.from(REPEATED);
    reserved[6] = 6;
    await expect(frames(reserved)).rejects.toMatchObject({ code: 'bad-zstd' });
  });
});

test('thousands of frames in few bytes are refused', async () => {
  const empty = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0]);
  expect(await frames(Buffer.concat(Array(4000).fill(empty)))).toHaveLength(4000);
  await expect(frames(Buffer.concat(Array(5000).fill(empty)))).rejects.toThrow(/frames in few bytes/);
});

const hasZstd = 'createZstdDecompress' in zlib;
const sink = { fetch() {}, read() {}, write() {} };
const outcome = (bytes: Uint8Array): Promise<Replayed | TraceError> =>
  replay(bytes, 'auto', sink).catch((error) => {
    expect(error).toBeInstanceOf(TraceError);
    return error;
  });

test.skipIf(hasZstd || !process.version)('zstd is named where Node has none', async () => {
  const message = expect.stringMatching(/zstd data.*Node v\d+\.\d+\.\d+ cannot read it, Node 22\.15 can.*zstd -dc/);
  for (const bytes of [ZST, Buffer.concat([SKIPPABLE, ZST])]) {
    expect(await outcome(bytes)).toMatchObject({ code: 'compressed', message });
  }
});

test.runIf(hasZstd)('zstd is read where Node has it', async () => {
  expect(await outcome(ZST)).toEqual({ accesses: 5, lines: 5 });
  expect(await outcome(Buffer.concat([SKIPPABLE, ZST]))).toEqual({ accesses: 5, lines: 5 });
  expect(await outcome(Buffer.concat([ZST, SKIPPABLE, ZST]))).toEqual({ accesses: 10, lines: 10 });
  for (let length = 4; length < ZST.length; length++) {
    expect(await outcome(ZST.subarray(0, length)), `${length} bytes`).toMatchObject({ code: 'truncated-zstd' });
  }
  const damaged = Buffer.from(ZST);
  damaged[damaged.length - 1]! ^= 1; // the checksum
  expect(await outcome(damaged)).toMatchObject({ code: 'bad-zstd' });
  // Its header says 509 bytes; its only block is empty.
  const short = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x40, 1, 0xfd, 0, 1, 0, 0]);
  expect(await outcome(Buffer.concat([ZST, short]))).toMatchObject({ code: 'bad-zstd' });
});
