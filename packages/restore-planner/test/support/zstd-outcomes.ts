// What our decoder of zstd and the reference decoder make of the same bytes.

import { decoded, type PieceDecoder } from '../../src/bytes/unzstd.ts';
import { ZstdDecoder } from '../../src/bytes/zstd/zstd-decoder.ts';
import { ZstdError } from '../../src/bytes/zstd/zstd-error.ts';
import { type FrameHeader, zstdFrames } from '../../src/bytes/zstd-frames.ts';
import { ZstdWasm, ZstdWasmError } from '../../src/bytes/zstd-wasm.ts';
import { CheckpointError } from '../../src/checkpoint-error.ts';
import { MemoryBytes } from './memory-bytes.ts';

/** What comes out of a decoder, with the runs written as what they are; or why not. */
async function outcomeOf(
  data: Uint8Array,
  decoderOf: (header: FrameHeader) => PieceDecoder | Promise<PieceDecoder>,
): Promise<Buffer | string> {
  const made: Uint8Array[] = [];
  const bytes = new MemoryBytes(data, { pieceSize: 5000 });
  try {
    for await (const frame of zstdFrames(bytes)) {
      for await (const piece of decoded(frame, await decoderOf(frame.header), bytes)) {
        if (piece instanceof Uint8Array) made.push(piece);
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

/** What our decoder makes of frames. */
export const ours = (data: Uint8Array): Promise<Buffer | string> =>
  outcomeOf(data, (header) => new ZstdDecoder(header));

/** What the reference decoder makes of them. */
export const reference = (data: Uint8Array): Promise<Buffer | string> => outcomeOf(data, () => ZstdWasm.create());

/**
 * Whether there is a frame whose header says that it stands for no bytes. Of blocks of no bytes in such a frame, the reference decoder takes
 * some or others by the pieces in which it gets them; ours takes all.
 */
export async function hasFrameOfNone(data: Uint8Array): Promise<boolean> {
  try {
    for await (const { header, pieces } of zstdFrames(new MemoryBytes(data))) {
      if (header.size === 0) return true;
      for await (const _ of pieces);
    }
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause;
  }
  return false;
}
