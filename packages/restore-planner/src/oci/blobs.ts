// Where the parts of a container image lie, by their paths: in a folder or in an archive. Four layouts: the OCI's, docker's
// archive, skopeo's dir:, and what `ctr images export` writes, which is the OCI's.
// Source: OCI image-spec, image-layout.md; docker save; containers/image, directory/ and docker/archive.
import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { type Blob, blobIn } from '../archive/collect.ts';
import { Kept } from '../archive/kept.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { openImageFile } from '../image/directory-store.ts';

/** The parts of container images. */
export interface BlobStore {
  /** The folders in which there is an index.json or a manifest.json; '' is the top. */
  roots: string[];
  /** Finds a part by its path below a root; undefined if there is none. */
  get(root: string, path: string): Promise<Blob | undefined>;
}

const HEX = '[0-9a-f]{64}';
const BLOB = new RegExp(`(?:^|/)(?:blobs/sha(?:256|512)/[0-9a-f]{64,128}|${HEX}(?:\\.tar(?:\\.gz)?|/layer\\.tar)?)$`);
const ENTRIES = ['index.json', 'manifest.json'];

/** Tells whether a member of an archive may be a part of a container image. Podman's volumes are named alike. */
export function isBlobName(name: string): boolean {
  return ENTRIES.includes(posix.basename(name)) || (BLOB.test(name) && !/(?:^|\/)volumes\//.test(name));
}

/** The parts that were collected from an archive. */
export function memberBlobs(blobs: ReadonlyMap<string, Blob>): BlobStore {
  const entries = [...blobs.keys()].filter((name) => ENTRIES.includes(posix.basename(name)));
  return {
    roots: [...new Set(entries.map((name) => posix.dirname(name).replace(/^\.$/, '')))],
    get: async (root, path) => blobs.get(posix.join(root, path)),
  };
}

/** The parts in a folder; links in it are not followed. */
export function folderBlobs(folder: string, options: ReadOptions): BlobStore {
  const kept = new Kept(folder);
  return {
    roots: [''],
    get: async (root, path) => {
      const file = await openImageFile(join(folder, root, path), options).catch((error: unknown) => {
        if (error instanceof CheckpointError) return error;
        throw error;
      });
      if (file === undefined) return undefined;
      if (file instanceof CheckpointError) return { kind: 'error', error: file };
      try {
        return await blobIn(file, kept, options);
      } finally {
        await file.close();
      }
    },
  };
}

/** Reads a digest, such as 'sha256:' and 64 digits. @throws CheckpointError if it is none, as it becomes a path. */
export function digestOf(text: unknown, file: string): { algorithm: 'sha256' | 'sha512'; hex: string } {
  const [, algorithm, hex] = /^(sha256|sha512):([0-9a-f]+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (hex?.length === (algorithm === 'sha256' ? 64 : 128)) return { algorithm: algorithm as 'sha256', hex };
  const got = `the digest ${JSON.stringify(text)?.slice(0, 100)}`;
  throw new CheckpointError('bad-path', { file }, got, 'sha256: and 64 hexadecimal digits');
}

/** Checks that a document is the one its digest names. Layers are not: it would take reading all pages of memory. */
export function verifyDigest(document: Uint8Array, digest: ReturnType<typeof digestOf>, file: string): void {
  const found = createHash(digest.algorithm).update(document).digest('hex');
  if (found === digest.hex) return;
  throw new CheckpointError('bad-archive', { file }, `a document whose ${digest.algorithm} is ${found}`, digest.hex);
}
