// What counts as a checkpoint in a folder of many things.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findCheckpoints } from '@idspace/restore-planner';
import { BUDGET_SHARE } from '@idspace/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gzip, podmanTar } from './support/archives.ts';
import { GROUND_TRUTH } from './support/given-images.ts';
import { oneProcess } from './support/images.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-fleet-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function found(path: string = folder): Promise<string[]> {
  const paths: string[] = [];
  for await (const one of findCheckpoints(path)) paths.push(relative(folder, one));
  return paths;
}

test('folders and files that are checkpoints, sorted; links and other things are passed over', async () => {
  const tar = podmanTar(oneProcess([{ itId: 5 }]));
  cpSync(join(GROUND_TRUTH, 'sparse'), join(folder, 'a-images'), { recursive: true });
  mkdirSync(join(folder, 'b-unpacked', 'checkpoint'), { recursive: true });
  mkdirSync(join(folder, 'c-pre', 'pre-checkpoint'), { recursive: true });
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'd'), tar);
  writeFileSync(join(folder, 'e'), gzip(tar));
  writeFileSync(join(folder, 'f.tar'), 'damaged');
  writeFileSync(join(folder, 'g'), 'ID: 0\nsignal: 14/0\nnotify: signal/pid.1\nClockID: 1\n');
  writeFileSync(join(folder, 'h.json'), '{"magic": "CORE", "entries": []}');
  writeFileSync(join(folder, 'package.json'), '{"name": "x"}');
  writeFileSync(join(folder, 'empty'), '');
  symlinkSync(join(folder, 'd'), join(folder, 'latest.tar'));
  expect(await found()).toEqual(['a-images', 'b-unpacked', 'c-pre', 'd', 'e', 'f.tar', 'g', 'h.json']);
});

test('a path that is a checkpoint, or holds none, is the only one', async () => {
  expect(await found()).toEqual(['']);
  expect(await found(join(folder, 'absent'))).toEqual(['absent']);
  const images = join(GROUND_TRUTH, 'sparse');
  expect(await found(images)).toEqual([relative(folder, images)]);
});

test('checkpoints in folders below, however deep; only files named as archives count there', async () => {
  const tar = podmanTar(oneProcess([{ itId: 5 }]));
  for (const place of ['a/final', 'a/x/y/z/checkpoint', 'b']) {
    cpSync(join(GROUND_TRUTH, 'sparse'), join(folder, place), { recursive: true });
  }
  mkdirSync(join(folder, 'c', 'logs'), { recursive: true });
  writeFileSync(join(folder, 'c', 'dump.tar'), tar);
  writeFileSync(join(folder, 'c', 'logs', 'old.gz'), gzip(Buffer.from('log')));
  symlinkSync(join(folder, 'a'), join(folder, 'c', 'loop'));
  expect(await found()).toEqual(['a/final', 'a/x/y/z', 'b', 'c/dump.tar']);
});

// To make and to read so many folders takes seconds.
test.runIf(BUDGET_SHARE >= 1)(
  'more folders than are looked into are an error, with what was found before it',
  async () => {
    mkdirSync(join(folder, 'x'));
    for (let i = 0; i <= 10_000; i++) {
      mkdirSync(join(folder, 'x', `${i}`));
      mkdirSync(join(folder, 'x', `${i}`, 'y')); // what is empty is not counted
    }
    cpSync(join(GROUND_TRUTH, 'sparse'), join(folder, 'a'), { recursive: true });
    const paths: string[] = [];
    const all = async (): Promise<void> => {
      for await (const one of findCheckpoints(folder)) paths.push(relative(folder, one));
    };
    await expect(all()).rejects.toThrow(
      `${folder}: got more than 10000 folders, expected the folders that hold checkpoints`,
    );
    expect(paths).toEqual(['a']);
  },
);
