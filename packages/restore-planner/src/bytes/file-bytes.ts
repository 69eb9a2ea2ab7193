// A file's bytes, or those of a pipe such as the shell's <(…).
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { CheckpointError } from '../checkpoint-error.ts';
import { BufferedBytes } from './byte-source.ts';

const CHUNK = 256 * 1024; // bytes read at once
const EXPECTED = 'a checkpoint: a folder, an archive, JSON of crit or the text of /proc/PID/timers';

/** What readers of large inputs can be told and asked. */
export interface ReadOptions {
  /** Stops the reading, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called after every chunk that is read of a file of known size. @param done Bytes passed. @param total Bytes of the file. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Opens a file, through links too: it is the user who named it.
 *
 * @throws CheckpointError if it cannot be opened, or is neither a regular file nor a pipe.
 */
export async function openFile(path: string, options: ReadOptions): Promise<FileBytes> {
  const stats = await stat(path).catch((cause) => refuse(path, cause));
  if (!stats.isFile() && !stats.isFIFO()) {
    throw new CheckpointError('not-a-file', { file: path }, 'a device or socket', EXPECTED);
  }
  const handle = await open(path, constants.O_RDONLY).catch((cause) => refuse(path, cause));
  // Files below /proc are "regular" and 0 bytes long until they are read.
  const size = stats.isFile() && stats.size > 0 ? stats.size : null;
  return new FileBytes(path, size, handle, options);
}

function refuse(path: string, cause: NodeJS.ErrnoException): never {
  const got = cause.code === 'ENOENT' ? 'no such file or directory' : cause.message;
  throw new CheckpointError('unreadable', { file: path }, got, EXPECTED, cause);
}

/** An open file. @param size Bytes; null for one that is read as it comes. */
export class FileBytes<Size extends number | null = number | null> extends BufferedBytes<Size> {
  /** Where the next chunk is read; how far into the file the reading has come. */
  offset = 0;
  private readonly handle: FileHandle;
  private readonly options: ReadOptions;

  constructor(path: string, size: Size, handle: FileHandle, options: ReadOptions) {
    super(path, size);
    this.handle = handle;
    this.options = options;
  }

  protected async next(): Promise<Uint8Array> {
    const { signal, onProgress } = this.options;
    signal?.throwIfAborted();
    const chunk = new Uint8Array(this.size === null ? CHUNK : Math.min(CHUNK, Math.max(this.size - this.offset, 0)));
    if (chunk.length === 0) return chunk;
    const position = this.size === null ? null : this.offset;
    const { bytesRead } = await this.handle.read(chunk, 0, chunk.length, position).catch((cause: Error) => {
      throw new CheckpointError('unreadable', { file: this.name }, cause.message, 'a readable file', cause);
    });
    this.offset += bytesRead;
    if (this.size !== null) onProgress?.(this.offset, this.size);
    return chunk.subarray(0, bytesRead);
  }

  protected jump(length: number): number {
    if (this.size === null) return 0;
    const jumped = Math.min(length, Math.max(this.size - this.offset, 0));
    this.offset += jumped;
    return jumped;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
