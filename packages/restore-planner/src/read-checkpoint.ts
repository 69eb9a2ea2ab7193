// Reads a checkpoint: the door for every kind of input, each told by what it holds and never by its name.
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { readArchive } from './archive/read-archive.ts';
import { looksLikeTar } from './archive/tar-members.ts';
import type { ByteSource } from './bytes/byte-source.ts';
import { decompressed } from './bytes/decompress.ts';
import { type FileBytes, openFile, type ReadOptions } from './bytes/file-bytes.ts';
import { CheckpointError } from './checkpoint-error.ts';
import { imageName } from './image/image-name.ts';
import type { Part } from './image/parts.ts';
import { readImage } from './image/read-image.ts';
import { readProcesses } from './image/read-images.ts';
import { readCritJson } from './json/crit-json.ts';
import { jsonStore } from './json/json-store.ts';
import { readLiveProcess } from './proc/live-process.ts';
import { looksLikeListing, readListing } from './proc/timers-text.ts';
import { folderKind, listFolder, readImageFolder } from './read-directory.ts';
import type { Checkpoint } from './types.ts';

const HEAD = 512; // bytes that tell the kinds of files apart

/**
 * Reads the POSIX timers of a checkpoint.
 *
 * @param path One of
 * - a folder of CRIU images (format v1 or v1.1), alone or below `checkpoint/`, or of the JSON that crit makes of them;
 * - an archive of podman, CRI-O, containerd or the kubelet: tar, plain or compressed by gzip or zstd; a pod's is read as one checkpoint whose processes name their container;
 * - a core-PID.img or core-PID.json alone, or the text of /proc/PID/timers: `complete` is false then;
 * - /proc/PID, a process still running.
 * @param options A signal that stops the reading, and a function told of its progress.
 * @throws CheckpointError if anything needed is missing, damaged, a link, or out of range. It never returns part of a checkpoint.
 * Cost: memory for one image entry, at most 32 MiB, and one zstd window, at most 32 MiB, beside the result. Images of memory pages are
 * passed over unread in folders and plain archives; a compressed archive is decompressed once from end to end.
 */
export async function readCheckpoint(path: string, options: ReadOptions = {}): Promise<Checkpoint> {
  const stats = await stat(path).catch(() => undefined); // openFile says what is wrong
  return stats?.isDirectory() ? readFolder(path, options) : readFile(path, options);
}

async function readFolder(path: string, options: ReadOptions): Promise<Checkpoint> {
  const kind = folderKind(await listFolder(path));
  if (kind === 'process') return readLiveProcess(path, options);
  if (kind !== 'json') return readImageFolder(path, kind);
  const processes = await readProcesses(jsonStore(path, options));
  return { source: path, format: 'crit-json', complete: true, processes };
}

async function readFile(path: string, options: ReadOptions): Promise<Checkpoint> {
  const file = await openFile(path, options);
  let bytes: ByteSource = file;
  try {
    bytes = await decompressed(file);
    return await readBytes(bytes, file);
  } finally {
    await bytes.close();
  }
}

async function readBytes(bytes: ByteSource, file: FileBytes): Promise<Checkpoint> {
  const { name: path } = bytes;
  const head = await bytes.peek(HEAD);
  if (looksLikeTar(head)) return readArchive(bytes);
  if (/^(?:\xef\xbb\xbf)?\s*\{/.test(Buffer.from(head).toString('latin1'))) {
    return singleCore(path, 'crit-json', await readCritJson(bytes));
  }
  if (looksLikeListing(head) || (head.length === 0 && isProcFile(path))) return listing(bytes);
  const image = imageName(basename(path), 'img');
  if (image?.kind === 'core' && file === bytes && file.size !== null) {
    const part = await readImage(
      { name: path, size: file.size, read: (n) => bytes.read(n), close: async () => {} },
      'core',
    );
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
  const pid = Number(/core-(\d{1,7})\D[^/]*$/.exec(source)?.[1] ?? 0);
  const { timers, sigpending } = part;
  const process = { pid, ppid: 0, threads: [pid], timers: timers ?? [], rlimitSigpending: sigpending };
  return { source, format, complete: false, processes: [process] };
}

function unknown(path: string, head: Uint8Array, isImage: boolean): CheckpointError {
  if (isImage) return beside(path, 'one image alone');
  const got = head.length === 0 ? 'an empty file' : 'a file of another kind';
  const expected = 'an archive (tar, plain or in gzip or zstd), JSON of crit, or the text of /proc/PID/timers';
  return new CheckpointError('unsupported-format', { file: path }, got, expected);
}

function beside(path: string, got: string): CheckpointError {
  return new CheckpointError('unsupported-format', { file: path }, got, `the folder it is in, ${dirname(path)}`);
}
