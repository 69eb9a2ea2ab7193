// Images in a directory, as `criu dump -D` leaves them.
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileBytes } from '../bytes/file-bytes.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { type FailedDump, failedDumpIn, LOG_END_BYTES } from './dump-log.ts';
import { imageStem } from './image-name.ts';
import { memoryAt } from './memory.ts';
import { missingImage, unfinishedDump } from './missing.ts';
import type { PartStore } from './part-store.ts';
import { readImage } from './read-image.ts';

// A link could lead anywhere, and opening a pipe would wait for a writer.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The images of a directory; links in it are not followed. */
export function directoryStore(path: string, { signal }: ReadOptions): PartStore {
  const options = signal === undefined ? {} : { signal };
  return {
    path,
    get: async (name) => {
      const file = await openImageFile(join(path, `${imageStem(name)}.img`), options);
      if (file === undefined) return undefined;
      try {
        return await readImage(file, name.kind);
      } finally {
        await file.close();
      }
    },
    memory: (pid, address, length) =>
      memoryAt((name) => openImageFile(join(path, name), options), pid, address, length),
    missing: (name) => missing(join(path, `${imageStem(name)}.img`)),
  };
}

async function missing(path: string): Promise<CheckpointError> {
  const directory = dirname(path);
  const names = await readdir(directory).catch((): string[] => []);
  const failed = await failedDumpAt(directory);
  const unfinished = unfinishedDump({ where: directory, directory, names, failed });
  return unfinished ?? missingImage(path, names.length === 0 ? 'an empty directory' : 'no such file');
}

/** Looks into the dump.log of a directory, or into the one above checkpoint/. */
async function failedDumpAt(directory: string): Promise<FailedDump | undefined> {
  const above = basename(directory) === 'checkpoint' ? [dirname(directory)] : [];
  for (const place of [directory, ...above]) {
    const log = await openImageFile(join(place, 'dump.log')).catch(() => undefined);
    if (log === undefined) continue;
    try {
      await log.skip(Math.max(log.size - LOG_END_BYTES, 0));
      return failedDumpIn(Buffer.from(await log.read(LOG_END_BYTES)).toString());
    } catch {
      return undefined;
    } finally {
      await log.close();
    }
  }
  return undefined;
}

/** Opens an image in a directory; undefined if there is none. @throws CheckpointError as {@link openRegular}. */
export async function openImageFile(path: string, options: ReadOptions = {}): Promise<FileBytes<number> | undefined> {
  const opened = await openRegular(path);
  return opened && new FileBytes(path, opened.size, opened.handle, options);
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
