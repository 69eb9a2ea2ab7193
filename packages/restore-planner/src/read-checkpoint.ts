// Reads a checkpoint from any kind of input, which is detected by what it holds and never by its name.
import { stat } from 'node:fs/promises';
import { checkReadOptions, type ReadOptions } from './bytes/read-options.ts';
import { DiskFolder } from './folder/disk-folder.ts';
import { readLiveProcess } from './proc/live-process.ts';
import { readFile } from './read-file.ts';
import { readFolder } from './read-folder.ts';
import type { Checkpoint } from './types.ts';

/**
 * Reads the POSIX timers of a checkpoint.
 *
 * @param path One of
 * - a folder of CRIU images (format v1 or v1.1), alone or below `checkpoint/`, or of the JSON that crit makes of them;
 * - an archive of podman, CRI-O, containerd or the kubelet: tar, plain or compressed by gzip or zstd; a pod's is read as one checkpoint whose processes name their container;
 * - a core-PID.img or core-PID.json alone, or the text of /proc/PID/timers: `complete` is false then;
 * - /proc/PID, a process still running.
 * @param options A signal that stops the reading, and a function told of its progress.
 * @throws RangeError for an option that there is not.
 * @throws CheckpointError if anything needed is missing, damaged, a link, or out of range. It never returns part of a checkpoint.
 * Cost: memory for one image entry, at most 16 MiB, and one zstd window, at most 128 MiB, beside the result. Images of memory pages are
 * passed over unread in folders and plain archives; a compressed archive is decompressed once from end to end.
 */
export async function readCheckpoint(path: string, options: ReadOptions = {}): Promise<Checkpoint> {
  checkReadOptions(options);
  const stats = await stat(path).catch(() => undefined); // openFile says what is wrong
  return stats?.isDirectory() ? readFolder(new DiskFolder(path), options, readLiveProcess) : readFile(path, options);
}
