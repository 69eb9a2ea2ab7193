// Images in a folder, as `criu dump -D` leaves them.
import type { ReadOptions } from '../bytes/read-options.ts';
import { utf8 } from '../bytes/text.ts';
import type { CheckpointError } from '../checkpoint-error.ts';
import type { Folder } from '../folder/folder.ts';
import { type FailedDump, failedDumpIn, LOG_END_BYTES } from './dump-log.ts';
import { imageStem } from './image-name.ts';
import { memoryAt } from './memory.ts';
import { missingImage, unfinishedDump } from './missing.ts';
import type { PartStore } from './part-store.ts';
import { readImage } from './read-image.ts';

/** The images of a folder. */
export function folderStore(folder: Folder, { signal }: ReadOptions): PartStore {
  const options = signal === undefined ? {} : { signal };
  return {
    path: folder.path,
    get: async (name) => {
      const file = await folder.open(`${imageStem(name)}.img`, options);
      if (file === undefined) return undefined;
      try {
        return await readImage(file, name.kind);
      } finally {
        await file.close();
      }
    },
    memory: (pid, address, length) => memoryAt((name) => folder.open(name, options), pid, address, length),
    missing: (name) => missing(folder, `${imageStem(name)}.img`),
  };
}

async function missing(folder: Folder, image: string): Promise<CheckpointError> {
  const names = await folder.list().then(
    (entries) => entries.map(({ name }) => name),
    (): string[] => [],
  );
  const failed = await failedDumpAt(folder);
  const unfinished = unfinishedDump({ where: folder.path, directory: folder.path, names, failed });
  return unfinished ?? missingImage(folder.pathOf(image), names.length === 0 ? 'an empty directory' : 'no such file');
}

/** Looks into the dump.log of a folder, or into the one above checkpoint/. */
async function failedDumpAt(folder: Folder): Promise<FailedDump | undefined> {
  for (const place of placesOf(folder)) {
    const log = await place.open('dump.log').catch(() => undefined);
    if (log === undefined) continue;
    try {
      await log.skip(Math.max(log.size - LOG_END_BYTES, 0));
      return failedDumpIn(utf8(await log.read(LOG_END_BYTES)));
    } catch {
      return undefined;
    } finally {
      await log.close();
    }
  }
  return undefined;
}

/** Where the files beside images may be: with them, or beside their folder where that is checkpoint/. */
export function placesOf(folder: Folder): Folder[] {
  return folder.name === 'checkpoint' ? [folder, folder.above()] : [folder];
}
