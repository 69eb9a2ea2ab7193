// A checkpoint in the bytes of one file, wherever they are: an archive, JSON of crit, a listing, or a core image alone.
import { readArchive } from './archive/read-archive.ts';
import { looksLikeTar } from './archive/tar-members.ts';
import { BlobBytes, type BlobLike } from './bytes/blob-bytes.ts';
import type { ByteSource } from './bytes/byte-source.ts';
import { decompressed } from './bytes/decompress.ts';
import { checkReadOptions, type ReadOptions } from './bytes/read-options.ts';
import { StreamBytes } from './bytes/stream-bytes.ts';
import { latin1 } from './bytes/text.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { processOf } from './image/core.ts';
import { imageName } from './image/image-name.ts';
import type { Part } from './image/parts.ts';
import { readImage } from './image/read-image.ts';
import { readCritJson } from './json/crit-json.ts';
import { looksLikeListing, readListing } from './proc/timers-text.ts';
import type { Checkpoint } from './types.ts';

const HEAD = 512; // bytes that tell the kinds of files apart
const DRAINED = 2 ** 20; // bytes passed over in one step

/**
 * Reads the POSIX timers of a checkpoint from a stream: standard input, a download.
 *
 * @param stream Bytes in any pieces: an archive, JSON of crit, or the text of /proc/PID/timers, compressed or not. It is destroyed or returned at the end.
 * @param name What errors call it; the `source` of what is returned.
 * @throws RangeError, CheckpointError as readCheckpoint.
 * Cost: as readCheckpoint; a plain archive is read from end to end.
 */
export async function readCheckpointStream(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  options: ReadOptions = {},
): Promise<Checkpoint> {
  checkReadOptions(options);
  const bytes = new StreamBytes(name, stream, options);
  try {
    return await readCheckpointBytes(bytes, options);
  } finally {
    await bytes.close();
  }
}

/**
 * Reads the POSIX timers of a checkpoint from a Blob: a file that a browser was given.
 *
 * @param blob An archive, JSON of crit, the text of /proc/PID/timers, or a core image alone; what is not needed of a plain archive is not read.
 * @param name What errors call it; the `source` of what is returned, and the name that a core image alone is told by. Default: that of a File.
 * @throws RangeError, CheckpointError as readCheckpoint.
 */
export async function readCheckpointBlob(
  blob: BlobLike & { readonly name?: string },
  name: string = blob.name ?? 'blob',
  options: ReadOptions = {},
): Promise<Checkpoint> {
  checkReadOptions(options);
  return readCheckpointBytes(new BlobBytes(name, blob, options), options);
}

/**
 * Reads the POSIX timers of a checkpoint from bytes of any kind, compressed or not.
 *
 * @param file Read from where it stands; it stays open.
 * @throws RangeError, CheckpointError as readCheckpoint.
 */
export async function readCheckpointBytes(file: ByteSource, options: ReadOptions = {}): Promise<Checkpoint> {
  checkReadOptions(options);
  const bytes = await decompressed(file, options.signal);
  try {
    const checkpoint = await readPlain(bytes, options);
    // What follows an archive's end mark is the checksum of the compression, or more that is wrong.
    while (bytes !== file && (await bytes.skip(DRAINED)) > 0);
    return checkpoint;
  } finally {
    if (bytes !== file) await bytes.close();
  }
}

async function readPlain(bytes: ByteSource, options: ReadOptions): Promise<Checkpoint> {
  const { name: path } = bytes;
  const head = await bytes.peek(HEAD);
  if (looksLikeTar(head)) return readArchive(bytes, options);
  if (/^(?:\xef\xbb\xbf)?\s*\{/.test(latin1(head))) {
    return singleCore(path, 'crit-json', await readCritJson(bytes));
  }
  if (looksLikeListing(head) || (head.length === 0 && isProcFile(path))) return listing(bytes);
  const image = imageName(fileName(path), 'img');
  if (image?.kind === 'core' && bytes.size !== null) {
    const part = await readImage(bytes as ByteSource & { size: number }, 'core');
    return singleCore(path, part.head === 'v1' ? 'criu-v1' : 'criu-v1.1', part);
  }
  throw unknown(path, head, image !== undefined);
}

function isProcFile(path: string): boolean {
  return /^\/proc\/[^/]+(?:\/task\/\d+)?\/timers$/.test(path);
}

async function listing(bytes: ByteSource): Promise<Checkpoint> {
  const { name: source } = bytes;
  const { timers, pid: named } = await readListing(bytes);
  const pid = Number(/^\/proc\/(\d+)\//.exec(source)?.[1] ?? named ?? 0);
  const process = { pid, ppid: 0, threads: [pid], timers, rlimitSigpending: null };
  return { source, format: 'proc-timers', complete: false, processes: [process] };
}

/** A process of which only the core image is there: its ID is in the file's name alone. */
function singleCore(source: string, format: Checkpoint['format'], part: Part): Checkpoint {
  if (part.kind !== 'core') throw beside(source, `the ${part.kind} image alone`);
  if (!part.isProcess) {
    const got = 'the core image of a thread that does not lead its group';
    throw new CheckpointError('bad-message', part.where, got, 'the core image of a process, which holds its timers');
  }
  const pid = Number(/core-(\d{1,7})\D/.exec(fileName(source))?.[1] ?? 0);
  const process = processOf({ pid, ppid: 0, threads: [pid] }, part, { timers: null, limit: null });
  return { source, format, complete: false, processes: [process] };
}

function unknown(path: string, head: Uint8Array, isImage: boolean): CheckpointError {
  if (isImage) return beside(path, 'one image alone');
  const got = head.length === 0 ? 'an empty file' : 'a file of another kind';
  const expected = 'an archive (tar, plain or in gzip or zstd), JSON of crit, or the text of /proc/PID/timers';
  return new CheckpointError('unsupported-format', { file: path }, got, expected);
}

function beside(path: string, got: string): CheckpointError {
  return new CheckpointError('unsupported-format', { file: path }, got, `the folder it is in, ${folderName(path)}`);
}

/** The last part of a path, of any system. */
function fileName(path: string): string {
  return path.slice(separatorIn(path) + 1);
}

function folderName(path: string): string {
  const at = separatorIn(path);
  return at < 0 ? '.' : path.slice(0, Math.max(at, 1));
}

function separatorIn(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
