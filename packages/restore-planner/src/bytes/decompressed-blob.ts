// The bytes of a Blob without their compression, for files of any kind.
import { BlobBytes, type BlobLike } from './blob-bytes.ts';
import { remaining } from './byte-source.ts';
import { decompressed } from './decompress.ts';
import type { ReadOptions } from './read-options.ts';

const PIECE = 64 * 1024; // bytes

/**
 * Yields what is in a Blob in gzip, in zstd, or in none: of a checkpoint, or of anything else.
 *
 * @param name What errors call it.
 * @throws CheckpointError as readCheckpoint of an archive: for a compression that is not read, for damaged data, for what takes too long to expand.
 * Cost: memory for one window, at most 128 MiB.
 */
export async function* decompressedBlob(
  blob: BlobLike,
  name: string,
  options: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const bytes = await decompressed(new BlobBytes(name, blob, options), options.signal);
  try {
    yield* remaining(bytes, PIECE);
  } finally {
    await bytes.close();
  }
}
