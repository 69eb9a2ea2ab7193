// As strict as CRIU and no stricter: what it ignores is read, what it stops at is an outcome with its words.
import { planRestore, type RestorePlan } from '@idspace/restore-planner';
import { sizeWithinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { readImages } from '../src/image/read-images.ts';
import * as make from './support/images.ts';

const TODAY = { kernel: '6.18', criu: '4.2' };

const read = async (images: make.Images) => (await readImages(make.memorySource(images))).processes;
const planned = async (images: make.Images, options = TODAY): Promise<RestorePlan> =>
  planRestore(await readImages(make.memorySource(images)), options);

/** A tree, with a core image for every number in it, timers 5 in the first. */
function tree(...tasks: make.TaskInit[]): make.Images {
  const ids = new Set(tasks.flatMap(({ pid, threads = [] }) => [pid, ...threads]));
  const images: make.Images = { 'inventory.img': make.inventory(2), 'pstree.img': make.pstree(...tasks) };
  for (const id of ids) images[`core-${id}.img`] = make.core(id === tasks[0]!.pid ? [{ itId: 5 }] : []);
  return images;
}

describe('what CRIU ignores', () => {
  const zombie = { 'core-9.img': make.zombieCore() };

  test.each([
    ['0', [{ pid: 9, ppid: 7, threads: [0] }]],
    ['a low number', [{ pid: 9, ppid: 7, threads: [80] }]],
    ['a number that no kernel gives', [{ pid: 9, ppid: 7, threads: [1_309_121_280] }]],
    ['a negative number', [{ pid: 9, ppid: 7, threads: [2 ** 32 - 1] }]],
    ['another process', [{ pid: 9, ppid: 7, threads: [7] }]],
    [
      'a process that comes later',
      [
        { pid: 9, ppid: 7, threads: [11] },
        { pid: 11, ppid: 7 },
      ],
    ],
    ['nothing', [{ pid: 9, ppid: 7, threads: [] }]],
  ])('the first thread of a zombie: %s', async (_, others) => {
    const images = { ...tree({ pid: 7 }, ...others), ...zombie };
    const processes = await read(images);
    expect(processes[1]).toEqual({
      pid: 9,
      ppid: 7,
      threads: [9],
      state: 'zombie',
      timers: [],
      rlimitSigpending: null,
    });
    expect(await planned(images)).toMatchObject({ outcome: 'ok', totals: { timers: 1 } });
  });

  test('several zombies with the same garbage', async () => {
    const tasks = [8, 9, 10].map((pid) => ({ pid, ppid: 7, threads: [0] }));
    const cores = Object.fromEntries(tasks.map(({ pid }) => [`core-${pid}.img`, make.zombieCore()]));
    const processes = await read({ ...tree({ pid: 7 }, ...tasks), ...cores });
    expect(processes.map(({ state = 'alive' }) => state)).toEqual(['alive', 'zombie', 'zombie', 'zombie']);
  });

  test('a zombie needs no images of threads, and none of limits', async () => {
    const images: make.Images = { ...tree({ pid: 7 }, { pid: 9, ppid: 7, threads: [0, 44] }), ...zombie };
    delete images['core-44.img'];
    expect((await planned(images)).outcome).toBe('ok');
  });

  test('the CPU clock of a zombie is one', async () => {
    const clockId = ((~9 << 3) | 2) >>> 0;
    const images = { ...tree({ pid: 7 }, { pid: 9, ppid: 7, threads: [0] }), ...zombie };
    expect((await planned({ ...images, 'core-7.img': make.core([{ clockId }]) })).outcome).toBe('ok');
  });

  test('the first thread of any process, and its absence', async () => {
    const [one, two] = await read(tree({ pid: 7, threads: [12, 8] }, { pid: 9, ppid: 7, threads: [] }));
    expect([one!.threads, two!.threads]).toEqual([[7, 8], [9]]);
  });

  test('timers in the image of a thread', async () => {
    const images = { ...tree({ pid: 7, threads: [7, 8] }), 'core-8.img': make.core([{ itId: 1 }, { itId: 2 }]) };
    expect((await planned(images)).totals).toMatchObject({ outcome: 'ok', timers: 1 });
  });

  test('what follows the entry of an image that has one', async () => {
    const twice = (image: Uint8Array, heads: number): Uint8Array => Buffer.concat([image, image.subarray(4 * heads)]);
    const images = make.oneProcess([{ itId: 5 }]);
    images['inventory.img'] = twice(images['inventory.img']!, 1);
    images['core-7.img'] = Buffer.concat([twice(images['core-7.img']!, 2), Uint8Array.of(1, 2, 3)]);
    expect((await read(images))[0]!.timers.map(({ id }) => id)).toEqual([5]);
  });

  test('as many processes as a tree has', async () => {
    const count = sizeWithinBudget(66_000, 12_000);
    const many = Array.from({ length: count }, (_, index) => ({ pid: index + 8, ppid: 7 }));
    const chunks = Array.from({ length: Math.ceil(count / 10_000) }, (_, at) =>
      make.pstree(...many.slice(at * 10_000, (at + 1) * 10_000)),
    );
    const pstree = Buffer.concat([make.pstree({ pid: 7 }), ...chunks.map((chunk) => chunk.subarray(8))]);
    const images: make.Images = { 'inventory.img': make.inventory(2), 'pstree.img': pstree };
    const core = make.core([]);
    for (const { pid } of [{ pid: 7 }, ...many]) images[`core-${pid}.img`] = core;
    expect(await read(images)).toHaveLength(count + 1);
  });

  const many = sizeWithinBudget(2 ** 17 + 1, 20_000);
  test(`as many timers as a process has: ${many} in one entry, a half in an image of their own`, async () => {
    const timers = Array.from({ length: many }, (_, itId) => ({ itId }));
    expect((await planned(make.oneProcess(timers))).totals).toMatchObject({ outcome: 'ok', timers: many });
    const old = { ...make.oneProcess([]), 'core-7.img': make.bareCore() };
    const image = Buffer.concat([make.words(make.COMMON), make.timersImage(timers.slice(0, many >> 1))]);
    expect((await read({ ...old, 'posix-timers-7.img': image }))[0]!.timers).toHaveLength(many >> 1);
  });
});

test('more timers than a checkpoint may have are refused before they are decoded', async () => {
  // A timer of zeros takes 22 bytes: an entry of 16 MiB has room for 760,000.
  const one = Uint8Array.of(0x22, 20, ...[8, 16, 24, 32, 40, 48, 56, 64, 72, 80].flatMap((tag) => [tag, 0]));
  const timers = Buffer.alloc(one.length * (2 ** 18 + 1), one);
  const length = (size: number): number[] => [
    (size & 127) | 128,
    ((size >> 7) & 127) | 128,
    ((size >> 14) & 127) | 128,
    size >> 21,
  ];
  const inner = Buffer.concat([Uint8Array.of(0x3a, ...length(timers.length)), timers]);
  const payload = Buffer.concat([Uint8Array.of(0x1a, ...length(inner.length)), inner]);
  const images = { ...tree({ pid: 7 }), 'core-7.img': make.image([make.COMMON, make.CORE], payload) };
  await expect(read(images)).rejects.toMatchObject({ code: 'bad-message', got: 'more than 262144 posix' });
});

describe('what CRIU stops at', () => {
  test.each<[string, make.Images, string]>([
    ['a thread twice', tree({ pid: 7, threads: [7, 8, 8] }), 'Unexpected task 8 in a tree 2'],
    ['the leader among the others', tree({ pid: 7, threads: [7, 7] }), 'Unexpected task 7 in a tree 1'],
    [
      'a thread of two processes',
      tree({ pid: 7, threads: [7, 8] }, { pid: 9, ppid: 7, threads: [9, 8] }),
      'Unexpected task 8 in a tree 1',
    ],
    ['a thread that is a group', tree({ pid: 7, pgid: 8, threads: [7, 8] }), 'Unexpected task 8 in a tree 1'],
    ['a process that is a thread', tree({ pid: 7, threads: [7, 8] }, { pid: 8, ppid: 7 }), 'BUG at criu/pstree.c'],
    ['a process twice', tree({ pid: 7 }, { pid: 7, ppid: 7 }), 'BUG at criu/pstree.c'],
    ['a parent that is not there', tree({ pid: 7 }, { pid: 9, ppid: 8 }), "Can't find a parent for 9"],
    [
      'a parent that comes later',
      tree({ pid: 7 }, { pid: 9, ppid: 10 }, { pid: 10, ppid: 7 }),
      "Can't find a parent for 9",
    ],
    ['a thread for a parent', tree({ pid: 7, threads: [7, 8] }, { pid: 9, ppid: 8 }), "Can't find a parent for 9"],
    ['its own parent', tree({ pid: 7 }, { pid: 9, ppid: 9 }), "Can't find a parent for 9"],
    ['a second root', tree({ pid: 7 }, { pid: 9 }), 'Parent missed on non-root task with pid 9, image corruption!'],
    ['a process 0', tree({ pid: 7 }, { pid: 0, ppid: 7 }), "Can't fork for 0: Invalid argument"],
    ['a process 2²²', tree({ pid: 2 ** 22 }), "Can't fork for 4194304: Invalid argument"],
    ['a process above 2²²', tree({ pid: 7 }, { pid: 2 ** 22 + 1, ppid: 7 }), "Can't set kernel pid_max=4194306"],
    ['a group above 2²²', tree({ pid: 7, pgid: 5_000_000 }), "Can't set kernel pid_max=5000001"],
    ['a session above 2²²', tree({ pid: 7, sid: 5_000_000 }), "Can't set kernel pid_max=5000001"],
    ['a process below 0', tree({ pid: 2 ** 32 - 5 }), "Can't fork for -5: Invalid argument"],
    ['a thread 0', tree({ pid: 7, threads: [7, 0] }), 'Unable to create a thread: -22'],
    ['a thread 2²²', tree({ pid: 7, threads: [7, 2 ** 22] }), 'Unable to create a thread: -22'],
    [
      'a core image without a task',
      { ...tree({ pid: 7 }), 'core-7.img': make.threadCore() },
      'Core task state data missed',
    ],
    ['a state that is none', { ...tree({ pid: 7 }), 'core-7.img': make.zombieCore(5) }, 'Unknown state in code 5'],
  ])('%s', async (_, images, line) => {
    const plan = await planned(images);
    expect(plan.outcome).toBe('fails');
    const stopped = plan.processes.filter(({ outcome }) => outcome === 'fails');
    expect(stopped.map(({ error }) => error)).toContain(line);
    for (const { warnings, creates } of stopped) {
      expect(creates).toBe(0);
      expect(warnings[0]).toMatchObject({ code: 'refused-images', text: expect.stringContaining(line) });
    }
  });

  test('all processes with numbers too high are told the highest, which CRIU asks for', async () => {
    const plan = await planned(tree({ pid: 7 }, { pid: 5_000_000, ppid: 7 }, { pid: 6_000_000, ppid: 7 }));
    const error = "Can't set kernel pid_max=6000001";
    expect(plan.processes.map((process) => process.error)).toEqual([null, error, error]);
  });

  test('a stopped process has its timers, as an alive one', async () => {
    const core = make.core([{ itId: 3 }], 10n, { taskState: 3 });
    expect((await planned({ ...tree({ pid: 7 }), 'core-7.img': core })).totals).toMatchObject({
      outcome: 'ok',
      timers: 1,
    });
  });
});

describe('old images', () => {
  const DEPRECATED = (what: string): string =>
    `Deprecated functionality (${what}) rejected.\nUse the --deprecated option or set CRIU_DEPRECATED environment.\nFor details visit https://criu.org/Deprecation`;
  const headed = (image: Uint8Array): Uint8Array => Buffer.concat([make.words(make.COMMON), image]);

  test('timers that are in no core image', async () => {
    const images = { ...tree({ pid: 7 }), 'core-7.img': make.bareCore() };
    expect((await planned(images)).processes[0]!.error).toBe(DEPRECATED('Posix timers'));
    const withImage = { ...images, 'posix-timers-7.img': headed(make.timersImage([{ itId: 3 }])) };
    expect((await planned(withImage)).processes[0]).toMatchObject({ error: DEPRECATED('Posix timers'), creates: 0 });
  });

  test('limits in an image of their own', async () => {
    const images = { ...tree({ pid: 7 }), 'rlimit-7.img': headed(make.limitsImage(1n)) };
    expect((await read(images))[0]).toMatchObject({ oldImages: ['limits'], rlimitSigpending: 1n });
    expect((await planned(images)).processes[0]!.error).toBe(DEPRECATED('Rlimits'));
  });

  test('limits that are nowhere', async () => {
    const images = { ...tree({ pid: 7 }), 'core-7.img': make.core([{ itId: 3 }], undefined, { taskState: 1 }) };
    expect((await read(images))[0]).toMatchObject({ oldImages: ['limits'], rlimitSigpending: null });
    expect((await planned(images)).processes[0]!.error).toBe(DEPRECATED('Rlimits'));
    expect((await planned(images, { kernel: '4.4', criu: '2.5' })).outcome).toBe('ok');
  });

  test('limits that are nowhere in an image made by hand, which lacks more than that, are none', async () => {
    expect((await read(tree({ pid: 7 })))[0]!.oldImages).toBeUndefined();
    expect((await planned(tree({ pid: 7 }))).outcome).toBe('ok');
  });
});

describe('setitimer', () => {
  const bad = (itimer: make.ItimersInit): make.Images => ({
    ...tree({ pid: 7 }),
    'core-7.img': make.core([{ itId: 3 }], 10n, {}, itimer),
  });

  test.each<[string, make.ItimersInit, string | null]>([
    ['seconds below 0 left', { real: { vsec: 2n ** 63n } }, 'Invalid timer value'],
    ['a million microseconds left', { virt: { vusec: 1_000_000n } }, 'Invalid timer value'],
    ['an interval below 0', { prof: { isec: 2n ** 64n - 1n } }, 'Invalid timer interval'],
    ['an interval of a million microseconds', { real: { iusec: 1_000_000n } }, 'Invalid timer interval'],
    ['the interval is looked at first', { real: { iusec: 1_000_000n, vusec: 1_000_000n } }, 'Invalid timer interval'],
    [
      'the real one is looked at first',
      { prof: { isec: 2n ** 63n }, real: { vsec: 2n ** 63n } },
      'Invalid timer value',
    ],
    ['good ones', { real: { isec: 1n, iusec: 999_999n, vsec: 2n ** 63n - 1n }, prof: { vusec: 5n } }, null],
  ])('%s', async (_, itimers, line) => {
    const plan = await planned(bad(itimers));
    expect(plan).toMatchObject({ outcome: line === null ? 'ok' : 'fails', processes: [{ error: line }] });
    expect(plan.processes[0]!.warnings.some(({ code }) => code === 'bad-itimer')).toBe(line !== null);
  });

  test('POSIX timers are looked at before', async () => {
    const images = bad({ real: { vsec: 2n ** 63n } });
    images['core-7.img'] = make.core([{ itId: 3, insec: 10n ** 9n }], 10n, {}, { real: { vsec: 2n ** 63n } });
    const [process] = (await planned(images)).processes;
    expect(process!.error).toBe('Invalid timer interval(posix)');
    expect(process!.warnings.map(({ code }) => code).slice(0, 2)).toEqual(['bad-interval', 'bad-itimer']);
  });

  test('a process without POSIX timers fails for one, too', async () => {
    const images = { ...tree({ pid: 7 }), 'core-7.img': make.core([], 10n, {}, { real: { vsec: 2n ** 63n } }) };
    expect((await planned(images)).outcome).toBe('fails');
  });
});

test('whose PID namespace it is, by inventory and ids image of the root, or its core image in older dumps', async () => {
  const images = tree({ pid: 7 }, { pid: 9, ppid: 7 });
  const namespaces = async (extra: make.Images) =>
    (await read({ ...images, ...extra })).map(({ pidNamespace }) => pidNamespace);
  expect(await namespaces({})).toEqual([undefined, undefined]);
  const inventory = { 'inventory.img': make.inventory(2, 1) };
  expect(await namespaces(inventory)).toEqual([undefined, undefined]);
  expect(await namespaces({ 'ids-7.img': make.ids(1) })).toEqual([undefined, undefined]);
  expect(await namespaces({ ...inventory, 'ids-7.img': make.ids(1) })).toEqual(['shared', 'shared']);
  expect(await namespaces({ ...inventory, 'ids-7.img': make.ids(9) })).toEqual(['own', 'own']);
  expect(await namespaces({ ...inventory, 'core-7.img': make.core([], 10n, { ids: { pidNsId: 9 } }) })).toEqual([
    'own',
    'own',
  ]);
});
