// Archives as podman, CRI-O, containerd and the kubelet write them, and every way in which one can be wrong.
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, type CheckpointErrorCode, readCheckpoint } from '@idspace/restore-planner';
import { withinBudget } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gzip, type Member, memberBytes, podmanTar, tarOf, zstdStored } from './support/archives.ts';
import { CASES, GROUND_TRUTH, givenImages } from './support/given-images.ts';
import { zstdBomb } from './support/hostile-inputs.ts';
import * as make from './support/images.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const text = (value: string): Uint8Array => Buffer.from(value);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-archives-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function written(bytes: Uint8Array, name = `${files++}`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const read = (bytes: Uint8Array): Promise<Checkpoint> => readCheckpoint(written(bytes));
const good = (): make.Images => make.oneProcess([{ itId: 5 }]);
const refused = (bytes: Uint8Array, code: CheckpointErrorCode, got: string | RegExp): Promise<void> =>
  expect(read(bytes)).rejects.toMatchObject({
    name: 'CheckpointError',
    code,
    got: typeof got === 'string' ? got : expect.stringMatching(got),
  });

describe.each(withinBudget(CASES, { least: 4 }))('%s', (name) => {
  test.each([
    ['tar', (bytes: Uint8Array) => bytes],
    ['tar.gz', gzip],
    ['tar.zst', zstdStored],
  ])('the same as %s, in every layout', async (_, compress) => {
    const directory = await readCheckpoint(join(GROUND_TRUTH, name));
    const images = { ...givenImages(name), 'pages-1.img': new Uint8Array(70_000), 'pagemap-1.img': text('x') };
    for (const prefix of ['checkpoint/', './checkpoint/', '', './']) {
      const { source: _source, ...rest } = await read(compress(podmanTar(images, prefix)));
      expect({ source: directory.source, ...rest }).toEqual(directory);
    }
    const reversed = Object.fromEntries(Object.entries(images).reverse());
    expect((await read(compress(podmanTar(reversed)))).processes).toEqual(directory.processes);
  });
});

test.each(['sparse-level-19', 'sparse-level-1', 'sparse-two-frames'])('zstd of the real tool: %s', async (name) => {
  const { processes } = await readCheckpoint(join(GROUND_TRUTH, 'sparse'));
  // The archive holds ids-PID.img, too.
  const told = processes.map((process) => ({ ...process, pidNamespace: 'shared' }));
  expect((await readCheckpoint(join(FIXTURES, `${name}.tar.zst`))).processes).toEqual(told);
});

test('compression is told by the first bytes, never by the name; names hold colons', async () => {
  const archive = podmanTar(good());
  for (const [bytes, name] of [
    [zstdStored(archive), 'a.tar.gz'],
    [gzip(archive), 'b.tar.zst'],
    [archive, 'checkpoint-pod_ns-ctr-2026-11-25T16:00:00Z.tar.gz'],
  ] as const) {
    expect((await readCheckpoint(written(bytes, name))).processes[0]!.timers[0]!.id).toBe(5);
  }
});

test('long names, by pax and by GNU', async () => {
  const deep = `${'d'.repeat(90)}/${'e'.repeat(90)}/checkpoint/`;
  const long = (type: Member['type'], body: (name: string) => string): Buffer =>
    Buffer.concat([
      ...Object.entries(good()).flatMap(([name, data]) => [
        memberBytes({ name: 'long', type: type!, data: text(body(`${deep}${name}`)) }),
        memberBytes({ name: 'cut', data }),
      ]),
      Buffer.alloc(1024),
    ]);
  const pax = long('ExtendedHeader', (name) => `${name.length + 10} path=${name}\n`);
  const gnu = long('NextFileHasLongPath', (name) => `${name}\0`);
  for (const bytes of [pax, gnu]) expect((await read(bytes)).processes[0]!.timers[0]!.id).toBe(5);
});

describe('where it comes from', () => {
  const log = text('(00.000001) Version: 3.17.1 (gitid 0)\n(00.000019) Running on h Linux 5.15.0-91-generic #1 SMP\n');

  test('podman: dump.log and config.dump', async () => {
    const config = text(JSON.stringify({ id: 'abc', name: 'web' }));
    const extra = [
      { name: 'config.dump', data: config },
      { name: 'dump.log', data: log },
    ];
    expect(await read(podmanTar(good(), 'checkpoint/', extra))).toMatchObject({
      kernelRelease: '5.15.0-91-generic',
      criuVersion: '3.17.1',
      containers: [{ name: 'web', id: 'abc' }],
      complete: true,
    });
  });

  test.each([{ id: 'abc' }, { name: 'web' }])('a config.dump with %j alone', async (container) => {
    const config = { name: 'config.dump', data: text(JSON.stringify(container)) };
    expect((await read(podmanTar(good(), 'checkpoint/', [config]))).containers).toEqual([container]);
  });

  test('CRI-O: annotations of the container and its pod', async () => {
    const annotations = {
      'io.kubernetes.container.name': 'api',
      'io.kubernetes.pod.name': 'shop',
      'io.kubernetes.pod.namespace': 'prod',
      'io.podman.annotations.checkpoint.criu.version': '4.1',
      'io.podman.annotations.checkpoint.host.kernel': '6.12.0',
    };
    const extra = [{ name: 'spec.dump', data: text(JSON.stringify({ annotations })) }];
    expect(await read(podmanTar(good(), 'checkpoint/', extra))).toMatchObject({
      kernelRelease: '6.12.0',
      criuVersion: '4.1',
      containers: [{ name: 'api', pod: 'prod/shop' }],
    });
  });

  test('nothing that is wrong with these files is an error', async () => {
    for (const name of ['dump.log', 'config.dump', 'spec.dump']) {
      for (const data of [
        new Uint8Array(0),
        text('{"name":'),
        text('[[[[null'),
        text('{"name":{"id":7},"annotations":0}'),
      ]) {
        const checkpoint = await read(podmanTar(good(), 'checkpoint/', [{ name, data }]));
        expect(checkpoint).not.toHaveProperty('containers');
      }
      expect(
        await read(podmanTar(good(), 'checkpoint/', [{ name, type: 'SymbolicLink', link: '/etc/passwd' }])),
      ).toBeDefined();
    }
  });
});

test('a pod is one checkpoint, whose processes name their container', async () => {
  const other = make.oneProcess([{ itId: 8 }]);
  const members = (prefix: string, images: make.Images): Member[] =>
    Object.entries(images).map(([name, data]) => ({ name: `${prefix}${name}`, data }));
  const pod = tarOf(
    { name: 'pod.options', data: text('{}') },
    ...members('db/', other),
    ...members('web/checkpoint/', good()),
    { name: 'web/config.dump', data: text('{"name":"web-1","id":"f00"}') },
  );
  const { processes, containers } = await read(pod);
  expect(containers).toEqual([{ name: 'db' }, { name: 'web-1', id: 'f00' }]);
  expect(processes.map(({ container, pid, timers }) => [container, pid, timers[0]!.id])).toEqual([
    ['db', 7, 8],
    ['web-1', 7, 5],
  ]);
});

describe('links', () => {
  test('checkpoint/parent is not needed, nor is a loop of links', async () => {
    const extra: Member[] = [
      { name: 'checkpoint/parent', type: 'SymbolicLink', link: '../pre-checkpoint' },
      { name: 'a', type: 'SymbolicLink', link: 'b' },
      { name: 'b', type: 'SymbolicLink', link: 'a' },
      { name: 'checkpoint/core-99.img', type: 'SymbolicLink', link: 'core-99.img' },
    ];
    expect((await read(podmanTar(good(), 'checkpoint/', extra))).processes).toHaveLength(1);
  });

  test.each(['SymbolicLink', 'Link'] as const)('a needed image that is a %s is refused', async (type) => {
    const { 'core-7.img': core, ...rest } = good();
    const link: Member = { name: 'checkpoint/core-7.img', type, link: 'elsewhere' };
    await refused(podmanTar(rest, 'checkpoint/', [{ name: 'elsewhere', data: core! }, link]), 'not-a-file', 'a link');
  });
});

describe('refuses', () => {
  test('a pre-dump alone', async () => {
    const images = { 'inventory.img': make.inventory(2), 'pages-1.img': new Uint8Array(9) };
    await refused(podmanTar(images, 'pre-checkpoint/'), 'pre-dump', 'a pre-dump, which holds no timers');
    await refused(podmanTar(images), 'pre-dump', 'a pre-dump, which holds no timers');
    expect(
      (await read(podmanTar(good(), 'checkpoint/', [{ name: 'pre-checkpoint/inventory.img' }]))).processes,
    ).toHaveLength(1);
  });

  test('compressions that are not read, by name', async () => {
    await refused(text('BZh91AY&SY'), 'unsupported-format', 'bzip2 compression');
    await refused(Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'unsupported-format', 'xz compression');
    await refused(Uint8Array.of(4, 0x22, 0x4d, 0x18), 'unsupported-format', 'lz4 compression');
  });

  test('what is not a checkpoint', async () => {
    await refused(new Uint8Array(0), 'unsupported-format', 'an empty file');
    await refused(text('hello'), 'unsupported-format', 'a file of another kind');
    await refused(tarOf({ name: 'README', data: text('x') }), 'missing-file', 'an archive without inventory.img');
  });

  test('a missing image, with its place', async () => {
    const { 'core-7.img': _, ...rest } = good();
    const path = written(podmanTar(rest));
    await expect(readCheckpoint(path)).rejects.toMatchObject({
      code: 'missing-file',
      file: `${path}: checkpoint/core-7.img`,
    });
  });

  test('names with ..', async () => {
    const up: Member = { name: 'checkpoint/../../etc/passwd', data: text('x') };
    await refused(podmanTar(good(), 'checkpoint/', [up]), 'bad-path', /passwd/);
  });

  test('lying lengths', async () => {
    const lie = (size: number): Buffer => tarOf({ name: 'checkpoint/core-7.img', data: text('x'), size });
    await refused(lie(2 ** 33), 'truncated', /of 8589934592 bytes with 1536 left/);
    await refused(gzip(lie(2 ** 33)), 'truncated', 'the end of the archive');
    await refused(lie(2 ** 45), 'truncated', /35184372088832/);
    const pax = memberBytes({ name: 'p', type: 'ExtendedHeader', data: text('x'), size: 2 ** 21 });
    await refused(pax, 'too-large', 'an extended header of 2097152 bytes');
  });

  test('an archive cut anywhere', async () => {
    for (const compress of [(bytes: Buffer) => bytes, gzip, zstdStored]) {
      const bytes = compress(podmanTar(good()));
      const end = compress === gzip || compress === zstdStored ? 1 : 1024;
      for (let length = 0; length <= bytes.length - end; length += 97) {
        await expect(read(bytes.subarray(0, length)), `${length}`).rejects.toMatchObject({ name: 'CheckpointError' });
      }
    }
  });

  test('damaged gzip and zstd', async () => {
    const archive = podmanTar(good());
    const bad = gzip(archive);
    bad[bad.length - 5]! ^= 1; // the checksum
    await refused(bad, 'bad-archive', /bad gzip data/);
    const frame = zstdStored(archive);
    frame[6]! |= 6; // a block of the reserved type
    await refused(frame, 'bad-archive', /a block of type 3/);
    const wide = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, (17 << 3) + 1, 1, 0, 0);
    await refused(wide, 'too-large', 'a zstd window of 150994944 bytes');
  });

  test('names of more than 4,096 characters, and more than 4 MiB of extended headers', async () => {
    const long = (length: number): Buffer =>
      memberBytes({ name: 'long', type: 'NextFileHasLongPath', data: text(`${'n'.repeat(length)}\0`) });
    const named = (length: number): Buffer =>
      Buffer.concat([long(length), memberBytes({ name: 'cut' }), podmanTar(good())]);
    expect((await read(named(4096))).processes).toHaveLength(1);
    await refused(named(4097), 'too-large', 'a name of 4097 characters');
    const pax = memberBytes({ name: 'p', type: 'ExtendedHeader', data: Buffer.alloc(9 * 116_508, '9 path=a\n') });
    await refused(gzip(Buffer.concat(Array(5).fill(pax))), 'too-large', 'extended headers of 5242860 bytes');
  });
});

test('sparse members by pax are named rightly, and refused only where they are needed', async () => {
  const sparse = (name: string): Buffer =>
    Buffer.concat([
      memberBytes({ name: 'p', type: 'ExtendedHeader', data: text(`${name.length + 20} GNU.sparse.name=${name}\n`) }),
      memberBytes({ name: `checkpoint/GNUSparseFile.7/${name.slice(-9)}`, data: new Uint8Array(1024) }),
    ]);
  const { 'core-7.img': _, ...rest } = good();
  expect((await read(Buffer.concat([sparse('checkpoint/pages-1.img'), podmanTar(good())]))).processes).toHaveLength(1);
  await refused(Buffer.concat([sparse('checkpoint/core-7.img'), podmanTar(rest)]), 'not-a-file', /sparse/);
});

test('a process again and again has a limit: its timers count each time', async () => {
  const timers = Array.from({ length: 2 ** 16 }, (_, itId) => ({ itId }));
  const tasks = (count: number): Uint8Array => make.pstree(...Array.from({ length: count }, () => ({ pid: 7 })));
  const images = make.oneProcess(timers);
  expect((await read(podmanTar({ ...images, 'pstree.img': tasks(4) }))).processes).toHaveLength(4);
  await refused(podmanTar({ ...images, 'pstree.img': tasks(5) }), 'too-large', 'more than 262144 timers');
});

test('the images of an archive have a limit together: those of processes that are not in the tree count, too', async () => {
  const core = make.core(Array.from({ length: 2 ** 16 }, (_, itId) => ({ itId })));
  const cores = Object.fromEntries([20, 21, 22, 23].map((pid) => [`core-${pid}.img`, core]));
  await refused(podmanTar({ ...good(), ...cores }), 'too-large', 'more than 262144 timers');
});

describe('zstd', () => {
  test('a heap of 500 MB of zeros, 32 kB long: a ratio is no reason to refuse', async () => {
    const { processes } = await readCheckpoint(join(FIXTURES, 'zeroed-heap-500MB.tar.zst'));
    expect(processes.map(({ timers }) => timers.length)).toEqual([1]);
  });

  test.each(['zstd-endless-19-bytes', 'zstd-slow-733-bytes'])(
    '%s: damaged inside a block, which a decoder that trusts it does not survive',
    async (name) => {
      await expect(readCheckpoint(join(FIXTURES, `${name}.zst`))).rejects.toMatchObject({ name: 'CheckpointError' });
    },
  );

  test('frames of any number, size and kind, one after the other', async () => {
    const archive = podmanTar(good());
    const skippable = Uint8Array.of(0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    const empty = zstdStored(new Uint8Array(0));
    const halves = [archive.subarray(0, 700), archive.subarray(700)].map(zstdStored);
    const all = Buffer.concat([skippable, empty, halves[0]!, skippable, halves[1]!, empty, skippable]);
    const { processes } = await read(archive);
    expect((await read(all)).processes).toEqual(processes);
    await refused(Buffer.concat([zstdStored(archive), text('garbage')]), 'bad-archive', /0x62726167 where a frame/);
  });

  test('a great many frames of nothing', async () => {
    const empty = zstdStored(new Uint8Array(0));
    await refused(Buffer.concat(Array(200_000).fill(empty)), 'too-large', /zstd frames/);
  });

  test('data that is damaged where only the checksum tells', async () => {
    const bytes = readFileSync(join(FIXTURES, 'sparse-checksum.tar.zst'));
    bytes[bytes.length - 1]! ^= 1;
    await refused(bytes, 'bad-archive', /checksum/);
  });

  test('a window of 128 MiB', async () => {
    const archive = podmanTar(good());
    const frame = zstdStored(archive);
    frame[5] = 17 << 3;
    expect((await read(frame)).processes).toHaveLength(1);
  });
});

describe('what expands without end', () => {
  // 128 KiB in 4 bytes: 32 GiB of a member that is passed over. No two blocks in a row repeat the same byte.
  const endless = (): Buffer =>
    zstdBomb(memberBytes({ name: 'checkpoint/pages-1.img', size: 2 ** 36 - 1024 }), 32 * 2 ** 30, [0, 1]);

  test('is stopped by a signal inside the decoder', async () => {
    const path = written(endless());
    await expect(readCheckpoint(path, { signal: AbortSignal.timeout(60) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('is refused after a while', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100)); // every look takes 0.1 s
    await refused(endless(), 'too-large', /bytes of zstd that took \d+ s to expand to \d+ bytes/);
    clock.mockRestore();
  });
});

/** Bytes that this process has read so far, of files and all else; 0 where the system does not count them. */
function bytesRead(): number {
  const io = existsSync('/proc/self/io') ? readFileSync('/proc/self/io', 'latin1') : '';
  return Number(/^rchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}

test('a plain archive of 10 GiB is read at its headers only', async () => {
  const pages = memberBytes({ name: 'checkpoint/pages-1.img', size: 10 * 2 ** 30 });
  const path = written(Buffer.concat([podmanTar(good()).subarray(0, -1024), pages]));
  truncateSync(path, 10 * 2 ** 30 + 2 ** 20);
  const before = bytesRead();
  expect((await readCheckpoint(path)).processes).toHaveLength(1);
  expect(bytesRead() - before).toBeLessThan(2 ** 30);
});

test('progress is told, and a signal stops the reading', async () => {
  const path = written(podmanTar({ ...good(), 'core-9.img': new Uint8Array(300_000) }));
  const seen: number[] = [];
  await readCheckpoint(path, { onProgress: (done, total) => seen.push(done / total) });
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  await expect(readCheckpoint(path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
