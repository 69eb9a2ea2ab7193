// A checkpoint in a tar archive, as podman, CRI-O, containerd and the kubelet write it, or in the archive of a container image.
import type { ByteSource } from '../bytes/byte-source.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { missingImage } from '../image/missing.ts';
import { isBlobName, memberBlobs } from '../oci/blobs.ts';
import { imageContainers } from '../oci/image-containers.ts';
import type { Checkpoint } from '../types.ts';
import { collect } from './collect.ts';
import { containersIn, nothingWhole } from './containers-in.ts';
import { Kept } from './kept.ts';
import { merged } from './merge-containers.ts';

/**
 * Reads the checkpoint, or a pod's checkpoints, in an archive.
 *
 * @throws CheckpointError if the archive is damaged or holds none, or as for a directory of images.
 * Cost: memory for one image entry, at most 16 MiB, beside what is found; a plain archive is read at its headers and needed members only.
 */
export async function readArchive(bytes: ByteSource, options: ReadOptions): Promise<Checkpoint> {
  const { name } = bytes;
  const { directories, blobs } = await collect(bytes, new Kept(name), options, isBlobName);
  const containers = await containersIn(name, directories);
  if (containers.length > 0) return merged(name, containers);
  const unfinished = nothingWhole(name, directories);
  if (unfinished !== undefined) throw unfinished;
  if (blobs.size > 0) return merged(name, await imageContainers(name, memberBlobs(blobs)));
  throw missingImage(name, 'an archive without inventory.img');
}
