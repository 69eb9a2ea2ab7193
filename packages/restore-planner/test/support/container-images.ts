// Container images whose layer is a checkpoint, in the layouts that tools write: each as its files by path.
import { createHash } from 'node:crypto';
import { tarOf } from './archives.ts';

export type Files = Record<string, Uint8Array>;

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** Puts bytes where their digest says. @returns Their descriptor. */
function stored(files: Files, bytes: Uint8Array, mediaType: string, extra: object = {}): object {
  files[`blobs/sha256/${sha256(bytes)}`] = bytes;
  return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length, ...extra };
}

/** An OCI image layout. @param name The annotation that CRI-O gives the image. */
export function ociLayout(
  layers: readonly Uint8Array[],
  { name = 'nginx', nested = false }: { name?: string; nested?: boolean } = {},
): Files {
  const files: Files = { 'oci-layout': json({ imageLayoutVersion: '1.0.0' }) };
  const manifest = {
    schemaVersion: 2,
    config: stored(files, json({ os: 'linux' }), 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => stored(files, layer, LAYER)),
    annotations: { 'io.kubernetes.cri-o.annotations.checkpoint.name': name },
  };
  const ref = { annotations: { 'org.opencontainers.image.ref.name': 'latest' } };
  let descriptor = stored(files, json(manifest), MANIFEST, ref);
  if (nested) {
    const index = json({ schemaVersion: 2, manifests: [descriptor] });
    descriptor = stored(files, index, 'application/vnd.oci.image.index.v1+json', ref);
  }
  files['index.json'] = json({ schemaVersion: 2, manifests: [descriptor] });
  return files;
}

/** What `ctr images export` writes of a checkpoint: CRIU's images are listed beside the container's description. */
export function ctrLayout(images: Uint8Array): Files {
  const files: Files = { 'oci-layout': json({ imageLayoutVersion: '1.0.0' }) };
  const kind = (name: string): string => `application/vnd.containerd.container.${name}`;
  const index = json({
    schemaVersion: 2,
    manifests: [
      stored(files, images, kind('criu.checkpoint.criu.tar')),
      stored(files, Buffer.from('\n\x04runc'), kind('checkpoint.config.v1+proto')),
      stored(files, Buffer.from('io.containerd.runc.v2'), kind('checkpoint.runtime.name')),
    ],
  });
  const descriptor = stored(files, index, 'application/vnd.oci.image.index.v1+json');
  files['index.json'] = json({ schemaVersion: 2, manifests: [descriptor] });
  return files;
}

/** What `docker save` writes; podman and skopeo name the layer HEX.tar. */
export function dockerArchive(layer: Uint8Array, path: string = `${sha256(layer)}/layer.tar`): Files {
  const config = json({ os: 'linux' });
  return {
    [`${sha256(config)}.json`]: config,
    [path]: layer,
    'manifest.json': json([{ Config: `${sha256(config)}.json`, RepoTags: ['ckpt:1'], Layers: [path] }]),
  };
}

/** skopeo's dir: */
export function skopeoDir(layer: Uint8Array): Files {
  const descriptor = { mediaType: LAYER, digest: `sha256:${sha256(layer)}`, size: layer.length };
  return {
    version: Buffer.from('Directory Transport Version: 1.1\n'),
    [sha256(layer)]: layer,
    'manifest.json': json({ schemaVersion: 2, mediaType: MANIFEST, layers: [descriptor] }),
  };
}

export function tarred(files: Files, prefix = ''): Buffer {
  return tarOf(...Object.entries(files).map(([name, data]) => ({ name: `${prefix}${name}`, data })));
}
