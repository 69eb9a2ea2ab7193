// Images in a directory, as `criu dump -D` leaves them.
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  return { path, open: (name) => openImage(join(path, name)) };
}

async function openImage(path: string): Promise<ImageFile> {
  const handle = await open(path, FLAGS).catch(async (cause: NodeJS.ErrnoException) => {
    throw await openError(path, cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notAFile(path, stats.isDirectory() ? 'a directory' : 'a device, pipe or socket');
    return new DirectoryFile(path, stats.size, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openError(path: string, cause: NodeJS.ErrnoException): Promise<CheckpointError> {
  if (cause.code === 'ELOOP') return notAFile(path, 'a symbolic link', cause);
  if (cause.code === 'ENXIO') return notAFile(path, 'a socket', cause);
  if (cause.code !== 'ENOENT') return unreadable(path, cause);
  const neighbours = await readdir(dirname(path)).catch(() => []);
  const got = neighbours.length === 0 ? 'an empty directory' : 'no such file';
  return new CheckpointError('missing-file', { file: path }, got, 'an image of a CRIU checkpoint', cause);
}

function notAFile(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('not-a-file', { file }, got, 'a regular file', cause);
}

function unreadable(file: string, cause: NodeJS.ErrnoException): CheckpointError {
  return new CheckpointError('unreadable', { file }, cause.message, 'a readable file', cause);
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
