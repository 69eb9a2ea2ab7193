// Archives for tests: tar, and zstd without a compressor.
import { gzipSync } from 'node:zlib';
import { Header } from 'tar/header';
import type { EntryTypeName } from 'tar/types';

const BLOCK = 512;

/** A member; a size other than its data's is a lie. */
export interface Member {
  name: string;
  data?: Uint8Array;
  type?: EntryTypeName;
  size?: number;
  link?: string;
}

/** A tar archive of these members, with its end mark. */
export function tarOf(...members: Member[]): Buffer {
  return Buffer.concat([...members.map(memberBytes), Buffer.alloc(2 * BLOCK)]);
}

export function memberBytes({ name, data = new Uint8Array(0), type = 'File', size, link }: Member): Buffer {
  const header = new Header({ path: name, size: size ?? data.length, mode: 0o600, mtime: new Date(0) });
  header.type = type;
  if (link !== undefined) header.linkpath = link;
  header.encode();
  return Buffer.concat([header.block!, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** Images as podman archives them. */
export function podmanTar(images: Record<string, Uint8Array>, prefix = 'checkpoint/', extra: Member[] = []): Buffer {
  const members = Object.entries(images).map(([name, data]) => ({ name: `${prefix}${name}`, data }));
  return tarOf({ name: prefix || './', type: 'Directory' }, ...members, ...extra);
}

export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes);

/** A zstd frame of stored blocks, window 128 KiB. */
export function zstdStored(bytes: Uint8Array): Buffer {
  const SIZE = 128 * 1024;
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3)];
  for (let at = 0; at === 0 || at < bytes.length; at += SIZE) {
    const block = bytes.subarray(at, at + SIZE);
    const head = (block.length << 3) | (at + SIZE >= bytes.length ? 1 : 0);
    parts.push(Uint8Array.of(head, head >> 8, head >> 16), block);
  }
  return Buffer.concat(parts);
}
