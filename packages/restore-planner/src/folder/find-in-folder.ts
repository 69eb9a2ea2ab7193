// The checkpoints in a folder and in those below it: a fleet.
import { looksLikeTar } from '../archive/tar-members.ts';
import { compressionOf } from '../bytes/decompress.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { latin1 } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { looksLikeListing } from '../proc/timers-text.ts';
import { folderKind } from '../read-folder.ts';
import type { StopSignal } from '../stop-signal.ts';
import type { Folder, FolderEntry } from './folder.ts';

const HEAD = 512; // bytes that tell an archive
const ARCHIVE_NAME = /\.(?:tar|tgz|tzst)(?:\.\w{1,4})?$/i;

/** Looked into below the folder given. */
const MOST_FOLDERS = 10_000;

/** Yields the paths of the checkpoints that a folder leads to: its own, if it is one, or those in it and below it. */
export async function* findInFolder(
  folder: Folder,
  { signal }: Pick<ReadOptions, 'signal'> = {},
): AsyncGenerator<string> {
  const entries = await folder.list();
  let found = 0;
  if (folderKind(entries) === 'other') {
    for await (const one of checkpointsIn(folder, entries, { left: MOST_FOLDERS, top: folder.path, signal })) {
      found++;
      yield one;
    }
  }
  if (found === 0) yield folder.path;
}

interface Search {
  /** Folders that may still be looked into. */
  left: number;
  readonly top: string;
  readonly signal: StopSignal | undefined;
}

async function* checkpointsIn(
  folder: Folder,
  entries: readonly FolderEntry[],
  search: Search,
  isTop = true,
): AsyncGenerator<string> {
  for (const { name, kind } of entries) {
    search.signal?.throwIfAborted();
    if (kind === 'file') {
      if (ARCHIVE_NAME.test(name) || (isTop && (await beginsAsCheckpoint(folder, name)))) yield folder.pathOf(name);
      continue;
    }
    if (kind !== 'folder') continue;
    const inner = folder.below(name);
    const innerEntries = await inner.list().catch((): FolderEntry[] => []);
    const innerKind = folderKind(innerEntries);
    if (innerKind !== 'other' && innerKind !== 'process') yield inner.path;
    if (innerKind !== 'other' || innerEntries.length === 0) continue;
    if (search.left-- === 0) throw tooMany(search.top);
    yield* checkpointsIn(inner, innerEntries, search, false);
  }
}

function tooMany(file: string): CheckpointError {
  const got = `more than ${MOST_FOLDERS} folders`;
  return new CheckpointError('too-large', { file }, got, 'the folders that hold checkpoints');
}

async function beginsAsCheckpoint(folder: Folder, name: string): Promise<boolean> {
  const file = await folder.open(name).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const head = await file.read(Math.min(HEAD, file.size));
    const isCore = /^\s*\{\s*"magic"\s*:\s*"CORE"/.test(latin1(head));
    return isCore || compressionOf(head) !== undefined || looksLikeTar(head) || looksLikeListing(head);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
