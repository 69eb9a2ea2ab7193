// Images in a directory, as `criu dump -D` leaves them.
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageFile, ImageSource } from './image-source.ts';

// A link could lead anywhere, and opening a pipe would wait for a writer.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a directory of images.
 *
 * @throws CheckpointError if the path is no directory (a link to one is fine).
 */
export async function directorySource(path: string): Promise<ImageSource> {
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const got = cause.code === 'ENOENT' ? 'no such file or directory' : cause.message;
    throw new CheckpointError('unreadable', { file: path }, got, 'a directory of CRIU images', cause);
  });
  if (!stats.isDirectory()) {
    throw new CheckpointError('not-a-directory', { file: path }, 'a file', 'a directory of CRIU images');
  }
  return { path, open: (name) => openImage(path, name) };
}

async function openImage(directory: string, name: string): Promise<ImageFile> {
  const handle = await open(join(directory, name), FLAGS).catch(async (cause: NodeJS.ErrnoException) => {
    throw await openError(directory, name, cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(name, stats.isDirectory() ? 'a directory' : 'a device, pipe or socket');
    return new DirectoryFile(name, stats.size, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openError(directory: string, name: string, cause: NodeJS.ErrnoException): Promise<CheckpointError> {
  if (cause.code === 'ELOOP') return notAFile(name, 'a symbolic link', cause);
  if (cause.code === 'ENXIO') return notAFile(name, 'a socket', cause);
  if (cause.code !== 'ENOENT') return unreadable(name, cause);
  const entries = await readdir(directory).catch(() => []);
  const got = entries.length === 0 ? 'an empty directory' : 'no such file';
  return new CheckpointError('missing-file', { file: name }, got, `${name} in ${directory}`, cause);
}

function notAFile(name: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('not-a-file', { file: name }, got, 'a regular file', cause);
}

function unreadable(name: string, cause: NodeJS.ErrnoException): CheckpointError {
  return new CheckpointError('unreadable', { file: name }, cause.message, 'a readable file', cause);
}

/** A regular file, read at a position of our own. */
class DirectoryFile implements ImageFile {
  readonly name: string;
  readonly size: number;
  private readonly handle: FileHandle;
  private position = 0;

  constructor(name: string, size: number, handle: FileHandle) {
    this.name = name;
    this.size = size;
    this.handle = handle;
  }

  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle
        .read(bytes, filled, length - filled, this.position)
        .catch((cause: NodeJS.ErrnoException) => {
          throw unreadable(this.name, cause);
        });
      if (bytesRead === 0) break;
      filled += bytesRead;
      this.position += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
