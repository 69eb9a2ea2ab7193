// The parts of a container image in a folder.
import { blobIn } from '../archive/collect.ts';
import { Kept } from '../archive/kept.ts';
import { below } from '../archive/member-path.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { Folder } from '../folder/folder.ts';
import type { BlobStore } from './blobs.ts';

/** The parts in a folder; links in it are not followed. */
export function folderBlobs(folder: Folder, options: ReadOptions): BlobStore {
  const kept = new Kept(folder.path);
  return {
    roots: [''],
    get: async (root, path) => {
      const file = await folder.open(below(root, path), options).catch((error: unknown) => {
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
