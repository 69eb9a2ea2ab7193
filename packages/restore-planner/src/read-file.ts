// A checkpoint in one file on disk, or in a pipe that has a name.
import { openFile } from './bytes/file-bytes.ts';
import type { ReadOptions } from './bytes/read-options.ts';
import { readCheckpointBytes } from './read-bytes.ts';
import type { Checkpoint } from './types.ts';

/**
 * Reads a file of any kind, compressed or not.
 *
 * @throws CheckpointError if it is not a checkpoint, or a damaged one.
 */
export async function readFile(path: string, options: ReadOptions): Promise<Checkpoint> {
  const file = await openFile(path, options);
  try {
    return await readCheckpointBytes(file, options);
  } finally {
    await file.close();
  }
}
