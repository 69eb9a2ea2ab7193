// Exact counts by line and by array, of programs of every kind, however they end.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGET_SHARE, withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterAll, describe, expect, test } from 'vitest';
import { Buffers } from '../src/buffers.ts';
import { missesOf, ProfileError, type ProfileOptions, type ProgramProfile, profileProgram } from '../src/index.ts';
import { SharedBuffers } from '../src/shared-buffers.ts';
import { readSpool } from '../src/spool.ts';
import { ThreadRecorder } from '../src/threads.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-cache-profile-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function profiled(script: string, options: ProfileOptions = {}): Promise<ProgramProfile> {
  return profileProgram(script, { cwd: folder, execArgv: FROM_SOURCES, ...options }).profile;
}

/** Writes a program. */
function program(name: string, text: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

/** 512 rows of 512 numbers, by rows and by columns: 4 KiB from row to row. */
const WALKS = `
const square = new Float64Array(512 * 512);
let sum = 0;
for (let i = 0; i < square.length; i++) sum += square[i];
for (let column = 0; column < 512; column++)
  for (let row = 0; row < 512; row++) sum += square[row * 512 + column];
`;

describe('programs', () => {
  test('a walk by columns misses each time, and says by what step', async () => {
    const { lines, arrays, totals, accesses, exitCode } = await profiled(program('walks.mjs', WALKS));
    expect(lines.map(({ line, Dr, D1mr, walk }) => [line, Dr, D1mr, walk?.step])).toEqual([
      [6, 2 ** 18, 2 ** 18, 4096],
      [4, 2 ** 18, 2 ** 15, 8],
    ]);
    expect(arrays).toMatchObject([{ name: 'square', count: 1, bytes: 2 ** 21, Dr: 2 ** 19, Dw: 0 }]);
    expect(arrays[0]!.places).toHaveLength(64);
    expect({ accesses, exitCode, misses: missesOf(totals) }).toEqual({
      accesses: 2 ** 19,
      exitCode: 0,
      misses: 2 ** 18 + 2 ** 15,
    });
  });

  test('other caches are those of the preset, and what it leaves is in the folder that is given', async () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const { totals } = await profiled('walks.mjs', { preset: 'ice-lake-sp', folder: kept }); // 48 KiB in 12 ways
    expect(totals).toMatchObject({ Dr: 2 ** 19, D1mr: 2 ** 18 + 2 ** 15 });
    expect(existsSync(join(kept, 'profile.json'))).toBe(true);
  });

  test('modules and CommonJS, closures and private fields, arguments and libraries', async () => {
    program(
      'node_modules/ring/index.js',
      'let at = 0; const slots = new Int32Array(8); exports.put = (v) => { slots[at++ & 7] = v; };',
    );
    program('lib/store.mjs', 'export class Store { #words = new Uint32Array(4); add(v) { this.#words[v & 3] += v; } }');
    const main = program(
      'main.mjs',
      `import ring from 'ring';
       import { Store } from './lib/store.mjs';
       const store = new Store();
       for (let i = 0; i < Number(process.argv[2]); i++) { store.add(i); ring.put(i); }
       console.log(process.argv.slice(2).join());`,
    );
    let said = '';
    const options = { args: ['100', '--x'], onOutput: (text: string) => void (said += text) };
    const { arrays, lines } = await profiled(main, options);
    expect(said).toBe('100,--x\n');
    expect(arrays.map(({ name, Dr, Dw }) => [name, Dr, Dw])).toEqual([
      ['Store.#words', 100, 100],
      ['slots', 0, 100],
    ]);
    expect(lines.map(({ file }) => file.slice(folder.length + 1)).sort()).toEqual([
      'lib/store.mjs',
      'node_modules/ring/index.js',
    ]);
    expect(await profiled(main, { only: /lib\//, args: ['100'] })).toMatchObject({ accesses: 200 });
  });

  test('a step is that of one place: not from nowhere, and not of the line', async () => {
    const steps = program(
      'steps.mjs',
      `const a = new Float64Array(4096), b = new Float64Array(4096 * 8);
       const once = a[0];
       let sum = 0;
       for (let i = 0; i < 4096; i++) sum += a[i] * b[i * 8];
       for (let i = 0; i < 4096; i++) b[i * 8] += 1;`,
    );
    const made = await profiled(steps);
    const walks = new Map(made.lines.map(({ line, walk }) => [line, walk]));
    expect(walks.get(2)).toBeNull();
    expect(walks.get(4)).toEqual({ array: 'b', step: 64, accesses: 4096, misses: 4096 });
    expect(walks.get(5)).toMatchObject({ array: 'b', step: 64 });
  });

  test('one that fails has a profile of what it did', async () => {
    const failing = program('fails.cjs', 'const a = new Int8Array(9); a[3] = 1; throw new Error("so it goes");');
    let said = '';
    const made = await profiled(failing, { onOutput: (text) => void (said += text) });
    expect(made).toMatchObject({ exitCode: 1, accesses: 1 });
    expect(said).toContain('so it goes');
  });

  // That a profile is made of what ends otherwise, the next two show as well.
  test.runIf(BUDGET_SHARE >= 1)('so has one that leaves', async () => {
    const leaving = program('leaves.cjs', 'new Int8Array(9)[3] = 1; process.exit(7);');
    expect(await profiled(leaving)).toMatchObject({ exitCode: 7, accesses: 1 });
  });

  test('a loop that never ends is stopped, with its profile', async () => {
    const busy = program(
      'busy.mjs',
      'console.log("runs"); const a = new Int8Array(64); for (let i = 0; ; i++) a[i & 63]++;',
    );
    const running = profileProgram(busy, { cwd: folder, execArgv: FROM_SOURCES, onOutput: () => running.stop() });
    expect(await running.profile).toMatchObject({ exitCode: 130 });
  });

  test('one that waits is ended by the signal that it is sent', async () => {
    const waiting = program('waits.mjs', 'new Int8Array(9)[3] = 1; console.log("waits"); setInterval(() => {}, 1000);');
    const running = profileProgram(waiting, {
      cwd: folder,
      execArgv: FROM_SOURCES,
      onOutput: () => {
        const other = () => running.stop('SIGNAL' as 'SIGTERM');
        expect(other).toThrow("RunningProgram.stop: signal: got 'SIGNAL', expected SIGHUP, SIGINT, SIGQUIT, SIGTERM");
        running.stop('SIGTERM');
      },
    });
    expect(await running.profile).toMatchObject({ exitCode: 143, accesses: 1 });
  });
});

describe('threads', () => {
  test('two counters on one cache line: each increment takes it from the other thread', async () => {
    const main = program(
      'false-sharing.mjs',
      `import { isMainThread, Worker, workerData } from 'node:worker_threads';
       if (isMainThread) {
         const counters = new Int32Array(new SharedArrayBuffer(128));
         for (const index of [0, 1]) new Worker(new URL(import.meta.url), { workerData: { counters, index } });
       } else { const { counters, index } = workerData; for (let i = 0; i < 1000; i++) counters[index]++; }`,
    );
    const { threads, totals, sharedLines } = await profiled(main);
    expect(threads).toEqual([
      { thread: 1, accesses: 2000 },
      { thread: 2, accesses: 2000 },
    ]);
    expect(totals).toMatchObject({ Dr: 2000, Dw: 2000, coherenceMisses: 1999, invalidations: 2000 });
    expect(sharedLines).toMatchObject([
      { array: 'counters', offset: 0, trueSharing: 0, falseSharing: 1999, places: [{ thread: 2, from: 4, to: 8 }, {}] },
    ]);
  });

  test.each(
    withinBudget([
      ['other', 1],
      ['one', 0],
    ] as const),
  )('memory that is posted is known again, of two buffers of a size: %s', async (name, invalidations) => {
    const main = program(
      `posts-${name}.mjs`,
      `import { Worker } from 'node:worker_threads';
       const one = new Int32Array(new SharedArrayBuffer(64)), other = new Int32Array(new SharedArrayBuffer(64));
       one[0] = other[0] = 1;
       const worker = new Worker(new URL('posted.mjs', import.meta.url), { execArgv: [], env: {} });
       worker.on('message', (message) => { console.log(message); worker.terminate(); ${name}[0]; });
       worker.postMessage(other);`,
    );
    program(
      'posted.mjs',
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', (array) => { array[0]++; parentPort.postMessage('done'); });`,
    );
    let said = '';
    const made = await profiled(main, { onOutput: (text) => void (said += text) });
    expect(said).toBe('done\n');
    expect(made.threads).toEqual([
      { thread: 0, accesses: 3 },
      { thread: 1, accesses: 2 },
    ]);
    expect(made.totals).toMatchObject({ Dr: 2, Dw: 3, invalidations });
  });

  test('a thread of a thread begins where it was made', async () => {
    const main = program(
      'outer.mjs',
      `import { isMainThread, Worker, workerData } from 'node:worker_threads';
       const a = isMainThread ? new Int32Array(new SharedArrayBuffer(64)) : workerData.a;
       const depth = isMainThread ? 0 : workerData.depth;
       for (let i = 0; i < 10; i++) a[depth] = i;
       if (depth < 2) new Worker(new URL(import.meta.url), { workerData: { a, depth: depth + 1 } });
       if (depth === 2) new Worker('new Int8Array(1)[0] = 1', { eval: true });`,
    );
    const made = await profiled(main);
    expect(made.threads.map(({ thread, accesses }) => [thread, accesses])).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
    // One after the other: each takes the line from the one before, once; the caches are empty when the first worker begins.
    expect(made.totals).toMatchObject({ Dw: 30, coherenceMisses: 0, invalidations: 1 });
  });

  test('no more is kept than there is room for', () => {
    const counters = new SharedArrayBuffer(12);
    const order = { caches: {}, output: '', folder, stop: '', parent: process.pid };
    const recorder = new ThreadRecorder({ order, counters, thread: 9, start: { parent: 0, at: 3 } }, new Buffers());
    recorder.begin();
    expect(recorder.isCut).toBe(false);
    const [none, some] = [new Int32Array(0), { kinds: new Uint8Array(0), addresses: new Float64Array(0) }];
    new Int32Array(counters)[2] = 2 ** 25 + 1;
    recorder.keep({ ...some, bytes: none, sites: none, fields: none, length: 0 });
    expect(recorder.isCut).toBe(true);
    expect([...readSpool(join(folder, 'thread-9'))].map(({ length, news }) => [length, news.start])).toEqual([
      [0, { parent: 0, at: 3 }],
      [0, undefined],
    ]);
  });

  test('no more buffers are compared than there is room for', () => {
    const buffers = new SharedBuffers();
    for (let stamp = 0; stamp < 4100; stamp++) buffers.hear({ buffer: new SharedArrayBuffer(0), stamp });
    expect(buffers.compare().size).toBe(4096);
  });
});

/** Programs without a profile: the code of the error, and what it says. */
const REFUSED = [
  ['no-program', 'none.mjs', '', 'none.mjs: got no such file, expected a JavaScript program'],
  ['no-program', '.', '', '.: got a folder, expected a JavaScript program'],
  ['no-access', 'idle.mjs', 'const a = [1]; a[0] = 2;', 'got no access to a typed array, expected some'],
  ['no-access', 'broken.mjs', 'let let = 1;', 'it ended with 1 before it accessed a typed array. It wrote:\n'],
  ['no-access', 'wrong.mjs', 'let let = 1;', 'SyntaxError: '],
  ['no-access', 'throws.mjs', 'throw new Error("x".repeat(1e4) + "mine")', 'xmine\n'],
  [
    'no-profile',
    'killed.mjs',
    'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 1e6)',
    'got no profile (it ended with SIGKILL)',
  ],
] as const;

describe('what cannot be profiled', () => {
  test.each(withinBudget(REFUSED, { least: 2 }))('%s: %s', async (code, script, text, message) => {
    if (text !== '') program(script, text);
    const error = await profiled(script).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ProfileError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('what onOutput received is not said again', async () => {
    program('told.mjs', 'throw new Error("mine")');
    let told = '';
    const onOutput = (text: string): void => void (told += text);
    await expect(profiled('told.mjs', { onOutput })).rejects.toThrow(/before it accessed a typed array$/);
    expect(told).toContain('Error: mine');
  });

  test.each<[string, unknown, unknown]>([
    ['script', '', {}],
    ['script', 3, {}],
    ['options', 'x.mjs', null],
    ['options', 'x.mjs', { presets: 'zen-4' }],
    ['options.preset', 'x.mjs', { preset: 'zen-9' }],
    ['options.only', 'x.mjs', { only: 'src/' }],
    ['options.onOutput', 'x.mjs', { onOutput: 1 }],
    ['options.args', 'x.mjs', { args: 'a' }],
    ['options.execArgv', 'x.mjs', { execArgv: [1] }],
    ['options.cwd', 'x.mjs', { cwd: 1 }],
    ['options.folder', 'x.mjs', { folder: 1 }],
    ['options.env', 'x.mjs', { env: 1 }],
  ])('%s is refused, and nothing is run', (argument, script, options) => {
    const call = () => profileProgram(script as string, options as ProfileOptions);
    expect(call).toThrow(RangeError);
    expect(call).toThrow(expect.objectContaining({ argument, got: expect.anything(), expected: expect.anything() }));
  });
});
