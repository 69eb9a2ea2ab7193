// Given images against crit's JSON, and every way in which a directory of images can be wrong.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError, type CheckpointErrorCode, readCheckpoint } from '@idspace/restore-planner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readImages } from '../src/image/read-images.ts';
import { CASES, critJson, GROUND_TRUTH } from './support/given-images.ts';
import type { Images } from './support/images.ts';
import * as make from './support/images.ts';

const NOTIFY: Record<number, string> = { 0: 'signal', 1: 'none', 2: 'thread', 4: 'thread-id' };

describe.each(CASES)('%s', (name) => {
  test('equals what crit decodes', async () => {
    const checkpoint = await readCheckpoint(join(GROUND_TRUTH, name));
    expect(checkpoint).toMatchObject({ source: join(GROUND_TRUTH, name), format: 'criu-v1.1' });
    const tasks = critJson(name, 'pstree').entries;
    expect(checkpoint.processes).toHaveLength(tasks.length);
    for (const [index, process] of checkpoint.processes.entries()) {
      const { pid, ppid, threads } = tasks[index];
      expect(process).toMatchObject({ pid, ppid, threads });
      const { tc } = critJson(name, `core-${pid}`).entries[0];
      expect(process.rlimitSigpending).toBe(BigInt(tc.rlimits.rlimits[11].cur));
      expect(process.timers.map(({ clockName: _, ...timer }) => timer)).toEqual(tc.timers.posix.map(expectedTimer));
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: crit's JSON has no schema.
function expectedTimer(entry: any): object {
  return {
    id: entry.it_id,
    clock: entry.clock_id > 2 ** 31 ? entry.clock_id - 2 ** 32 : entry.clock_id,
    notify: NOTIFY[entry.it_sigev_notify],
    signo: entry.si_signo,
    sival: BigInt(entry.sival_ptr),
    interval: { sec: BigInt(entry.isec), nsec: BigInt(entry.insec) },
    value: { sec: BigInt(entry.vsec), nsec: BigInt(entry.vnsec) },
    overrun: entry.overrun,
    ...('notify_thread_id' in entry && { notifyThreadId: entry.notify_thread_id }),
  };
}

const read = (images: Images) => readImages(make.memorySource(images));

/** Asserts that the images are refused, and what the error says. */
async function refused(images: Images, code: CheckpointErrorCode, text: string): Promise<CheckpointError> {
  const error = await read(images).then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  expect(error).toMatchObject({ code });
  expect((error as CheckpointError).message).toContain(text);
  return error as CheckpointError;
}

describe('values', () => {
  test('64-bit fields are lossless', async () => {
    const { processes } = await read(make.oneProcess([make.timer({ sivalPtr: 2n ** 64n - 1n })], 2n ** 64n - 1n));
    expect(processes[0]!.timers[0]!.sival).toBe(18446744073709551615n);
    expect(processes[0]!.rlimitSigpending).toBe(18446744073709551615n);
  });

  test('no limits in the image: null; no timers: none', async () => {
    expect((await read(make.oneProcess([]))).processes).toEqual([
      { pid: 7, ppid: 0, threads: [7], timers: [], rlimitSigpending: null },
    ]);
  });

  test('a tree of processes, in order', async () => {
    const { processes } = await read({
      'inventory.img': make.inventory(2),
      'pstree.img': make.pstree({ pid: 9, threads: [9, 10] }, { pid: 3, ppid: 9 }),
      'core-9.img': make.core([{ itId: 2 ** 31 - 1 }, { itId: 0 }]),
      'core-10.img': make.threadCore(),
      'core-3.img': make.core([{ itId: 0 }]),
    });
    expect(processes.map(({ pid, ppid }) => [pid, ppid])).toEqual([
      [9, 0],
      [3, 9],
    ]);
    expect(processes[0]!.timers.map(({ id }) => id)).toEqual([2 ** 31 - 1, 0]);
  });
});

describe('refuses', () => {
  const good = (): Images => make.oneProcess([{ itId: 5 }]);

  test('unknown formats, and images of another format than the inventory states', async () => {
    const v3 = await refused({ ...good(), 'inventory.img': make.inventory(3) }, 'unsupported-format', 'img_version 3');
    expect(v3).toMatchObject({ file: 'inventory.img', expected: 'format v1 (img_version 1) or v1.1 (2)' });
    const v1 = await refused({ ...good(), 'inventory.img': make.inventory(1) }, 'bad-magic', 'got 0x54564319');
    expect(v1).toMatchObject({ file: 'pstree.img', offset: 0, expected: '0x50273030 of a v1 pstree image' });
  });

  test.each(['inventory.img', 'pstree.img', 'core-7.img'])('a missing %s', async (name) => {
    const { [name]: _, ...rest } = good();
    expect(await refused(rest, 'missing-file', name)).toMatchObject({ file: name, offset: null });
  });

  test('a missing thread image', async () => {
    const images = { ...good(), 'pstree.img': make.pstree({ pid: 7, threads: [7, 8] }) };
    await refused(images, 'missing-file', 'core-8.img');
  });

  test('wrong magics, with their place', async () => {
    const swapped = { ...good(), 'pstree.img': make.core([]) };
    expect(await refused(swapped, 'bad-magic', '0x55053847')).toMatchObject({ file: 'pstree.img', offset: 4 });
    const headless = { ...good(), 'core-7.img': make.headless(good()['core-7.img']!) };
    expect(await refused(headless, 'bad-magic', 'byte 0')).toMatchObject({
      expected: '0x54564319 of a v1.1 core image',
    });
  });

  test('no entry', async () => {
    const empty = make.image([make.COMMON, make.PSTREE]);
    await refused({ ...good(), 'pstree.img': empty }, 'bad-entry-count', 'no entry, expected at least one');
    await refused({ ...good(), 'core-7.img': make.image([make.COMMON, make.CORE]) }, 'bad-entry-count', 'no entry');
  });

  test('an entry that lies about its size, unread', async () => {
    const huge = Buffer.concat([make.words(make.COMMON, make.CORE, 2 ** 24 + 1), Buffer.alloc(8)]);
    await refused(
      { ...good(), 'core-7.img': huge },
      'too-large',
      'an entry of 16777217 bytes, expected at most 16777216',
    );
    const long = Buffer.concat([make.words(make.COMMON, make.CORE, 2 ** 24), Buffer.alloc(8)]);
    await refused({ ...good(), 'core-7.img': long }, 'truncated', 'got 8 bytes, expected 16777216 bytes of entry');
  });

  /** tc (3) → timers (7) → posix (4) around the bytes of a timer. */
  const around = (bytes: number[]): Images => {
    const wrap = (tag: number, inner: number[]): number[] => [tag, inner.length, ...inner];
    const payload = Uint8Array.from(wrap(0x1a, wrap(0x3a, wrap(0x22, bytes))));
    return { ...good(), 'core-7.img': make.image([make.COMMON, make.CORE], payload) };
  };
  const fields = [0x08, 5, 0x10, 1, 0x18, 0, 0x20, 1, 0x28, 0, 0x30, 0, 0x38, 0, 0x40, 0, 0x48, 0, 0x50, 0];

  test('a timer without a required field', async () => {
    expect((await read(around(fields))).processes[0]!.timers[0]!.id).toBe(5);
    for (let field = 0; field < 10; field++) {
      await refused(around(fields.toSpliced(2 * field, 2)), 'bad-message', 'without the required field');
    }
    await refused(
      { ...good(), 'pstree.img': make.image([make.COMMON, make.PSTREE], Uint8Array.of(8, 7)) },
      'bad-message',
      'ppid',
    );
  });

  test('a field of the wrong wire type, where the library would take its bytes for a number', async () => {
    const error = await refused(around([0x0a, 5, ...fields.slice(2)]), 'bad-message', 'it_id with wire type 2');
    expect(error.offset).toBe(8 + 4 + 6 + 1);
  });

  test('a nested message that runs past its end', async () => {
    const images = around(fields);
    images['core-7.img']![8 + 4 + 5]! += 1;
    await refused(images, 'bad-message', 'posix of 21 bytes with 20 left');
  });
});

describe('in a directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'restore-planner-'));
    for (const [name, bytes] of Object.entries(make.oneProcess([{ itId: 5 }])))
      writeFileSync(join(directory, name), bytes);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const fails = (path: string) => expect(readCheckpoint(path)).rejects;

  test('reads what was written, through a link to the directory too', async () => {
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    try {
      expect((await readCheckpoint(link)).processes[0]!.timers[0]!.id).toBe(5);
    } finally {
      rmSync(link);
    }
  });

  test('refuses what is not a directory of images', async () => {
    await fails(join(directory, 'absent')).toMatchObject({ code: 'unreadable', got: 'no such file or directory' });
    const one = { code: 'unsupported-format', got: 'one image alone', expected: `the folder it is in, ${directory}` };
    await fails(join(directory, 'pstree.img')).toMatchObject(one);
    mkdirSync(join(directory, 'empty'));
    await fails(join(directory, 'empty')).toMatchObject({ code: 'missing-file', got: 'an empty directory' });
  });

  test('refuses links, folders and pipes in place of an image', async () => {
    const path = join(directory, 'core-7.img');
    rmSync(path);
    symlinkSync(join(GROUND_TRUTH, 'sparse', 'core-11884.img'), path);
    await fails(directory).toMatchObject({ code: 'not-a-file', file: path, got: 'a symbolic link' });
    rmSync(path);
    mkdirSync(path);
    await fails(directory).toMatchObject({ code: 'not-a-file', got: 'a directory' });
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
    await fails(directory).toMatchObject({ code: 'not-a-file', got: 'a device, pipe or socket' });
  });

  test('of a sparse file of 1 TiB reads the entry that counts, and refuses the first lie of one that is read to its end', async () => {
    truncateSync(join(directory, 'core-7.img'), 2 ** 40);
    expect((await readCheckpoint(directory)).processes[0]!.timers[0]!.id).toBe(5);
    truncateSync(join(directory, 'pstree.img'), 2 ** 40);
    await fails(directory).toMatchObject({ code: 'bad-message', got: expect.stringContaining('required field pid') });
  });

  test.skipIf(process.getuid?.() === 0)('refuses what it may not read', async () => {
    chmodSync(join(directory, 'core-7.img'), 0);
    await fails(directory).toMatchObject({ code: 'unreadable', file: join(directory, 'core-7.img') });
  });
});

describe('format v1', () => {
  const TIMER = make.timer({ itId: 9, clockId: 2 ** 32 - 6 });

  test('images without a head, with timers and limits in the core image', async () => {
    const { 'inventory.img': _, ...rest } = make.oneProcess([{ itId: 5 }], 77n);
    const old = Object.fromEntries(Object.entries(rest).map(([name, bytes]) => [name, make.headless(bytes)]));
    const checkpoint = await read({ 'inventory.img': make.inventory(1), ...old });
    expect(checkpoint).toMatchObject({ format: 'criu-v1', complete: true });
    expect(checkpoint.processes[0]).toMatchObject({ timers: [{ id: 5 }], rlimitSigpending: 77n });
  });

  test('timers and limits in images of their own, or none', async () => {
    const images = (extra: Images): Images => ({
      'inventory.img': make.inventory(1),
      'pstree.img': make.headless(make.pstree({ pid: 7 })),
      'core-7.img': make.headless(make.bareCore()),
      ...extra,
    });
    const legacy = images({
      'posix-timers-7.img': make.timersImage([TIMER, { ...TIMER, itId: 3 }]),
      'itimers-7.img': Uint8Array.of(1, 2, 3), // not about POSIX timers
      'rlimit-7.img': make.limitsImage(33n),
    });
    expect((await read(legacy)).processes[0]).toMatchObject({
      timers: [{ id: 9, clock: -6 }, { id: 3 }],
      rlimitSigpending: 33n,
    });
    expect((await read(images({}))).processes[0]).toMatchObject({ timers: [], rlimitSigpending: null });
    await refused(
      images({ 'posix-timers-7.img': make.inventory(1) }),
      'bad-magic',
      'or 0x52603957 of a v1 posix-timers',
    );
  });
});
