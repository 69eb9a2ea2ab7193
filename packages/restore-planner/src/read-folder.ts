// A checkpoint in a folder: CRIU's images, an archive unpacked, or the JSON of crit.
import { merged, type ReadContainer } from './archive/merge-containers.ts';
import { mergeOrigins, ORIGIN_BYTES, type Origin, type OriginFile, originOf } from './archive/origin.ts';
import type { ReadOptions } from './bytes/read-options.ts';
import { CheckpointError } from './checkpoint-error.ts';
import type { Folder, FolderEntry } from './folder/folder.ts';
import { folderStore, placesOf } from './image/folder-store.ts';
import { isOfDump, preDump } from './image/missing.ts';
import { readImages, readProcesses } from './image/read-images.ts';
import { jsonStore } from './json/json-store.ts';
import { folderBlobs } from './oci/folder-blobs.ts';
import { imageContainers } from './oci/image-containers.ts';
import type { Checkpoint } from './types.ts';

/** What a folder is, told by the names in it. */
export type FolderKind = 'images' | 'archive' | 'pod' | 'container-image' | 'pre-dump' | 'json' | 'process' | 'other';

/** Tells what a folder is; images win over the JSON beside them. */
export function folderKind(entries: readonly FolderEntry[]): FolderKind {
  const names = new Set(entries.map(({ name }) => name));
  if (names.has('inventory.img') || names.has('pstree.img')) return 'images';
  if (names.has('pod.options')) return 'pod';
  if (names.has('index.json') && names.has('blobs')) return 'container-image';
  if (names.has('manifest.json') && entries.some(({ name }) => /^[0-9a-f]{64}/.test(name) || name === 'blobs')) {
    return 'container-image';
  }
  if (names.has('checkpoint')) return 'archive';
  if (names.has('pre-checkpoint')) return 'pre-dump';
  if (names.has('pstree.json')) return 'json';
  if (names.has('timers') && names.has('task') && names.has('status')) return 'process';
  return entries.some(({ name }) => isOfDump(name)) ? 'images' : 'other'; // of a dump that failed
}

/**
 * Reads the checkpoint in a folder.
 *
 * @param readProcess Reads the folder of a process in /proc.
 * @throws CheckpointError if it holds none, or as readImages.
 */
export async function readFolder(
  folder: Folder,
  options: ReadOptions,
  readProcess: (path: string, options: ReadOptions) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  options.signal?.throwIfAborted();
  const { path } = folder;
  const entries = await folder.list();
  const kind = folderKind(entries);
  if (kind === 'process') return readProcess(path, options);
  if (kind === 'pre-dump') throw preDump(path);
  if (kind === 'container-image') return merged(path, await imageContainers(path, folderBlobs(folder, options)));
  if (kind === 'pod') return merged(path, await containersOf(folder, entries, options));
  if (kind === 'json') {
    const read = await readProcesses(jsonStore(folder, options));
    return { source: path, format: 'crit-json', complete: true, ...read };
  }
  if (kind !== 'other') return merged(path, [await readContainer(folder, kind, options)]);
  const got = entries.length === 0 ? 'an empty directory' : 'a folder without a checkpoint';
  const expected = 'CRIU images, an archive unpacked, or several checkpoints, each a folder or a file';
  throw new CheckpointError('missing-file', { file: path }, got, expected);
}

/** Reads the containers of a pod. */
async function containersOf(
  pod: Folder,
  entries: readonly FolderEntry[],
  options: ReadOptions,
): Promise<ReadContainer[]> {
  const containers: ReadContainer[] = [];
  for (const { name, kind } of entries) {
    if (kind !== 'folder') continue;
    const inner = pod.below(name);
    const innerKind = folderKind(await inner.list());
    if (innerKind === 'images' || innerKind === 'archive') {
      containers.push(await readContainer(inner, innerKind, options));
    }
  }
  if (containers.length > 0) return containers;
  throw new CheckpointError('missing-file', { file: pod.path }, 'no images', 'the checkpoint of a pod');
}

async function readContainer(folder: Folder, kind: 'images' | 'archive', options: ReadOptions): Promise<ReadContainer> {
  const images = kind === 'archive' ? folder.below('checkpoint') : folder;
  const read = await readImages(folderStore(images, options));
  const places = placesOf(images);
  const origins: Origin[] = [];
  for (const place of places) {
    for (const name of Object.keys(ORIGIN_BYTES) as OriginFile[]) origins.push(await originIn(place, name));
  }
  return { ...read, origin: mergeOrigins(origins), directory: places.at(-1)!.name };
}

/** Nothing that is wrong with these files is an error. */
async function originIn(folder: Folder, name: OriginFile): Promise<Origin> {
  const file = await folder.open(name).catch(() => undefined);
  if (file === undefined) return {};
  try {
    return originOf(name, await file.read(Math.min(file.size, ORIGIN_BYTES[name])));
  } catch {
    return {};
  } finally {
    await file.close();
  }
}
