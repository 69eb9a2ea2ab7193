// Where the parts of a container image lie, by their paths: in a folder or in an archive. Four layouts: the OCI's, docker's
// archive, skopeo's dir:, and what `ctr images export` writes, which is the OCI's.
// Source: OCI image-spec, image-layout.md; docker save; containers/image, directory/ and docker/archive.
import type { Blob } from '../archive/collect.ts';
import { baseOf, below, folderOf } from '../archive/member-path.ts';
import { CheckpointError } from '../checkpoint-error.ts';

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
  return ENTRIES.includes(baseOf(name)) || (BLOB.test(name) && !/(?:^|\/)volumes\//.test(name));
}

/** The parts that were collected from an archive. */
export function memberBlobs(blobs: ReadonlyMap<string, Blob>): BlobStore {
  const entries = [...blobs.keys()].filter((name) => ENTRIES.includes(baseOf(name)));
  return {
    roots: [...new Set(entries.map((name) => folderOf(name)))],
    get: async (root, path) => blobs.get(below(root, path)),
  };
}

/** Reads a digest, such as 'sha256:' and 64 digits. @throws CheckpointError if it is none, as it becomes a path. */
export function digestOf(text: unknown, file: string): { algorithm: 'sha256' | 'sha512'; hex: string } {
  const [, algorithm, hex] = /^(sha256|sha512):([0-9a-f]+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (hex?.length === (algorithm === 'sha256' ? 64 : 128)) return { algorithm: algorithm as 'sha256', hex };
  const got = `the digest ${JSON.stringify(text)?.slice(0, 100)}`;
  throw new CheckpointError('bad-path', { file }, got, 'sha256: and 64 hexadecimal digits');
}

/** Checks that a document is the one its digest names. Layers are not: it would take reading all pages of memory. A page that is not secure has no hashes. */
export async function verifyDigest(
  document: Uint8Array,
  { algorithm, hex }: ReturnType<typeof digestOf>,
  file: string,
): Promise<void> {
  const { subtle } = (globalThis as { crypto?: { subtle?: Hashes } }).crypto ?? {};
  if (subtle === undefined) return;
  const hash = await subtle.digest(algorithm.replace('sha', 'SHA-'), document);
  const found = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === hex) return;
  throw new CheckpointError('bad-archive', { file }, `a document whose ${algorithm} is ${found}`, hex);
}

/** What is used of SubtleCrypto. */
interface Hashes {
  digest(algorithm: string, bytes: Uint8Array): Promise<ArrayBuffer>;
}
