// Checkpoints among files that a browser was given, by their paths: those of folders that were dropped or picked.
import { checkReadOptions, type ReadOptions } from './bytes/read-options.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { type FileMap, FileTree } from './folder/blob-folder.ts';
import { findInFolder } from './folder/find-in-folder.ts';
import { readCheckpointBlob } from './read-bytes.ts';
import { readFolder } from './read-folder.ts';
import type { Checkpoint } from './types.ts';

/**
 * Yields the path of each checkpoint among files, as {@link findCheckpoints} does of a path on disk: a folder or a file.
 *
 * @param files Blobs by their paths, with `/` between the parts, as a browser's `webkitRelativePath` has them.
 * @param path The file or folder to look into; '' is the top.
 * @throws RangeError for an option that there is not.
 * @throws CheckpointError if there is nothing at that path, or where more than 10,000 folders would have to be looked into.
 */
export async function* findCheckpointFiles(
  files: FileMap,
  path = '',
  options: Pick<ReadOptions, 'signal'> = {},
): AsyncGenerator<string> {
  checkReadOptions(options);
  const tree = new FileTree(files);
  if (tree.file(path) !== undefined) {
    yield path;
    return;
  }
  const folder = tree.folder(path);
  // The top has no path of its own, only a name for errors.
  for await (const found of findInFolder(folder, options)) yield found === folder.path ? path : found;
}

/**
 * Reads a checkpoint from files: a folder of images, of an unpacked archive, of a container image or of crit's JSON, or a single file.
 *
 * @param files Blobs by their paths, with `/` between the parts. What is not needed of them is not read.
 * @param path The folder or file that is the checkpoint; '' is the top.
 * @throws RangeError, CheckpointError as readCheckpoint; for the folder of a process in /proc, whose files browsers see as empty.
 * Cost: as readCheckpoint, and O(files) for the names.
 */
export async function readCheckpointFiles(files: FileMap, path = '', options: ReadOptions = {}): Promise<Checkpoint> {
  checkReadOptions(options);
  const tree = new FileTree(files);
  const file = tree.file(path);
  return file === undefined
    ? readFolder(tree.folder(path), options, refuseProcess)
    : readCheckpointBlob(file, path, options);
}

async function refuseProcess(file: string): Promise<never> {
  const expected = 'the text of its file timers, or a checkpoint';
  throw new CheckpointError('unsupported-format', { file }, 'the folder of a process in /proc', expected);
}
