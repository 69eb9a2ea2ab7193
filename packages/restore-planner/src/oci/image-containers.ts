// The checkpoints in container images, in which Kubernetes and containerd restore from: index, manifest, layer.
// Source: OCI image-spec, image-index.md and manifest.md; annotations of podman, CRI-O and checkpoint-restore; containerd,
// core/images/mediatypes.go (container checkpoints).
import type { Blob } from '../archive/collect.ts';
import { containersIn, nothingWhole } from '../archive/containers-in.ts';
import type { ReadContainer } from '../archive/merge-containers.ts';
import { mergeOrigins, type Origin, objectOf, originOfAnnotations } from '../archive/origin.ts';
import { utf8 } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { type BlobStore, digestOf, verifyDigest } from './blobs.ts';

const MAX_DEPTH = 4; // index, index of platforms, manifest, layer
const MAX_PARTS = 1024; // manifests and layers of all images together

type Json = Record<string, unknown>;

/** One container image: what its layers hold, and what its annotations tell. */
interface Image {
  name: string;
  origin: Origin;
  layers: { name: string; blob: Blob }[];
}

/**
 * Reads the checkpoints in container images.
 *
 * @param path The folder or archive, for errors.
 * @throws CheckpointError if there is none, a part is missing or damaged, or a digest is no digest.
 */
export async function imageContainers(path: string, blobs: BlobStore): Promise<ReadContainer[]> {
  let images: Image[] = [];
  for (const root of blobs.roots) images = images.concat(await new Walk(path, root, blobs).images());
  const containers: ReadContainer[] = [];
  const refusals: CheckpointError[] = [];
  for (const { name, origin, layers } of images) {
    for (const layer of layers) {
      const file = `${path}: ${layer.name}`;
      if (layer.blob.kind === 'error') refusals.push(layer.blob.error);
      if (layer.blob.kind !== 'archive') continue;
      const found = await containersIn(file, layer.blob.directories);
      const unfinished = found.length === 0 ? nothingWhole(file, layer.blob.directories) : undefined;
      if (unfinished !== undefined) refusals.push(unfinished);
      for (const one of found) {
        const directory = [name, one.directory].filter(Boolean).join('/');
        containers.push({ ...one, directory, origin: mergeOrigins([one.origin, origin]) });
      }
    }
  }
  if (containers.length > 0) return containers;
  const got = images.length === 0 ? 'a container image without layers' : 'a container image that holds no checkpoint';
  throw refusals[0] ?? new CheckpointError('missing-file', { file: path }, got, 'an image whose layer is a checkpoint');
}

/** What the descriptors on the way to a manifest told. */
type Told = Pick<Image, 'name' | 'origin'>;

/** The way from an index or a manifest to the layers. Each is gone to once. */
class Walk {
  private readonly path: string;
  private readonly root: string;
  private readonly blobs: BlobStore;
  private readonly seen = new Set<string>();

  constructor(path: string, root: string, blobs: BlobStore) {
    this.path = path;
    this.root = root;
    this.blobs = blobs;
  }

  async images(): Promise<Image[]> {
    const nothing: Told = { name: '', origin: {} };
    const index = await this.document('index.json');
    if (index !== undefined) return this.imagesOf(index, nothing, 0);
    const manifest = await this.document('manifest.json');
    if (!Array.isArray(manifest)) return this.imagesOf(manifest, nothing, 0);
    const images: Image[] = [];
    for (const one of manifest) images.push(await this.dockerImage(objectOf(one)));
    return images;
  }

  private async imagesOf(json: unknown, told: Told, depth: number): Promise<Image[]> {
    const { manifests, layers, annotations } = objectOf(json);
    const origin = mergeOrigins([originOfAnnotations(annotations), told.origin]);
    if (Array.isArray(layers)) {
      const found: Image['layers'] = [];
      for (const layer of layers) found.push(...(await this.layer(layer)));
      return [{ ...told, origin, layers: found }];
    }
    if (!Array.isArray(manifests) || depth === MAX_DEPTH) return [];
    // In what containerd writes, CRIU's images are listed where others list manifests.
    const checkpoints = manifests.filter((one) => /\.criu\./.test(textOf(objectOf(one).mediaType)));
    if (checkpoints.length > 0) return this.imagesOf({ layers: checkpoints, annotations }, told, depth);
    const images: Image[] = [];
    for (const one of manifests) {
      for (const image of await this.described(objectOf(one), { ...told, origin }, depth)) images.push(image);
    }
    return images;
  }

  private async described(descriptor: Json, told: Told, depth: number): Promise<Image[]> {
    const annotations = objectOf(descriptor.annotations);
    const name = textOf(annotations['org.opencontainers.image.ref.name']) || told.name;
    const origin = mergeOrigins([originOfAnnotations(annotations), told.origin]);
    const digest = digestOf(descriptor.digest, this.path);
    const path = `blobs/${digest.algorithm}/${digest.hex}`;
    if (this.wasSeen(path)) return [];
    const blob = await this.get(path);
    if (blob.kind === 'error') return [{ name, origin, layers: [{ name: path, blob }] }]; // of another platform, maybe
    if (blob.kind !== 'document') return [];
    const file = `${this.path}: ${path}`;
    await verifyDigest(blob.document, digest, file);
    return this.imagesOf(parsed(blob.document, file), { name, origin }, depth + 1);
  }

  /** A layer, by its digest: below blobs/, or beside its manifest as skopeo's dir: has it. */
  private async layer(descriptor: unknown): Promise<Image['layers']> {
    const { algorithm, hex } = digestOf(objectOf(descriptor).digest, this.path);
    if (this.wasSeen(hex)) return [];
    const beside = await this.blobs.get(this.root, hex);
    if (beside !== undefined) return [{ name: hex, blob: beside }];
    const name = `blobs/${algorithm}/${hex}`;
    return [{ name, blob: await this.get(name) }];
  }

  /** An image of docker's archive, whose manifest names paths. */
  private async dockerImage({ Layers, RepoTags }: Json): Promise<Image> {
    const layers: Image['layers'] = [];
    for (const name of Array.isArray(Layers) ? Layers : []) {
      if (typeof name !== 'string' || name.startsWith('/') || name.split('/').includes('..')) {
        const got = `the layer ${JSON.stringify(name)?.slice(0, 100)}`;
        throw new CheckpointError('bad-path', { file: `${this.path}: manifest.json` }, got, 'a path without ..');
      }
      if (!this.wasSeen(name)) layers.push({ name, blob: await this.get(name) });
    }
    return { name: Array.isArray(RepoTags) ? textOf(RepoTags[0]) : '', origin: {}, layers };
  }

  private wasSeen(name: string): boolean {
    if (this.seen.has(name)) return true;
    this.seen.add(name);
    if (this.seen.size <= MAX_PARTS) return false;
    const got = `more than ${MAX_PARTS} manifests and layers`;
    throw new CheckpointError('too-large', { file: this.path }, got, 'an image of a checkpoint');
  }

  private async get(path: string): Promise<Blob> {
    const blob = await this.blobs.get(this.root, path);
    if (blob !== undefined) return blob;
    const where = { file: `${this.path}: ${path}` };
    const expected = 'the blob that an index or manifest names';
    return { kind: 'error', error: new CheckpointError('missing-file', where, 'no such file', expected) };
  }

  private async document(name: string): Promise<unknown> {
    const blob = await this.blobs.get(this.root, name);
    if (blob?.kind === 'error') throw blob.error;
    return blob?.kind === 'document' ? parsed(blob.document, `${this.path}: ${name}`) : undefined;
  }
}

function parsed(document: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(utf8(document));
  } catch (cause) {
    throw new CheckpointError('bad-json', { file }, (cause as Error).message, 'an index or a manifest', cause);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
