// Files that a browser was given: a folder of them in memory is read as the same folder on disk is, errors included.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findCheckpoints, readCheckpoint } from '@idspace/restore-planner';
import { type FileMap, findCheckpointFiles, readCheckpointFiles } from '@idspace/restore-planner/read';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { podmanTar } from './support/archives.ts';
import { ctrLayout, dockerArchive, ociLayout, skopeoDir } from './support/container-images.ts';
import * as make from './support/images.ts';

const RECORDED = join(import.meta.dirname, 'ground-truth');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Files = Record<string, Uint8Array | string>;

const mapOf = (files: Files): FileMap =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, new Blob([bytes as Uint8Array<ArrayBuffer>])]));

function filesOn(disk: string): Files {
  const paths = readdirSync(disk, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(disk, path).replaceAll('\\', '/'), readFileSync(path)]));
}

function written(files: Files): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** What reading gives, with paths from `top` on. */
async function outcome(reading: Promise<unknown>, top: string): Promise<unknown> {
  const plain = (text: string): string => (top === '' ? text : text.replaceAll(`${top}/`, ''));
  return reading.then(
    (checkpoint) => ({ ...(checkpoint as object), source: plain((checkpoint as { source: string }).source) }),
    (error) => ({ code: error.code, message: plain(error.message) }),
  );
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('every recorded folder', () => {
  const files = filesOn(RECORDED);
  const folders = [...new Set(Object.keys(files).map((path) => dirname(path)))].filter((path) => path.includes('/'));

  test('is found and read in memory as on disk', async () => {
    const map = mapOf(files);
    const onDisk = (await all(findCheckpoints(RECORDED))).map((path) => relative(RECORDED, path));
    expect(onDisk.length).toBeGreaterThan(30);
    expect(await all(findCheckpointFiles(map))).toEqual(onDisk);
    for (const path of folders) {
      const inMemory = await outcome(readCheckpointFiles(map, path), '');
      expect(inMemory, path).toEqual(await outcome(readCheckpoint(join(RECORDED, path)), RECORDED));
    }
  });

  test('what is not needed of it is not read', async () => {
    const read: string[] = [];
    const watched = new Map(
      Object.entries(files).map(([path, bytes]) => {
        const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
        const slice = (start: number, end: number): Blob => {
          read.push(path);
          return blob.slice(start, end);
        };
        return [path, { size: blob.size, slice }];
      }),
    );
    await readCheckpointFiles(watched, 'criu/sparse');
    expect(read.length).toBeGreaterThan(2);
    expect(read.filter((path) => !path.startsWith('criu/sparse/') || path.includes('pages-'))).toEqual([]);
  });
});

test('what an archive has besides is passed over, not read', async () => {
  const pages = new Uint8Array(2 ** 22);
  const bytes = podmanTar({ 'pages-1.img': pages, ...make.oneProcess([{ itId: 5 }]) });
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  let read = 0;
  const slice = (start: number, end: number): Blob => {
    read += end - start;
    return blob.slice(start, end);
  };
  const { processes } = await readCheckpointFiles(new Map([['web.tar', { size: blob.size, slice }]]), 'web.tar');
  expect(processes[0]!.timers.map(({ id }) => id)).toEqual([5]);
  expect(read).toBeLessThan(2 ** 20);
});

const images: Files = make.oneProcess([{ itId: 5 }]);
const below = (place: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${place}/${path}`, bytes]));
const without = (name: RegExp, files: Files): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !name.test(path)));
const tar = podmanTar(make.oneProcess([{ itId: 5 }]));
const FAILED = '(00.1) Error (criu/x.c:1): no\n(00.2) Error (criu/cr-dump.c:1): Dumping FAILED.\n';

const FOLDERS: [string, Files][] = [
  ['images', below('web', images)],
  [
    'an archive unpacked, with where it is from',
    { ...below('web/checkpoint', images), 'web/config.dump': '{"name":"nginx","id":"f00"}' },
  ],
  ['a pod', { 'web/pod.options': '{}', ...below('web/a/checkpoint', images), ...below('web/b/checkpoint', images) }],
  ['an OCI layout', below('web', ociLayout([tar]))],
  ['an export of ctr', below('web', ctrLayout(podmanTar(make.oneProcess([{ itId: 5 }]), '')))],
  ['an archive of docker, unpacked', below('web', dockerArchive(tar))],
  ["a folder of skopeo's", below('web', skopeoDir(tar))],
  ['an image whose layer is missing', without(/[0-9a-f]{64}$/, below('web', skopeoDir(tar)))],
  ['a pre-dump', { 'web/pre-checkpoint/inventory.img': 'x' }],
  ['a dump that failed', { ...without(/inventory/, below('web/checkpoint', images)), 'web/dump.log': FAILED }],
  ['images of which one is missing', without(/core/, below('web', images))],
  ['images of which one is damaged', { ...below('web', images), 'web/pstree.img': 'no image' }],
  ['an image that is a folder', { ...without(/pstree/, below('web', images)), 'web/notes.txt': 'x' }],
  ['JSON that is none', { 'web/pstree.json': '{' }],
  ['notes', { 'web/notes.txt': 'x', 'web/more/notes.txt': 'y' }],
];

test.each(FOLDERS)('%s: the same in memory as on disk', async (_, files) => {
  written(files);
  const onDisk = await outcome(readCheckpoint(join(folder, 'web')), folder);
  expect(await outcome(readCheckpointFiles(mapOf(files), 'web'), '')).toEqual(onDisk);
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  expect(await outcome(readCheckpointFiles(mapOf(reversed), './web/'), '')).toEqual(onDisk);
});

test('the top is a folder, too, and a single file is read as what it is', async () => {
  const top = await readCheckpointFiles(mapOf(images));
  expect(top).toMatchObject({ source: 'the folder', complete: true });
  expect(await all(findCheckpointFiles(mapOf(images)))).toEqual(['']);
  const { processes } = await readCheckpointFiles(mapOf({ 'a/b.tar': tar }), 'a/b.tar');
  expect(processes).toEqual(top.processes);
});

test('refuses a path where nothing is, and the folder of a process', async () => {
  await expect(readCheckpointFiles(mapOf(images), 'nowhere')).rejects.toMatchObject({
    code: 'unreadable',
    file: 'nowhere',
  });
  await expect(all(findCheckpointFiles(mapOf(images), 'nowhere'))).rejects.toMatchObject({ code: 'unreadable' });
  const process = mapOf({ '12/timers': '', '12/status': '', '12/task/12/status': '' });
  await expect(readCheckpointFiles(process, '12')).rejects.toMatchObject({
    code: 'unsupported-format',
    expected: 'the text of its file timers, or a checkpoint',
  });
});

test('a signal stops the reading', async () => {
  const signal = AbortSignal.abort('enough');
  await expect(readCheckpointFiles(mapOf(below('web', images)), 'web', { signal })).rejects.toBe('enough');
});
