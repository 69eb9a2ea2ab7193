// idspace profile: exact counts by line and by array, of programs of every kind, however they end.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missesOf, type Profile } from '@idspace/cache-profile';
import { withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnsOf, type Screen } from '../src/format/screen.ts';
import { profileText } from '../src/profile/profile-text.ts';
import { type ProfileFlags, profile } from '../src/profile/run.ts';
import { SourceLines } from '../src/profile/source-lines.ts';
import { speedscopeJson } from '../src/profile/speedscope.ts';
import { Collector, idspace, PLAIN, ROOT } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-profile-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

/** Profiles a program from the sources. */
async function run(script: string, flags: ProfileFlags = {}, given: string[] = [], cwd = folder): Promise<Ran> {
  const [out, err] = [new Collector(), new Collector()];
  const exitCode = await profile(script, given, flags, { folder: cwd, env: {}, out, err }, FROM_SOURCES);
  return { exitCode, out: out.text, err: err.text };
}

type Json = Profile & { exitCode: number | string };

async function profiled(script: string, flags: ProfileFlags = {}, cwd = folder): Promise<Json> {
  const { out } = await run(script, { ...flags, json: true }, [], cwd);
  return JSON.parse(out);
}

/** Writes a program. */
function program(name: string, text: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return name;
}

const EXAMPLES = join(ROOT, 'apps/lab/examples/profile');

describe('the walk by columns', () => {
  let walk: Json;
  beforeAll(async () => {
    walk = await profiled('by-columns.mjs', {}, EXAMPLES);
  });

  test('misses each time in its one line, and says by what step', () => {
    const { lines, arrays, totals, accesses, exitCode } = walk;
    const hot = { line: 8, Dr: 2 ** 20, D1mr: 2 ** 20, DLmr: 0, Dw: 0, D1mw: 0, arrays: ['square'] };
    const steps = { array: 'square', step: 8192, accesses: 2 ** 20, misses: 2 ** 20 };
    expect(lines[0]).toMatchObject({ ...hot, walk: steps });
    // It is filled in order: a miss for each line of eight elements.
    expect(lines[1]).toMatchObject({ line: 3, Dr: 0, Dw: 2 ** 20, D1mw: 2 ** 17, DLmw: 2 ** 17, walk: { step: 8 } });
    expect(lines).toHaveLength(2);
    expect(arrays).toMatchObject([{ name: 'square', count: 1, bytes: 2 ** 23, Dr: 2 ** 20, Dw: 2 ** 20 }]);
    expect(new Set(arrays[0]!.places)).toEqual(new Set([(2 ** 20 + 2 ** 17) / 64]));
    expect({ accesses, exitCode, misses: missesOf(totals) }).toEqual({
      accesses: 2 ** 21,
      exitCode: 0,
      misses: 2 ** 20 + 2 ** 17,
    });
  });

  test('is told in words, with the source', () => {
    const out = textOf(walk, PLAIN);
    expect(out).toContain('2,097,152 accesses to elements of typed arrays, 1,179,648 missed');
    expect(out).toMatch(/by-columns\.mjs:8 +1,048,576 +1,048,576 +0 .* 88\.89 % +8,192 +sum \+= square/);
    expect(out).toContain('in steps of 8,192 bytes');
    expect(out).toMatch(/^ +6 +\. +\. +\. +\. +\. +\. +for \(let column/m);
  });

  test.each([80, 100, 200])('%i columns of a terminal are enough', (columns) => {
    const screen = { out: { write: () => {}, isTTY: true, columns }, env: { NO_COLOR: '1' } };
    const wide = textOf(walk, screen, false)
      .split('\n')
      .filter((line) => columnsOf(line) > columns);
    expect(wide).toEqual([]);
  });

  test('is drawn by speedscope: three profiles of the same lines', () => {
    const { shared, profiles } = JSON.parse(speedscopeJson(walk, 'by-columns.mjs'));
    expect(shared.frames).toHaveLength(3);
    expect(shared.frames[1]).toMatchObject({ name: 'line 8: square', line: 8 });
    expect(profiles.map(({ name, endValue }: { name: string; endValue: number }) => [name, endValue])).toEqual([
      ['D1 misses', 2 ** 20 + 2 ** 17],
      ['LL misses', 2 ** 17],
      ['accesses', 2 ** 21],
    ]);
    for (const { samples, weights } of profiles) expect(samples).toHaveLength(weights.length);
  });

  test('by rows, an eighth of that', async () => {
    const { out, err } = await run('by-rows.mjs', { speedscope: join(folder, 'graph.json') }, [], EXAMPLES);
    expect(err).toBe(`1048576\nWrote ${join(folder, 'graph.json')}: drop it on https://www.speedscope.app\n`);
    expect(out).toMatch(/by-rows\.mjs:8 +1,048,576 +131,072 /);
    expect(out).not.toContain('in steps of');
    expect(JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8')).profiles).toHaveLength(3);
  });
});

/** A profile as it is printed. */
function textOf(made: Profile, screen: Screen, isAnnotated = true): string {
  const view = { script: 'by-columns.mjs', title: 'a CPU', lines: 20, isAnnotated, source: new SourceLines(EXAMPLES) };
  return profileText(made, view, screen);
}

describe('programs', () => {
  test('one that fails has a profile of what it did', async () => {
    const failing = program('fails.cjs', 'const a = new Int8Array(9); a[3] = 1; throw new Error("so it goes");');
    const { exitCode, out, err } = await run(failing);
    expect(exitCode).toBe(0);
    expect(out).toContain('1 access to elements');
    expect(err).toMatch(/so it goes[\s\S]*the program ended with 1: this is its profile so far/);
  });

  test.each(
    withinBudget([
      [143, 2, 'const a = new Int8Array(9); a[3]++; process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1e6);'],
      [7, 1, 'new Int8Array(9)[3] = 1; process.exit(7);'],
    ] as const),
  )('so has one that ends with %i', async (exitCode, accesses, text) => {
    expect(await profiled(program(`ends-${exitCode}.cjs`, text))).toMatchObject({ exitCode, accesses });
  });

  test('Ctrl-C ends a loop that hears no signal, with its profile', async () => {
    const busy = program(
      'busy.mjs',
      'console.log("runs"); const a = new Int8Array(64); for (let i = 0; ; i++) a[i & 63]++;',
    );
    const [out, err] = [new Collector(), new Collector()];
    const running = profile(busy, [], { json: true }, { folder, env: {}, out, err }, FROM_SOURCES);
    await expect.poll(() => err.text).toContain('runs');
    process.emit('SIGINT');
    await running;
    expect(JSON.parse(out.text).exitCode).toBe(130);
  });

  test('foreign text is shown, and does nothing', async () => {
    const script = program('esc\u001b[2J.mjs', 'const a = new Int8Array(2); a[0] = 1; // \u202e\u001b[31m');
    const { out } = await run(script, { annotate: true });
    expect(out).toContain('esc\\u001b[2J.mjs');
    expect(out).toContain('\\u202e\\u001b[31m');
    expect(out).not.toContain('\u001b');
  });
});

test.each(
  withinBudget([
    ['as they come', [], 114_884, 563_108],
    ['in another order, of which it misses less', ['sorted'], 47_039, 318_828],
  ] as const),
)('a library that is not ours: its hottest line, with points %s', async (_, given, D1mr, misses) => {
  const { out } = await run('triangulate.mjs', { json: true }, [...given], EXAMPLES);
  const { lines, totals }: Json = JSON.parse(out);
  const file = expect.stringMatching(/delaunator.index\.js$/);
  expect(lines[0]).toMatchObject({ file, line: 359, arrays: ['coords'], Dr: 401_464, D1mr });
  expect(missesOf(totals)).toBe(misses);
});

describe('threads', () => {
  const drawn = withinBudget(['counters', 'padded'], { seed: 2 });
  test.runIf(drawn.includes('counters'))(
    'two counters on one cache line: each increment takes it from the other thread',
    async () => {
      const made = await profiled('false-sharing.mjs', {}, EXAMPLES);
      expect(made.threads).toEqual([
        { thread: 1, accesses: 200_000 },
        { thread: 2, accesses: 200_000 },
      ]);
      const counts = { Dr: 200_000, D1mr: 100_001, Dw: 200_000, D1mw: 100_000 };
      const sharing = { coherenceMisses: 199_999, invalidations: 200_000 };
      expect(made.lines).toMatchObject([{ line: 6, ...counts, DLmr: 1, DLmw: 0, ...sharing }]);
      expect(made.arrays).toMatchObject([{ name: 'counters', count: 1, bytes: 128, ...counts, ...sharing }]);
      const place = { line: 6, array: 'counters', invalidations: 100_000 };
      expect(made.sharedLines).toMatchObject([
        {
          array: 'counters',
          offset: 0,
          trueSharing: 0,
          falseSharing: 199_999,
          invalidations: 200_000,
          places: [
            { ...place, thread: 2, from: 4, to: 8, coherenceMisses: 100_000 },
            { ...place, thread: 1, from: 0, to: 4, coherenceMisses: 99_999 },
          ],
        },
      ]);
      const text = textOf(made, PLAIN);
      expect(text.replaceAll('\n', ' ')).toContain(
        'False sharing: count.mjs:6 in thread 2 and count.mjs:6 in thread 1 use different bytes of one cache line of counters.',
      );
      expect(text).toMatch(/counters +count\.mjs:6 +2 +4–7 +100,000 +100,000\n +count\.mjs:6 +1 +0–3 +99,999 +100,000/);
    },
  );

  test.runIf(drawn.includes('padded'))('on lines of their own, they take nothing', async () => {
    const made = await profiled('padded.mjs', {}, EXAMPLES);
    expect(made).toMatchObject({ accesses: 400_000, sharedLines: [] });
    expect(made.totals).toMatchObject({ D1mr: 2, D1mw: 0, coherenceMisses: 0, invalidations: 0 });
    expect(textOf(made, PLAIN)).not.toContain('False sharing');
  });
});

/** Two of the programs without a profile, and what is said of them: that there is no program, and no profile. */
const REFUSED = [
  ['no such file', 'none.mjs', '', 'none.mjs: got no such file, expected a JavaScript program'],
  [
    'killed',
    'killed.mjs',
    'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 1e6)',
    'got no profile (it ended with SIGKILL)',
  ],
] as const;

describe('what cannot be profiled', () => {
  test.each(REFUSED)('%s', async (_, script, text, message) => {
    if (text !== '') program(script, text);
    await expect(run(script)).rejects.toThrow(message);
  });

  test('flags are checked', async () => {
    for (const [flag, value] of [
      ['--preset', 'zen-9'],
      ['--only', '('],
      ['--lines', '0'],
    ]) {
      const { exitCode, err } = await idspace(['profile', 'x.mjs', flag!, value!]);
      expect(exitCode).toBe(2);
      expect(err).toContain(flag);
    }
    const over = await idspace([
      'profile',
      'apps/lab/examples/profile/by-rows.mjs',
      '--speedscope',
      'apps/lab/examples/profile/by-rows.mjs',
    ]);
    expect(over.exitCode).toBe(2);
  });
});
