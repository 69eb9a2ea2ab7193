// The parts of a container image in a folder.
import { join } from 'node:path';
import { blobIn } from '../archive/collect.ts';
import { Kept } from '../archive/kept.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { openImageFile } from '../image/directory-store.ts';
import type { BlobStore } from './blobs.ts';

/** The parts in a folder; links in it are not followed. */
export function folderBlobs(folder: string, options: ReadOptions): BlobStore {
  const kept = new Kept(folder);
  return {
    roots: [''],
    get: async (root, path) => {
      const file = await openImageFile(join(folder, root, path), options).catch((error: unknown) => {
        if (error instanceof CheckpointError) return error;
        throw error;
      });
      if (file === undefined) return undefined;
      if (file instanceof CheckpointError) return { kind: 'error', error: file };
      try {
        return await blobIn(file, kept, options);
      } finally {
        await file.close();
      }
    },
  };
}
