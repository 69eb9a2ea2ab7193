// zstd, by the reference decoder where there is Node: its own (from 22.15 on, and in Bun), or the same in WebAssembly. In browsers by
// ours, which is a tenth of its size and takes no 'wasm-unsafe-eval', but several times as long.
import type { Transform } from 'node:stream';
import type { ByteSource } from './byte-source.ts';
import { zlib } from './node-modules.ts';
import { ZlibPieces } from './zlib-pieces.ts';
import { ZstdDecoder } from './zstd/zstd-decoder.ts';
import { ZstdError } from './zstd/zstd-error.ts';
import { damaged, type Frame, type Piece, zstdFrames } from './zstd-frames.ts';

/** What Node's types of version 20 do not have. That of Deno ends the process at damaged data, though the error is handled (2.9). */
const { createZstdDecompress } = ('Deno' in globalThis ? {} : (zlib ?? {})) as {
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
  try {
    for await (const frame of zstdFrames(bytes)) {
      yield* decoded(frame, await decoderOf(frame), bytes);
    }
  } catch (cause) {
    const { name, message } = cause as Error;
    if (!(cause instanceof ZstdError || name === 'ZstdWasmError')) throw cause;
    throw damaged(bytes, message.toLowerCase(), cause);
  }
}

/** Something that decodes what it is given, in full. */
export interface PieceDecoder {
  decode(piece: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  close(): void;
}

async function decoderOf({ header }: Frame): Promise<PieceDecoder> {
  if (createZstdDecompress !== undefined) return new ZlibPieces(createZstdDecompress({ chunkSize: OUT_BYTES }));
  if (zlib === undefined) return new ZstdDecoder(header);
  const { ZstdWasm } = await import('./zstd-wasm.ts');
  return ZstdWasm.create();
}

/**
 * Yields what a frame stands for. That it is as much as the frame's header says is checked here: the reference decoder, fed in pieces, does not
 * look where the last block is empty.
 *
 * @param bytes What the frame is read from.
 */
export async function* decoded(
  { header, pieces }: Frame,
  decoder: PieceDecoder,
  bytes: ByteSource,
): AsyncGenerator<Piece> {
  let made = 0;
  try {
    for await (const piece of pieces) {
      for await (const part of piece instanceof Uint8Array ? decoder.decode(piece) : [piece]) {
        made += part.length;
        yield part;
      }
    }
  } finally {
    decoder.close();
  }
  if (made !== (header.size ?? made)) throw damaged(bytes, `a frame of ${made} bytes whose header says ${header.size}`);
}
