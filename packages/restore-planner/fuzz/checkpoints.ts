// Whole checkpoints of all ID spaces: read from a folder and from an archive, then planned.
import { deepStrictEqual } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { type FuzzTarget, type FuzzTargets, json, tar } from '@idspace/testkit/fuzz';
import type { Checkpoint } from '../src/read.ts';
import { readCheckpointBlob, readCheckpointFiles } from '../src/read.ts';
import { podmanTar, tarOf, zstdStored } from '../test/support/archives.ts';
import { ctrLayout, dockerArchive, ociLayout, skopeoDir, tarred } from '../test/support/container-images.ts';
import { dumps, type Files, filesOf, formsOf, planAll, unlessRefused } from './support.ts';

const LONGEST = 2 ** 17; // bytes of an archive
const LONGEST_FILE = 8192; // bytes of a file to begin with

const read = (bytes: Uint8Array): Promise<Checkpoint> =>
  readCheckpointBlob(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'input');

/** The files of a plain archive: a name that comes again stands for the last. */
function filesIn(archive: Uint8Array): Files {
  const files: Files = {};
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      Buffer.from(archive.subarray(at + from, at + from + length))
        .toString('latin1')
        .replace(/\0.*/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    if (!(size >= 0)) break;
    if (text(156, 1) === '0') files[text(0, 100)] = archive.slice(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function blobs(files: Files): Map<string, Blob> {
  const named = Object.entries(files).filter(([name]) => name !== '');
  return new Map(named.map(([name, bytes]) => [name, new Blob([bytes as Uint8Array<ArrayBuffer>])]));
}

function* archives(): Generator<Uint8Array> {
  for (const folder of dumps()) {
    const images = Object.fromEntries(
      Object.entries(filesOf(folder, '.img')).filter(([, { length }]) => length <= LONGEST_FILE),
    );
    yield podmanTar(images);
  }
}

const folders: FuzzTarget = {
  seeds: archives,
  structures: [tar(formsOf)],
  longest: LONGEST,
  isSlow: true,
  run: async (input) => {
    const checkpoint = await unlessRefused(() => readCheckpointFiles(blobs(filesIn(input)), ''));
    if (checkpoint !== undefined) planAll(checkpoint);
  },
};

const archivesTarget: FuzzTarget = {
  seeds: archives,
  structures: [tar(formsOf)],
  longest: LONGEST,
  isSlow: true,
  run: async (input) => {
    const [plain, zipped, framed] = await Promise.all(
      [input, gzipSync(input, { level: 1 }), zstdStored(input)].map((bytes) => unlessRefused(() => read(bytes))),
    );
    // What is refused in one form may be read in another: a plain archive is not read behind its end mark.
    if (plain !== undefined && zipped !== undefined)
      deepStrictEqual({ ...zipped, source: '' }, { ...plain, source: '' });
    if (zipped !== undefined || framed !== undefined) deepStrictEqual(framed, zipped);
    if (plain !== undefined) planAll(plain);
  },
};

function* layouts(): Generator<Uint8Array> {
  for (const folder of dumps().slice(0, 4)) {
    const layer = podmanTar(
      Object.fromEntries(Object.entries(filesOf(folder, '.img')).filter(([, { length }]) => length <= LONGEST_FILE)),
    );
    for (const files of [
      ociLayout([gzipSync(layer)]),
      ociLayout([layer], { nested: true }),
      ctrLayout(layer),
      dockerArchive(layer),
    ]) {
      yield tarred(files);
    }
    yield tarred(skopeoDir(layer));
    const members = Object.entries({ 'one/checkpoint.tar': layer }).map(([name, data]) => ({ name, data }));
    yield tarOf({ name: 'pod.options', data: Buffer.from('{"version":1,"containers":{"c":"one"}}') }, ...members);
  }
}

const oci: FuzzTarget = {
  seeds: layouts,
  structures: [
    tar((name) => (/^[0-9a-f]{64}|\/[0-9a-f]{64}$|layer|\.tar$/.test(name) ? [json, tar(formsOf)] : formsOf(name))),
  ],
  longest: LONGEST,
  isSlow: true,
  run: async (input) => {
    const archive = await unlessRefused(() => read(input));
    const folder = await unlessRefused(() => readCheckpointFiles(blobs(filesIn(input)), ''));
    for (const checkpoint of [archive, folder]) if (checkpoint !== undefined) planAll(checkpoint);
  },
};

/** Bytes of anything, compressed or not. */
const bytes: FuzzTarget = {
  seeds: function* () {
    for (const archive of [...archives()].slice(0, 6)) yield* [archive, gzipSync(archive), zstdStored(archive)];
  },
  longest: LONGEST,
  isSlow: true,
  run: async (input) => {
    const checkpoint = await unlessRefused(() => read(input));
    if (checkpoint !== undefined) planAll(checkpoint);
  },
};

export const TARGETS: FuzzTargets = { folder: folders, archive: archivesTarget, oci, bytes };
