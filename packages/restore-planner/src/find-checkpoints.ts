// The checkpoints in a folder: a fleet.
import type { Dirent } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { looksLikeTar } from './archive/tar-members.ts';
import { compressionOf } from './bytes/decompress.ts';
import type { ReadOptions } from './bytes/read-options.ts';
import { openImageFile } from './image/directory-store.ts';
import { looksLikeListing } from './proc/timers-text.ts';
import { folderKind, listFolder } from './read-directory.ts';

const HEAD = 512; // bytes that tell an archive
const ARCHIVE_NAME = /\.(?:tar|tgz|tzst)(?:\.\w{1,4})?$/i;

/**
 * Yields the path of each checkpoint that a path leads to: its own, unless it is a folder that holds checkpoints, each a folder or a file.
 *
 * Looks one folder deep. Files count if they begin as archives, listings or compressed data do, or are named as archives are, so that
 * damaged ones are told and not passed over; links do not. A path that holds none is yielded as it is, and readCheckpoint says what is wrong with it.
 *
 * @param options A signal that ends the search.
 * @throws CheckpointError if a folder cannot be listed.
 */
export async function* findCheckpoints(
  path: string,
  { signal }: Pick<ReadOptions, 'signal'> = {},
): AsyncGenerator<string> {
  const stats = await stat(path).catch(() => undefined);
  const entries = stats?.isDirectory() ? await listFolder(path) : [];
  let found = 0;
  if (folderKind(entries) === 'other') {
    for (const entry of entries) {
      signal?.throwIfAborted();
      if (!(await isCheckpoint(path, entry))) continue;
      found++;
      yield join(path, entry.name);
    }
  }
  if (found === 0) yield path;
}

async function isCheckpoint(folder: string, entry: Dirent): Promise<boolean> {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) {
    const entries = await listFolder(path).catch((): Dirent[] => []);
    const kind = folderKind(entries);
    return kind !== 'other' && kind !== 'process';
  }
  if (!entry.isFile()) return false;
  if (ARCHIVE_NAME.test(entry.name)) return true;
  const file = await openImageFile(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const head = await file.read(Math.min(HEAD, file.size));
    const isCore = /^\s*\{\s*"magic"\s*:\s*"CORE"/.test(Buffer.from(head).toString('latin1'));
    return isCore || compressionOf(head) !== undefined || looksLikeTar(head) || looksLikeListing(head);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
