// Decompression by Node's own zlib, which works in other threads, a chunk at a time.
import { pipeline, Readable, type Transform } from 'node:stream';

/** Bytes that come out at once: with fewer, the ways between the threads take longer than the work. */
export const ZLIB_CHUNK: number = 512 * 1024;

/**
 * Yields what a stream of zlib makes of the pieces.
 *
 * @throws What the pieces throw, or zlib's error.
 * Cost: memory for a few chunks and pieces; some pieces are read ahead.
 */
export async function* throughZlib(stream: Transform, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  pipeline(Readable.from(pieces, { objectMode: false }), stream, () => {}); // the loop sees errors
  for await (const chunk of stream) yield chunk;
}
