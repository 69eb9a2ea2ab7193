// What a checkpoint may have at most, and what is said of more. docs/limits.md names these tests.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, type CheckpointErrorCode, readCheckpoint } from '@idspace/restore-planner';
import { BUDGET_SHARE } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImages } from '../src/image/read-images.ts';
import { numbersIn } from '../src/proc/proc-text.ts';
import { gzip, type Member, memberBytes, podmanTar } from './support/archives.ts';
import * as ids from './support/id-images.ts';
import * as make from './support/images.ts';

/** For what takes seconds to make. */
const FULL = test.runIf(BUDGET_SHARE >= 1);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-limits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function read(bytes: Uint8Array): Promise<Checkpoint> {
  const path = join(folder, `${files++}`);
  writeFileSync(path, bytes);
  return readCheckpoint(path);
}
const images = (more: make.Images): Promise<unknown> =>
  readImages(make.memorySource(ids.wholeCheckpoint([{ pid: 7 }], more)));
const refused = (reading: Promise<unknown>, code: CheckpointErrorCode, got: string): Promise<void> =>
  expect(reading).rejects.toMatchObject({ name: 'CheckpointError', code, got: expect.stringContaining(got) });
const from1 = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const good = (): make.Images => make.oneProcess([{ itId: 5 }]);

describe('archives', () => {
  test('members of an archive', async () => {
    const members = (count: number): Buffer =>
      gzip(Buffer.concat([Buffer.alloc(512 * count, memberBytes({ name: 'x' })), podmanTar(good())]));
    // A folder and the three images of a process are members, too.
    expect((await read(members(2 ** 15 - 4))).processes).toHaveLength(1);
    await refused(read(members(2 ** 15)), 'too-large', 'more than 32768 members');
  });

  test('bytes of an extended header', async () => {
    const pax = memberBytes({ name: 'p', type: 'ExtendedHeader', size: 2 ** 20 + 1 });
    await refused(read(pax), 'too-large', 'an extended header of 1048577 bytes');
  });

  test('names and documents of an archive', async () => {
    for (const base of ['dump.log', `blobs/sha256/${'0'.repeat(64)}`]) {
      const record = ` path=${'n'.repeat(4000)}/${base}\n`; // a name for all that follow
      const data = Buffer.from(`${record.length + 4}${record}`);
      const named = memberBytes({ name: 'g', type: 'GlobalExtendedHeader', data });
      const members = Buffer.alloc(2100 * 512, memberBytes({ name: 'short' }));
      await refused(read(gzip(Buffer.concat([named, members]))), 'too-large', 'more than 8388608 bytes of names');
    }
    const document: Member = { name: `blobs/sha256/${'0'.repeat(64)}`, data: Buffer.alloc(65_536, '{') };
    const many = Buffer.alloc(140 * 66_048, memberBytes(document));
    await refused(read(gzip(many)), 'too-large', 'more than 8388608 bytes of names and documents');
  });

  FULL('other IDs of an archive', async () => {
    const half = ids.idImage('files', ids.inotifyFile(5, from1(2 ** 19)));
    const archive = podmanTar({ ...good(), 'files.img': half }, 'a/', [
      { name: 'b/files.img', data: half },
      { name: 'c/files.img', data: ids.idImage('files', ids.inotifyFile(5, [1])) },
    ]);
    await refused(read(archive), 'too-large', 'more than 1048576 watches, terminals and SysV objects');
  });
});

describe('images', () => {
  test('bytes of an entry', async () => {
    const claims = Buffer.concat([make.words(make.COMMON, make.CORE, 2 ** 24 + 1), Buffer.alloc(9)]);
    await refused(images({ 'core-7.img': claims }), 'too-large', 'an entry of 16777217 bytes');
  });

  test('unknown fields of an entry', async () => {
    const known = make.core([{ itId: 5 }]).subarray(12); // behind two magics and a length
    const core = (unknown: number): Uint8Array =>
      make.image([make.COMMON, make.CORE], Buffer.concat([known, Buffer.alloc(2 * unknown, Uint8Array.of(0x78, 1))]));
    await expect(images({ 'core-7.img': core(2 ** 21) })).resolves.toBeDefined();
    await refused(images({ 'core-7.img': core(2 ** 21 + 1) }), 'bad-message', 'more than 2097152 unknown fields');
  });

  test('processes and threads of a tree', async () => {
    const threads = Buffer.alloc(4 * 100_010);
    for (let i = 0; i < 100_010; i++) threads.set([0x28, (i & 127) | 128, ((i >> 7) & 127) | 128, i >> 14], 4 * i);
    const entry = Buffer.concat([Uint8Array.of(8, 7, 16, 0, 24, 7, 32, 7), threads]);
    await refused(
      images({ 'pstree.img': make.image([make.COMMON, make.PSTREE], entry) }),
      'too-large',
      'more than 100000 processes and threads',
    );
  });

  test('watches of an inotify file', async () => {
    const one = ids.idImage('files', ids.inotifyFile(5, from1(2 ** 19 + 1)));
    await refused(images({ 'files.img': one }), 'bad-message', 'more than 524288 wd');
  });

  FULL('watches of all inotify files', async () => {
    const [half, last] = [from1(2 ** 19), [1]].map((wds) => ids.inotifyFile(5, wds)) as [Uint8Array, Uint8Array];
    await refused(
      images({ 'files.img': ids.idImage('files', half, half, last) }),
      'too-large',
      'more than 1048576 watches',
    );
  });

  test('rings of a process', async () => {
    const rings = Buffer.alloc(9 * (2 ** 16 + 1), Uint8Array.of(0x82, 1, 6, 8, 1, 16, 62, 24, 0));
    await refused(images({ 'mm-7.img': ids.idImage('mm', rings) }), 'bad-message', 'more than 65536 aios');
  });

  FULL('objects of a kind in an image', async () => {
    const segments = (count: number): Uint8Array => ids.manyEntries('shm', count, (at) => ids.shm(at, 0));
    await expect(images({ 'ipcns-shm-9.img': segments(2 ** 16) })).resolves.toBeDefined();
    await refused(images({ 'ipcns-shm-9.img': segments(2 ** 16 + 1) }), 'too-large', 'more than 65536 of a kind');
  });

  test('messages in all queues', async () => {
    const none = Buffer.alloc(6 * (2 ** 16 + 1), Uint8Array.of(2, 0, 0, 0, 16, 0)); // each of no bytes
    const queue = ids.withContents('msg', [ids.msg(5, 2 ** 16 + 1), none]);
    await refused(images({ 'ipcns-msg-9.img': queue }), 'too-large', 'more than 65536 messages');
    await expect(images({ 'ipcns-msg-9.img': queue })).rejects.toMatchObject({ offset: 12 }); // behind two magics and a length
  });

  test('bytes of a segment', async () => {
    const segment = ids.idImage('shm', ids.shm(5, 0, 2n ** 50n + 1n, false));
    await refused(images({ 'ipcns-shm-9.img': segment }), 'truncated', 'the end of the file');
    const short = ids.withContents('shm', [ids.shm(5, 0, 4096n, false), new Uint8Array(4095)]);
    await refused(images({ 'ipcns-shm-9.img': short }), 'truncated', '4095 bytes');
    const whole = ids.withContents('shm', [ids.shm(5, 0, 4096n, false), new Uint8Array(4096)]);
    await expect(images({ 'ipcns-shm-9.img': whole })).resolves.toBeDefined();
  });

  FULL('timers in an image of their own', async () => {
    const old = { ...make.oneProcess([]), 'core-7.img': make.bareCore() };
    const one = make.timersImage([{ itId: 1 }]).subarray(4);
    const image = Buffer.concat([
      make.words(make.COMMON),
      make.timersImage([]),
      Buffer.alloc(one.length * (2 ** 18 + 1), one),
    ]);
    await refused(
      readImages(make.memorySource({ ...old, 'posix-timers-7.img': image })),
      'too-large',
      'more than 262144 entries',
    );
  });
});

describe('text', () => {
  FULL('tokens of JSON', async () => {
    const json = `{"magic":"CORE","x":[1${',1'.repeat(5_000_000)}]}`;
    await refused(read(Buffer.from(json)), 'too-large', 'more than 5000000 tokens');
  });

  test('bytes of JSON', async () => {
    const json = Buffer.alloc(64 * 2 ** 20 + 1, ' ');
    json.write('{"magic":"CORE","entries":[');
    await refused(read(json), 'too-large', '67108865 bytes');
  });

  test('characters of a line of a listing', async () => {
    await refused(read(Buffer.from(`ID: 1${'1'.repeat(200)}`)), 'bad-listing', 'a line of more than 128');
  });
});

FULL('numbers in a folder of processes', async () => {
  const proc = join(folder, 'proc');
  mkdirSync(proc);
  for (let pid = 1; pid <= 2 ** 16 + 1; pid++) writeFileSync(join(proc, `${pid}`), '');
  await refused(numbersIn(proc, undefined), 'too-large', 'more than 65536 IDs');
});
