// Images in a directory, as `criu dump -D` leaves them.
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileBytes } from '../bytes/file-bytes.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageFile } from './image-file.ts';
import { imageStem } from './image-name.ts';
import type { PartStore } from './part-store.ts';
import { isPreDump, missingImage, preDump } from './pre-dump.ts';
import { readImage } from './read-image.ts';

// A link could lead anywhere, and opening a pipe would wait for a writer.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The images of a directory; links in it are not followed. */
export function directoryStore(path: string): PartStore {
  return {
    path,
    get: async (name) => {
      const file = await openImageFile(join(path, `${imageStem(name)}.img`));
      if (file === undefined) return undefined;
      try {
        return await readImage(file, name.kind);
      } finally {
        await file.close();
      }
    },
    missing: (name) => missing(join(path, `${imageStem(name)}.img`)),
  };
}

async function missing(path: string): Promise<CheckpointError> {
  const directory = dirname(path);
  const neighbours = await readdir(directory).catch((): string[] => []);
  const hasPages = neighbours.some((name) => name.startsWith('pages-') || name.startsWith('pagemap-'));
  if (isPreDump(directory) || (hasPages && !neighbours.some((name) => /^(?:pstree|core-)/.test(name)))) {
    return preDump(directory);
  }
  return missingImage(path, neighbours.length === 0 ? 'an empty directory' : 'no such file');
}

/** Opens an image in a directory; undefined if there is none. @throws CheckpointError as {@link openRegular}. */
export async function openImageFile(path: string): Promise<(ImageFile & { close(): Promise<void> }) | undefined> {
  const opened = await openRegular(path);
  return opened && new FileBytes(path, opened.size, opened.handle, {});
}

/**
 * Opens a regular file in a directory that may be hostile; undefined if there is none.
 *
 * @throws CheckpointError for a link, a folder, a device, or a file that may not be read.
 */
export async function openRegular(path: string): Promise<{ handle: FileHandle; size: number } | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, FLAGS);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw openError(path, cause as NodeJS.ErrnoException);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(path, stats.isDirectory() ? 'a directory' : 'a device, pipe or socket');
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function openError(path: string, cause: NodeJS.ErrnoException): CheckpointError {
  if (cause.code === 'ELOOP') return notAFile(path, 'a symbolic link', cause);
  if (cause.code === 'ENXIO') return notAFile(path, 'a socket', cause);
  return new CheckpointError('unreadable', { file: path }, cause.message, 'a readable file', cause);
}

function notAFile(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('not-a-file', { file }, got, 'a regular file', cause);
}
