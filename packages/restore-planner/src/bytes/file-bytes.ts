// A file's bytes, or those of a pipe such as the shell's <(…).
import { closeSync, constants, createReadStream, fstatSync, open as openDescriptor } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { CheckpointError } from '../checkpoint-error.ts';
import { BufferedBytes } from './byte-source.ts';
import type { ReadOptions } from './read-options.ts';
import { StreamBytes } from './stream-bytes.ts';
import { unreadable } from './unreadable.ts';

const CHUNK = 256 * 1024; // bytes of one read
const EXPECTED = 'a checkpoint: a folder, an archive, JSON of crit or the text of /proc/PID/timers';

/**
 * Opens a file, through links too: it is the user who named it.
 *
 * @throws CheckpointError if it cannot be opened, or is neither a regular file nor a pipe.
 */
export async function openFile(path: string, options: ReadOptions): Promise<FileBytes | StreamBytes> {
  const named = await stat(path).catch((cause) => refuse(path, cause)); // some devices do something when opened
  if (named.isFIFO()) return openPipe(path, options);
  if (!named.isFile()) throw special(path);
  const handle = await open(path, FLAGS).catch((cause) => refuse(path, cause));
  const stats = await handle.stat().catch(async (cause) => {
    await handle.close();
    return refuse(path, cause);
  });
  if (!stats.isFile()) {
    await handle.close();
    throw special(path); // it has become one
  }
  // Files below /proc are "regular" and 0 bytes long until they are read.
  return new FileBytes(path, stats.size > 0 ? stats.size : null, handle, options);
}

/** Bun reads nothing from a socket over a pipe, and Deno makes none (1.4 and 2.9). */
const READS_PIPES_AS_SOCKETS = !('Bun' in globalThis || 'Deno' in globalThis);

/**
 * Opens a pipe as a stream: as a socket, where that can be. A read of a file that waits for a writer keeps a thread, and cannot be ended: a
 * signal ends only what waits for the read.
 */
async function openPipe(path: string, options: ReadOptions): Promise<StreamBytes> {
  if (!READS_PIPES_AS_SOCKETS) return new StreamBytes(path, createReadStream(path), options);
  const fd = await promisify(openDescriptor)(path, FLAGS).catch((cause) => refuse(path, cause));
  // Without bigint, Node.js keeps what it saw last, and after a pipe it does not follow links on the way to a module: what is
  // imported next would not find its dependencies (fs.realpathSync, seen with Node.js 20).
  if (!fstatSync(fd, { bigint: true }).isFIFO()) {
    closeSync(fd);
    throw special(path);
  }
  return new StreamBytes(path, new Socket({ fd, readable: true, writable: false }), options);
}

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK; // opening does not wait for a writer

function special(path: string): CheckpointError {
  return new CheckpointError('not-a-file', { file: path }, 'a device or socket', EXPECTED);
}

function refuse(path: string, cause: NodeJS.ErrnoException): never {
  if (cause.code === 'ENOENT' && /^\/proc\/\d+\/?$/.test(path)) {
    throw new CheckpointError('unreadable', { file: path }, 'no such process', 'a running process', cause);
  }
  if (cause.code !== 'ENOENT') throw unreadable(path, cause, EXPECTED);
  throw new CheckpointError('unreadable', { file: path }, 'no such file or directory', EXPECTED, cause);
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
      throw unreadable(this.name, cause);
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
