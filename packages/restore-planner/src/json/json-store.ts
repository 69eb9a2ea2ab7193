// The JSON of crit in a folder, or a single core image of it.
import { join } from 'node:path';
import { FileBytes } from '../bytes/file-bytes.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { openRegular } from '../image/directory-store.ts';
import { imageStem } from '../image/image-name.ts';
import { missingImage } from '../image/missing.ts';
import type { PartStore } from '../image/part-store.ts';
import { readCritJson } from './crit-json.ts';

/** The JSON files of a folder; links in it are not followed. */
export function jsonStore(path: string, options: ReadOptions): PartStore {
  const pathOf = (stem: string): string => join(path, `${stem}.json`);
  return {
    path,
    get: async (name) => {
      const file = pathOf(imageStem(name));
      const opened = await openRegular(file);
      if (opened === undefined) return undefined;
      const bytes = new FileBytes(file, opened.size, opened.handle, options);
      try {
        return await readCritJson(bytes, name.kind);
      } finally {
        await bytes.close();
      }
    },
    missing: (name) => missingImage(pathOf(imageStem(name)), 'no such file'),
  };
}
