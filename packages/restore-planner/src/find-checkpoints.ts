// The checkpoints that a path leads to: a fleet.
import { stat } from 'node:fs/promises';
import { checkReadOptions, type ReadOptions } from './bytes/read-options.ts';
import { DiskFolder } from './folder/disk-folder.ts';
import { findInFolder } from './folder/find-in-folder.ts';

/**
 * Yields the path of each checkpoint that a path leads to: its own, or those in the folder and in folders below it, each a folder or a file.
 *
 * Files count if they are named as archives are. Beside folders that are checkpoints, so right in the path given, they also count if they begin as archives, listings or
 * compressed data do, so that damaged ones are told and not passed over. Links do not count. A path that holds none is yielded as it is, and readCheckpoint
 * says what is wrong with it.
 *
 * @param options A signal that ends the search.
 * @throws RangeError for an option that there is not.
 * @throws CheckpointError if the folder cannot be listed (those below it that cannot are passed over), or where more than 10,000 folders would have to be
 *   looked into.
 */
export async function* findCheckpoints(
  path: string,
  options: Pick<ReadOptions, 'signal'> = {},
): AsyncGenerator<string> {
  checkReadOptions(options);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) yield* findInFolder(new DiskFolder(path), options);
  else yield path;
}
