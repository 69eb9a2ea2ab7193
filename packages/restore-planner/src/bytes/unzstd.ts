// zstd, by Node's own decoder where there is one (22.15 and later), else by the same one in WebAssembly.
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ByteSource } from './byte-source.ts';
import { throughZlib, ZLIB_CHUNK } from './through-zlib.ts';
import { damaged, zstdFrames } from './zstd-frames.ts';

/** What Node's types of version 20 do not have. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform };

/**
 * Decompresses zstd. Content checksums are verified.
 *
 * @throws CheckpointError if the data is damaged, ends early, needs a dictionary or a window of more than 128 MiB.
 * Cost: memory for one window. No call of a decoder does more than 0.5 MiB of work.
 */
export async function* unzstd(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  const decoder = createZstdDecompress === undefined ? await portableDecoder() : nativeDecoder(createZstdDecompress);
  try {
    for await (const frame of zstdFrames(bytes)) yield* decoder.decode(frame);
  } catch (cause) {
    const { name, code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof CheckpointError || !(name === 'ZstdWasmError' || /^Z(STD)?_/.test(code ?? ''))) throw cause;
    throw damaged(bytes, message.toLowerCase(), cause);
  } finally {
    decoder.close?.();
  }
}

interface Decoder {
  decode(frame: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  close?(): void;
}

function nativeDecoder(create: NonNullable<typeof createZstdDecompress>): Decoder {
  return { decode: (frame) => throughZlib(create({ chunkSize: ZLIB_CHUNK }), frame) };
}

async function portableDecoder(): Promise<Decoder> {
  const { ZstdWasm } = await import('./zstd-wasm.ts');
  const decoder = await ZstdWasm.create();
  return {
    async *decode(frame) {
      for await (const piece of frame) yield* decoder.decode(piece);
    },
    close: () => decoder.close(),
  };
}
