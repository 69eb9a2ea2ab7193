// zstd, by Node's own decoder where there is one (22.15 and later), else by the same one in WebAssembly.
import type { Transform } from 'node:stream';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ByteSource } from './byte-source.ts';
import { zlib } from './node-modules.ts';
import { ZlibPieces } from './zlib-pieces.ts';
import { damaged, type Piece, zstdFrames } from './zstd-frames.ts';

/** What Node's types of version 20 do not have. */
const { createZstdDecompress } = (zlib ?? {}) as {
  createZstdDecompress?: (options: { chunkSize: number }) => Transform;
};

const OUT_BYTES = 512 * 1024; // that come out in one piece: with fewer, going between the threads takes longer than the work

/**
 * Decompresses zstd. Content checksums are verified, but not of a frame from which runs of one byte were left out.
 *
 * @throws CheckpointError if the data is damaged, ends early, needs a dictionary or a window of more than 128 MiB.
 * Cost: memory for one window. No call of a decoder does more than 0.5 MiB of work.
 */
export async function* unzstd(bytes: ByteSource): AsyncGenerator<Piece> {
  const decodeFrame =
    createZstdDecompress === undefined ? await portableDecoder() : nativeDecoder(createZstdDecompress);
  try {
    for await (const frame of zstdFrames(bytes)) yield* decodeFrame(frame);
  } catch (cause) {
    const { name, code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof CheckpointError || !(name === 'ZstdWasmError' || /^Z(STD)?_/.test(code ?? ''))) throw cause;
    throw damaged(bytes, message.toLowerCase(), cause);
  }
}

type FrameDecoder = (frame: AsyncIterable<Piece>) => AsyncGenerator<Piece>;

/** Something that decodes what it is given, in full. */
interface PieceDecoder {
  decode(piece: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  close(): void;
}

function nativeDecoder(create: NonNullable<typeof createZstdDecompress>): FrameDecoder {
  return (frame) => decoded(frame, new ZlibPieces(create({ chunkSize: OUT_BYTES })));
}

async function portableDecoder(): Promise<FrameDecoder> {
  const { ZstdWasm } = await import('./zstd-wasm.ts');
  return async function* (frame) {
    yield* decoded(frame, await ZstdWasm.create());
  };
}

async function* decoded(frame: AsyncIterable<Piece>, decoder: PieceDecoder): AsyncGenerator<Piece> {
  try {
    for await (const piece of frame) {
      if (piece instanceof Uint8Array) yield* decoder.decode(piece);
      else yield piece;
    }
  } finally {
    decoder.close();
  }
}
