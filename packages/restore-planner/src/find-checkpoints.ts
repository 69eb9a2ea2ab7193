// The checkpoints in a folder: a fleet.
import type { Dirent } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { looksLikeTar } from './archive/tar-members.ts';
import { compressionOf } from './bytes/decompress.ts';
import type { ReadOptions } from './bytes/read-options.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { openImageFile } from './image/directory-store.ts';
import { looksLikeListing } from './proc/timers-text.ts';
import { folderKind, listFolder } from './read-directory.ts';

const HEAD = 512; // bytes that tell an archive
const ARCHIVE_NAME = /\.(?:tar|tgz|tzst)(?:\.\w{1,4})?$/i;

/** Looked into below the path given. */
const MOST_FOLDERS = 10_000;

/**
 * Yields the path of each checkpoint that a path leads to: its own, or those in the folder and in folders below it, each a folder or a file.
 *
 * Files count if they are named as archives are. Beside folders that are checkpoints, so right in the path given, they also count if they begin as archives, listings or
 * compressed data do, so that damaged ones are told and not passed over. Links do not count. A path that holds none is yielded as it is, and readCheckpoint
 * says what is wrong with it.
 *
 * @param options A signal that ends the search.
 * @throws CheckpointError if the folder cannot be listed (those below it that cannot are passed over), or where more than 10,000 folders would have to be
 *   looked into.
 */
export async function* findCheckpoints(
  path: string,
  { signal }: Pick<ReadOptions, 'signal'> = {},
): AsyncGenerator<string> {
  const stats = await stat(path).catch(() => undefined);
  const entries = stats?.isDirectory() ? await listFolder(path) : [];
  let found = 0;
  if (folderKind(entries) === 'other') {
    for await (const one of checkpointsIn(path, entries, { left: MOST_FOLDERS, top: path, signal })) {
      found++;
      yield one;
    }
  }
  if (found === 0) yield path;
}

interface Search {
  /** Folders that may still be looked into. */
  left: number;
  readonly top: string;
  readonly signal: AbortSignal | undefined;
}

async function* checkpointsIn(folder: string, entries: Dirent[], search: Search, isTop = true): AsyncGenerator<string> {
  for (const entry of entries) {
    search.signal?.throwIfAborted();
    const path = join(folder, entry.name);
    if (entry.isFile()) {
      if (ARCHIVE_NAME.test(entry.name) || (isTop && (await beginsAsCheckpoint(path)))) yield path;
      continue;
    }
    if (!entry.isDirectory()) continue;
    const inner = await listFolder(path).catch((): Dirent[] => []);
    const kind = folderKind(inner);
    if (kind !== 'other' && kind !== 'process') yield path;
    if (kind !== 'other' || inner.length === 0) continue;
    if (search.left-- === 0) throw tooMany(search.top);
    yield* checkpointsIn(path, inner, search, false);
  }
}

function tooMany(file: string): CheckpointError {
  return new CheckpointError(
    'too-large',
    { file },
    `more than ${MOST_FOLDERS} folders`,
    'the folders that hold checkpoints',
  );
}

async function beginsAsCheckpoint(path: string): Promise<boolean> {
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
