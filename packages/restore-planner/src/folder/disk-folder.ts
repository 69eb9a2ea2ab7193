// A folder on disk, which may be hostile.
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileBytes } from '../bytes/file-bytes.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { unreadable } from '../bytes/unreadable.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { Folder, FolderEntry } from './folder.ts';

// A link could lead anywhere, and opening a pipe would wait for a writer.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A folder on disk. */
export class DiskFolder implements Folder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get name(): string {
    return basename(this.path);
  }

  pathOf(name: string): string {
    return join(this.path, name);
  }

  async list(): Promise<FolderEntry[]> {
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      return entries
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((entry) => ({
          name: entry.name,
          kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
        }));
    } catch (cause) {
      const got = (cause as Error).message;
      throw new CheckpointError('unreadable', { file: this.path }, got, 'a folder that can be listed', cause);
    }
  }

  async open(name: string, options: ReadOptions = {}): Promise<FileBytes<number> | undefined> {
    const path = this.pathOf(name);
    const opened = await openRegular(path);
    return opened && new FileBytes(path, opened.size, opened.handle, options);
  }

  below(name: string): DiskFolder {
    return new DiskFolder(this.pathOf(name));
  }

  above(): DiskFolder {
    return new DiskFolder(dirname(this.path));
  }
}

/**
 * Opens a regular file; undefined if there is none.
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
    throw error instanceof CheckpointError ? error : openError(path, error as NodeJS.ErrnoException);
  }
}

function openError(path: string, cause: NodeJS.ErrnoException): CheckpointError {
  if (cause.code === 'ELOOP') return notAFile(path, 'a symbolic link', cause);
  if (cause.code === 'ENXIO') return notAFile(path, 'a socket', cause);
  return unreadable(path, cause);
}

function notAFile(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('not-a-file', { file }, got, 'a regular file', cause);
}
