// A checkpoint in a tar archive, as podman, CRI-O, containerd and the kubelet write it. Members come in any order, so every
// image is read when it comes and kept as what was found in it; what is wrong with one matters only once it is needed.
import { posix } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { type ImageName, imageName, imageStem } from '../image/image-name.ts';
import type { PartStore } from '../image/part-store.ts';
import type { Part } from '../image/parts.ts';
import { isPreDump, missingImage, preDump } from '../image/pre-dump.ts';
import { readImage } from '../image/read-image.ts';
import { readImages } from '../image/read-images.ts';
import type { Checkpoint } from '../types.ts';
import { merged, type ReadContainer } from './merge-containers.ts';
import { isOriginFile, mergeOrigins, ORIGIN_BYTES, type Origin, originOf } from './origin.ts';
import { type TarMember, tarMembers } from './tar-members.ts';

/** What was found in one directory of the archive. */
interface Directory {
  parts: Map<string, Part | CheckpointError>;
  origins: Origin[];
  /** Whether there are images of memory pages. */
  hasPages: boolean;
}

/**
 * Reads the checkpoint, or a pod's checkpoints, in an archive.
 *
 * @throws CheckpointError if the archive is damaged or holds none, or as for a directory of images.
 * Cost: memory for one image entry, at most 16 MiB, beside what is found; a plain archive is read at its headers and needed members only.
 */
export async function readArchive(bytes: ByteSource): Promise<Checkpoint> {
  const { directories, isOciImage } = await collect(bytes);
  const isComplete = ({ parts }: Directory): boolean => parts.has('inventory') || parts.has('pstree');
  const found = [...directories]
    .filter(([name, directory]) => !isPreDump(name) && isComplete(directory))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (found.length === 0) throw nothingIn(bytes.name, directories, isOciImage);
  const containers: ReadContainer[] = [];
  for (const [name, directory] of found) {
    const above = posix.basename(name) === 'checkpoint' ? posix.dirname(name).replace(/^\.$/, '') : name;
    const origins = [...new Set([name, above, ''])].flatMap((place) => directories.get(place)?.origins ?? []);
    const images = await readImages(storeOf(bytes.name, name, directory));
    containers.push({ ...images, origin: mergeOrigins(origins), directory: above });
  }
  return merged(bytes.name, containers);
}

async function collect(bytes: ByteSource): Promise<{ directories: Map<string, Directory>; isOciImage: boolean }> {
  const directories = new Map<string, Directory>();
  let isOciImage = false;
  for await (const member of tarMembers(bytes)) {
    const place = posix.dirname(member.name).replace(/^\.$/, '');
    const base = posix.basename(member.name);
    if (member.name === 'oci-layout') isOciImage = true;
    const name = imageName(base, 'img');
    const isPages = base.startsWith('pages-') || base.startsWith('pagemap-');
    if (name === undefined && !isOriginFile(base) && !isPages) continue;
    let directory = directories.get(place);
    if (directory === undefined) {
      directory = { parts: new Map(), origins: [], hasPages: false };
      directories.set(place, directory);
    }
    if (isPages) directory.hasPages = true;
    else if (name !== undefined) directory.parts.set(imageStem(name), await partOrError(member, name));
    else if (isOriginFile(base) && member.kind === 'file') {
      const { size } = member.file;
      directory.origins.push(originOf(base, await member.file.read(Math.min(size, ORIGIN_BYTES[base]))));
    }
  }
  return { directories, isOciImage };
}

async function partOrError({ kind, file }: TarMember, name: ImageName): Promise<Part | CheckpointError> {
  if (kind !== 'file') {
    const got = kind === 'link' ? 'a link' : 'a sparse or special file';
    return new CheckpointError('not-a-file', { file: file.name }, got, 'a regular file');
  }
  try {
    return await readImage(file, name.kind);
  } catch (error) {
    if (error instanceof CheckpointError && error.file === file.name) return error;
    throw error; // the archive itself
  }
}

function storeOf(path: string, name: string, { parts, hasPages }: Directory): PartStore {
  return {
    path,
    get: async (wanted) => {
      const part = parts.get(imageStem(wanted));
      if (part instanceof CheckpointError) throw part;
      return part;
    },
    missing: (wanted) => {
      const file = `${path}: ${posix.join(name, `${imageStem(wanted)}.img`)}`;
      const stems = [...parts.keys()];
      return hasPages && !stems.some((stem) => /^(?:pstree|core-)/.test(stem))
        ? preDump(`${path}: ${name}`)
        : missingImage(file, 'no such member');
    },
  };
}

function nothingIn(path: string, directories: Map<string, Directory>, isOciImage: boolean): CheckpointError {
  const names = [...directories.keys()];
  if (names.some(isPreDump)) return preDump(path);
  if (!isOciImage) return missingImage(path, 'an archive without inventory.img');
  const expected = 'the archive of a checkpoint: its layer below blobs/';
  return new CheckpointError('unsupported-format', { file: path }, 'an OCI image', expected);
}
