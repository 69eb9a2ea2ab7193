// Reads a checkpoint: the door for every kind of input.
import { directorySource } from './image/directory-source.ts';
import { readImages } from './image/read-images.ts';
import type { Checkpoint } from './types.ts';

/**
 * Reads the POSIX timers of a checkpoint.
 *
 * @param path A directory of CRIU images in binary form, format v1.1: inventory.img, pstree.img and a core-TID.img for each thread. Others are not opened.
 * @throws CheckpointError if anything needed is missing, damaged, a link, or out of range. It never returns part of a checkpoint.
 * Cost: memory for one image entry, at most 64 MiB, beside the result.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  return readImages(await directorySource(path));
}
