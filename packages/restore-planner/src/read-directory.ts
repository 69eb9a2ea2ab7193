// A checkpoint in a folder: CRIU's images, an archive unpacked, or the JSON of crit.
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { merged, type ReadContainer } from './archive/merge-containers.ts';
import { mergeOrigins, ORIGIN_BYTES, type Origin, type OriginFile, originOf } from './archive/origin.ts';
import type { ReadOptions } from './bytes/read-options.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { directoryStore, openImageFile } from './image/directory-store.ts';
import { isOfDump, preDump } from './image/missing.ts';
import { readImages } from './image/read-images.ts';
import { folderBlobs } from './oci/folder-blobs.ts';
import { imageContainers } from './oci/image-containers.ts';
import type { Checkpoint } from './types.ts';

/** What a folder is, told by the names in it. */
export type FolderKind = 'images' | 'archive' | 'pod' | 'container-image' | 'pre-dump' | 'json' | 'process' | 'other';

/** Lists a folder. */
export async function listFolder(path: string): Promise<Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const got = (cause as Error).message;
    throw new CheckpointError('unreadable', { file: path }, got, 'a folder that can be listed', cause);
  }
}

/** Tells what a folder is; images win over the JSON beside them. */
export function folderKind(entries: readonly Dirent[]): FolderKind {
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
 * Reads the images in a folder of a kind that has some.
 *
 * @throws CheckpointError as readImages.
 */
export async function readImageFolder(path: string, kind: FolderKind, options: ReadOptions): Promise<Checkpoint> {
  if (kind === 'pre-dump') throw preDump(path);
  if (kind === 'container-image') return merged(path, await imageContainers(path, folderBlobs(path, options)));
  if (kind !== 'pod') return merged(path, [await readContainer(path, kind, options)]);
  const containers: ReadContainer[] = [];
  for (const entry of await listFolder(path)) {
    if (!entry.isDirectory()) continue;
    const inner = join(path, entry.name);
    const innerKind = folderKind(await listFolder(inner));
    if (innerKind === 'images' || innerKind === 'archive') {
      containers.push(await readContainer(inner, innerKind, options));
    }
  }
  if (containers.length > 0) return merged(path, containers);
  throw new CheckpointError('missing-file', { file: path }, 'no images', 'the checkpoint of a pod');
}

async function readContainer(path: string, kind: FolderKind, options: ReadOptions): Promise<ReadContainer> {
  const images = kind === 'archive' ? join(path, 'checkpoint') : path;
  const read = await readImages(directoryStore(images, options));
  const above = basename(images) === 'checkpoint' ? dirname(images) : images;
  const origins: Origin[] = [];
  for (const place of new Set([images, above])) {
    for (const name of Object.keys(ORIGIN_BYTES) as OriginFile[]) origins.push(await originIn(place, name));
  }
  return { ...read, origin: mergeOrigins(origins), directory: basename(above) };
}

/** Nothing that is wrong with these files is an error. */
async function originIn(directory: string, name: OriginFile): Promise<Origin> {
  const file = await openImageFile(join(directory, name)).catch(() => undefined);
  if (file === undefined) return {};
  try {
    return originOf(name, await file.read(Math.min(file.size, ORIGIN_BYTES[name])));
  } catch {
    return {};
  } finally {
    await file.close();
  }
}
