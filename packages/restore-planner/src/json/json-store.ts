// The JSON of crit in a folder.
import type { ReadOptions } from '../bytes/read-options.ts';
import type { Folder } from '../folder/folder.ts';
import { imageStem } from '../image/image-name.ts';
import { missingImage } from '../image/missing.ts';
import type { PartStore } from '../image/part-store.ts';
import { readCritJson } from './crit-json.ts';

/** The JSON files of a folder. */
export function jsonStore(folder: Folder, options: ReadOptions): PartStore {
  return {
    path: folder.path,
    get: async (name) => {
      const file = await folder.open(`${imageStem(name)}.json`, options);
      if (file === undefined) return undefined;
      try {
        return await readCritJson(file, name.kind);
      } finally {
        await file.close();
      }
    },
    missing: (name) => missingImage(folder.pathOf(`${imageStem(name)}.json`), 'no such file'),
  };
}
