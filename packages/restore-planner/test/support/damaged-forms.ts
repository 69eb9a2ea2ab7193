// A given checkpoint in every form it can come in, in memory.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageName, imageStem } from '../../src/image/image-name.ts';
import { missingImage } from '../../src/image/missing.ts';
import type { PartStore } from '../../src/image/part-store.ts';
import { readImages, readProcesses } from '../../src/image/read-images.ts';
import { readCritJson } from '../../src/json/crit-json.ts';
import { readCheckpointBytes } from '../../src/read-bytes.ts';
import { gzip, podmanTar, zstdStored } from './archives.ts';
import { ociLayout, tarred } from './container-images.ts';
import type { DamagedForm, Files } from './damage.ts';
import { GROUND_TRUTH, givenImages } from './given-images.ts';
import { memorySource } from './images.ts';
import { MemoryBytes } from './memory-bytes.ts';

/** @param stride Of the large forms: cut at every so many bytes, but ten times at least; of images 41 times as often. */
export function damagedForms(name: string, stride = 1): DamagedForm[] {
  // The kinds that are not read do not matter here.
  const all = givenImages(name);
  const images = Object.fromEntries(Object.entries(all).filter(([file]) => imageName(file, 'img') !== undefined));
  const archive = podmanTar(images);
  const one = (form: string, bytes: Uint8Array, endMark: number): DamagedForm => ({
    name: form,
    files: { archive: bytes },
    read: ({ archive }) => readCheckpointBytes(new MemoryBytes(archive!, { pieceSize: 65_536 })),
    isCutRefused: endMark === 0,
    stride: Math.max(1, Math.min(stride, Math.floor(bytes.length / 10))),
  });
  return [
    {
      name: 'images',
      files: images,
      read: (files) => readImages(memorySource(files)),
      isCutRefused: true,
      stride: Math.ceil(stride / 41),
    },
    { name: 'crit JSON', files: jsonOf(name), read: readJson, isCutRefused: false, stride: 16 * stride },
    one('tar', archive, 1),
    one('tar.gz', gzip(archive), 0),
    one('tar.zst', zstdStored(archive), 0),
    one('image of a container', tarred(ociLayout([gzip(archive)])), 1),
    one('listing', listingOf(name), 1),
  ];
}

function jsonOf(name: string): Files {
  const folder = join(GROUND_TRUTH, name);
  const files = readdirSync(folder).filter(
    (file) => imageName(file, 'json') !== undefined && file !== 'inventory.json',
  );
  return Object.fromEntries(files.map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]));
}

async function readJson(files: Files): ReturnType<DamagedForm['read']> {
  const store: PartStore = {
    path: 'memory',
    missing: (wanted) => missingImage(imageStem(wanted), 'no such file'),
    get: async (wanted) => {
      const bytes = files[`${imageStem(wanted)}.json`];
      return bytes && readCritJson(new MemoryBytes(bytes, { pieceSize: 65_536 }), wanted.kind);
    },
  };
  return readProcesses(store);
}

/** What /proc/PID/timers would say of its timers. */
function listingOf(name: string): Uint8Array {
  const cores = Object.entries(jsonOf(name)).filter(([file]) => file.startsWith('core-'));
  const ids = cores.flatMap(([, bytes]) =>
    [
      ...Buffer.from(bytes)
        .toString()
        .matchAll(/"it_id": (\d+)/g),
    ].map(([, id]) => id),
  );
  return Buffer.from(
    ids.map((id) => `ID: ${id}\nsignal: 14/000000000000000a\nnotify: signal/pid.7\nClockID: 1\n`).join(''),
  );
}
