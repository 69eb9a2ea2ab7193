// What is left of a dump that did not succeed, pre-dumps, and folders in which there is nothing: each is said as what it is.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCheckpoint } from '@idspace/restore-planner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tarred } from './support/container-images.ts';
import * as make from './support/images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-unfinished-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (value: string): Uint8Array => Buffer.from(value);
const LOG =
  '(00.000100) Version: 4.2 (gitid v4.2)\n(00.020000) Error (criu/sk-unix.c:900): Unix socket 7 has a peer\n' +
  '(00.030000) Unlock network\n(00.031000) Error (criu/cr-dump.c:2098): Dumping FAILED.\n';
const leftover = { 'ids-1.img': text('x'), 'fdinfo-2.img': text('x'), 'pagemap-1.img': text('x') };

/** As a folder, and as an archive; both are to end alike. */
async function both(files: Record<string, Uint8Array>, expected: object): Promise<void> {
  const path = join(folder, 'dump');
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  writeFileSync(join(folder, 'dump.tar'), tarred(files));
  for (const one of [path, join(folder, 'dump.tar')]) {
    await expect(readCheckpoint(one)).rejects.toMatchObject({ name: 'CheckpointError', ...expected });
  }
  rmSync(path, { recursive: true });
}

describe('a dump that failed', () => {
  const got =
    'a dump that failed: its dump.log ends with "Error (criu/cr-dump.c:2098): Dumping FAILED.", after "Error (criu/sk-unix.c:900): Unix socket 7 has a peer"';

  test('tells the last line of its log, and the first error', async () => {
    await both({ ...leftover, 'dump.log': text(LOG) }, { code: 'failed-dump', got });
    await both({ 'checkpoint/ids-1.img': text('x'), 'checkpoint/dump.log': text(LOG) }, { code: 'failed-dump', got });
    await both({ 'checkpoint/ids-1.img': text('x'), 'dump.log': text(LOG) }, { code: 'failed-dump', got });
  });

  test('however long the log, and whatever is in its lines', async () => {
    const long = text(`${'(00.000001) cg: nothing of note\n'.repeat(20_000)}${LOG}`);
    await both({ ...leftover, 'dump.log': long }, { code: 'failed-dump', got });
    const odd = text(`Error (x): \x1b[31m${'y'.repeat(9_000)}\nDumping FAILED.\n`);
    await both(
      { ...leftover, 'dump.log': odd },
      { code: 'failed-dump', got: expect.stringMatching(/^\P{Cc}{1,300}$/u) },
    );
  });

  test('without a log: inventory.img is what a dump ends with', async () => {
    await both(leftover, { code: 'failed-dump', got: expect.stringContaining('images without inventory.img') });
    const { 'inventory.img': _, ...rest } = make.oneProcess([{ itId: 5 }]);
    await both(rest, { code: expect.stringMatching(/failed-dump|missing-file/) });
  });

  test('a log that says nothing of it makes no failed dump', async () => {
    const { 'core-7.img': _, ...rest } = make.oneProcess([{ itId: 5 }]);
    await both({ ...rest, 'dump.log': text('(00.1) Dumping finished successfully\n') }, { code: 'missing-file' });
  });
});

describe('a pre-dump', () => {
  const pages = { 'inventory.img': make.inventory(2), 'pagemap-7.img': text('x'), 'stats-dump': text('x') };

  test('alone is one', async () => {
    await both(pages, { code: 'pre-dump' });
  });

  test('beside a full dump does not matter', async () => {
    const full = { ...make.oneProcess([{ itId: 5 }]), 'pagemap-7.img': text('x') };
    const files: Record<string, Uint8Array> = {};
    for (const [place, images] of Object.entries({ '000': pages, '001': pages, final: full })) {
      for (const [name, bytes] of Object.entries(images)) files[`state/${place}/${name}`] = bytes;
    }
    writeFileSync(join(folder, 'state.tar'), tarred(files));
    expect((await readCheckpoint(join(folder, 'state.tar'))).processes).toHaveLength(1);
  });
});

test('folders in which there is no checkpoint', async () => {
  await expect(readCheckpoint(folder)).rejects.toMatchObject({ code: 'missing-file', got: 'an empty directory' });
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'notes.txt'), 'x');
  await expect(readCheckpoint(folder)).rejects.toMatchObject({
    code: 'missing-file',
    file: folder,
    got: 'a folder without a checkpoint',
  });
});

describe('images of a big-endian machine', () => {
  const swapped = (images: make.Images): make.Images =>
    Object.fromEntries(
      Object.entries(images).map(([name, bytes]) => {
        const copy = Buffer.from(bytes);
        copy.subarray(0, copy.length - (copy.length % 4)).swap32();
        return [name, copy];
      }),
    );

  test('are named', async () => {
    const images = make.oneProcess([{ itId: 5 }]);
    await both(swapped(images), { code: 'unsupported-format', got: expect.stringContaining('a big-endian image') });
    const core = { ...images, 'core-7.img': swapped(images)['core-7.img']! };
    await both(core, { code: 'unsupported-format', got: expect.stringContaining('a big-endian image') });
  });
});

test('a link where the log should be is not followed', async () => {
  const path = join(folder, 'dump');
  mkdirSync(path);
  writeFileSync(join(path, 'ids-1.img'), 'x');
  writeFileSync(join(folder, 'log'), LOG);
  symlinkSync(join(folder, 'log'), join(path, 'dump.log'));
  await expect(readCheckpoint(path)).rejects.toMatchObject({ got: expect.stringContaining('without inventory.img') });
});
