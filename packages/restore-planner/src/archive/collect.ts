// Reads a tar archive from start to end, one time. Members come in any order, so every image is read when it comes and kept as what was found
// in it; what is wrong with one matters only once it is needed.
import type { ByteSource } from '../bytes/byte-source.ts';
import { decompressed } from '../bytes/decompress.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { joined, latin1, utf8 } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { failedDumpIn, LOG_END_BYTES } from '../image/dump-log.ts';
import { type ImageName, imageName, imageStem } from '../image/image-name.ts';
import { isOfDump } from '../image/missing.ts';
import type { Part } from '../image/parts.ts';
import { readImage } from '../image/read-image.ts';
import type { Directories, Directory, Kept } from './kept.ts';
import { baseOf, folderOf } from './member-path.ts';
import { isOriginFile, ORIGIN_BYTES, originOf } from './origin.ts';
import { looksLikeTar, type TarMember, tarMembers } from './tar-members.ts';

const HEAD = 512; // bytes that tell an archive
const MAX_DOCUMENT = 2 ** 20; // bytes of an index or a manifest

/** A blob of a container image, as far as it matters: JSON, an archive, something else, or what is wrong with it. */
export type Blob =
  | { kind: 'document'; document: Uint8Array }
  | { kind: 'archive'; directories: Directories }
  | { kind: 'other' }
  | { kind: 'error'; error: CheckpointError };

/** What an archive holds. */
export interface Collected {
  directories: Directories;
  /** The blobs of container images by their names, and what tells which is which: index.json, manifest.json. */
  blobs: Map<string, Blob>;
}

/** Collects what a tar archive holds. @param isBlob Which members are blobs of container images. */
export async function collect(
  bytes: ByteSource,
  kept: Kept,
  options: ReadOptions,
  isBlob: (name: string) => boolean = () => false,
): Promise<Collected> {
  const directories: Directories = new Map();
  const blobs = new Map<string, Blob>();
  for await (const member of tarMembers(bytes)) {
    const base = baseOf(member.name);
    const image = imageName(base, 'img');
    if (image === undefined && !isOriginFile(base) && !isOfDump(base) && !isPages(base)) {
      if (member.kind !== 'file' || !isBlob(member.name)) continue;
      kept.addText(member.name.length);
      blobs.set(member.name, await blobIn(member.file, kept, options));
      continue;
    }
    const directory = directoryOf(folderOf(member.name));
    kept.addText(member.name.length);
    if (isOfDump(base) || isPages(base) || image !== undefined) directory.names.push(base);
    if (image !== undefined) {
      const part = await partOrError(member, image);
      kept.addPart(part);
      directory.parts.set(imageStem(image), part);
    } else if (isOriginFile(base) && member.kind === 'file') {
      await addOrigin(directory, base, member.file);
    }
  }
  return { directories, blobs };

  function directoryOf(place: string): Directory {
    const found = directories.get(place);
    if (found !== undefined) return found;
    const directory: Directory = { parts: new Map(), names: [], origins: [] };
    directories.set(place, directory);
    return directory;
  }
}

function isPages(name: string): boolean {
  return name.startsWith('pages-');
}

async function partOrError({ kind, file }: TarMember, name: ImageName): Promise<Part | CheckpointError> {
  if (kind !== 'file') {
    const got = { link: 'a link', sparse: 'a sparse file', other: 'a special file' }[kind];
    const expected = kind === 'sparse' ? 'a regular file: pack it without --sparse' : 'a regular file';
    return new CheckpointError('not-a-file', { file: file.name }, got, expected);
  }
  try {
    return await readImage(file, name.kind);
  } catch (error) {
    if (error instanceof CheckpointError && error.file === file.name) return error;
    throw error; // the archive itself
  }
}

async function addOrigin(
  directory: Directory,
  name: keyof typeof ORIGIN_BYTES,
  file: TarMember['file'],
): Promise<void> {
  const head = await file.read(Math.min(file.size, ORIGIN_BYTES[name]));
  directory.origins.push(originOf(name, head));
  if (name !== 'dump.log') return;
  await file.skip(Math.max(file.size - head.length - LOG_END_BYTES, 0));
  const rest = await file.read(LOG_END_BYTES);
  const failed = failedDumpIn(utf8(joined([head, rest]).subarray(-LOG_END_BYTES)));
  if (failed !== undefined) directory.failed = failed;
}

/** Reads a blob. @throws CheckpointError for what is wrong with the archive around it, or too much to be kept. */
export async function blobIn(
  file: ByteSource & { readonly size: number },
  kept: Kept,
  options: ReadOptions,
): Promise<Blob> {
  try {
    const head = await file.peek(HEAD);
    if (/^\s*[{[]/.test(latin1(head))) {
      if (file.size > MAX_DOCUMENT) return { kind: 'other' };
      kept.addText(file.size);
      return { kind: 'document', document: await file.read(file.size) };
    }
    const bytes = await decompressed(file, options.signal);
    try {
      if (!looksLikeTar(await bytes.peek(HEAD))) return { kind: 'other' };
      return { kind: 'archive', directories: (await collect(bytes, kept, options)).directories };
    } finally {
      if (bytes !== file) await bytes.close();
    }
  } catch (error) {
    if (error instanceof CheckpointError && error.file.startsWith(file.name)) return { kind: 'error', error };
    throw error; // what is around it
  }
}
