// The checkpoints in the directories of an archive: most have one, a pod's one for each container.
import { CheckpointError } from '../checkpoint-error.ts';
import { imageStem } from '../image/image-name.ts';
import { holdsPagesOnly, isPreDump, missingImage, unfinishedDump } from '../image/missing.ts';
import type { PartStore } from '../image/part-store.ts';
import { readImages } from '../image/read-images.ts';
import type { Directories, Directory } from './kept.ts';
import { baseOf, below, folderOf } from './member-path.ts';
import type { ReadContainer } from './merge-containers.ts';
import { mergeOrigins } from './origin.ts';

/**
 * Reads the checkpoints in directories.
 *
 * @param path The archive, for errors.
 * @returns None if no directory is one.
 * @throws CheckpointError if one is damaged or not whole.
 */
export async function containersIn(path: string, directories: Directories): Promise<ReadContainer[]> {
  const complete = [...directories]
    .filter(([name, { parts }]) => !isPreDump(name) && (parts.has('inventory') || parts.has('pstree')))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  // Pre-dumps beside a full dump are what its memory is put together from; alone, one is refused as what it is.
  const full = complete.filter(([, { names }]) => !holdsPagesOnly(names));
  const found = full.length > 0 ? full : complete;
  const containers: ReadContainer[] = [];
  for (const [name, directory] of found) {
    const places = placesOf(name);
    const origins = places.flatMap((place) => directories.get(place)?.origins ?? []);
    const failed = places.map((place) => directories.get(place)?.failed).find(Boolean);
    const images = await readImages(storeOf(path, name, { ...directory, ...(failed && { failed }) }));
    containers.push({ ...images, origin: mergeOrigins(origins), directory: above(name) });
  }
  return containers;
}

/** Where the files beside the images of a directory may be: in it, beside checkpoint/, at the top. */
function placesOf(name: string): string[] {
  return [...new Set([name, above(name), ''])];
}

function above(name: string): string {
  return baseOf(name) === 'checkpoint' ? folderOf(name) : name;
}

/** Says why no directory is a checkpoint; undefined if nothing of a dump is in any. */
export function nothingWhole(path: string, directories: Directories): CheckpointError | undefined {
  const refusals = [...directories].map(([name, directory]) => {
    const failed = placesOf(name)
      .map((place) => directories.get(place)?.failed)
      .find(Boolean);
    return unfinishedDump({ where: placeOf(path, name), directory: name, names: directory.names, failed });
  });
  return refusals.find((refusal) => refusal?.code === 'failed-dump') ?? refusals.find(Boolean);
}

function placeOf(path: string, name: string): string {
  return name === '' ? path : `${path}: ${name}`;
}

function storeOf(path: string, name: string, { parts, names, failed }: Directory): PartStore {
  return {
    path,
    get: async (wanted) => {
      const part = parts.get(imageStem(wanted));
      if (part instanceof CheckpointError) throw part;
      return part;
    },
    missing: (wanted) => {
      const file = `${path}: ${below(name, `${imageStem(wanted)}.img`)}`;
      const unfinished = unfinishedDump({ where: placeOf(path, name), directory: name, names, failed });
      return unfinished ?? missingImage(file, 'no such member');
    },
  };
}
