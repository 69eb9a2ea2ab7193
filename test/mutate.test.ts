// The driver of `pnpm mutate`: which changes it makes, and that it tells a change that a test notices from one that none does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { build, transformSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { drawn, type Mutant, mutantsOf, withMutants } from '../scripts/mutate/mutants.ts';
import { Runner } from '../scripts/mutate/runner.ts';
import { ROOT } from './support/workspace.ts';

const changes = (source: string, kind: 'line' | 'gut' = 'line'): string[] =>
  mutantsOf('a.ts', source, kind).map(({ change }) => change);

test('conditions, boundaries, arithmetic, constants, statements and results are changed', () => {
  expect(changes('function f(a: number) { if (a < 3) g(a + 1); while (a) a++; return a && !a; }')).toEqual([
    'a < 3: < → <=',
    'a < 3: < → >=',
    '3 → 4',
    '3 → 2',
    'g(a + 1); removed',
    'a + 1: + → -',
    '1 → 2',
    '1 → 0',
    'a → false',
    'a++; removed',
    'a++ → a--',
    'return a && !a → return undefined',
    'a && !a: && → ||',
    '!a → (a)',
  ]);
  expect(changes('const a = b ? true : 4n; a -= 1 << c;')).toEqual([
    'b → !(b)',
    'true → false',
    '4n → 5n',
    'a -= 1 << c; removed',
    'a -= 1 << c: -= → +=',
    '1 << c: << → >>>',
    '1 → 2',
    '1 → 0',
  ]);
});

test('types, names, directives, messages and calls of a super constructor are left alone', () => {
  const source = `'use strict'; type A = 1 | 2; interface B { 3: 4 } const c = { 5: d as 6 }; const e = 'x' + f;
    class G extends H { constructor() { super(); } } if (i) throw new Error(\`\${7 + 8}\`);`;
  expect(changes(source)).toEqual(['i → !(i)']);
});

test('exported functions, and public methods of exported classes, throw or return a constant', () => {
  const source = `export function a(): number { return b(); } function b() { return 1; }
    export class C { constructor() { this.d(); } d(): boolean { return x; } get e() { return 1; } private f() { g(); } }
    export const h = (): string => { return 'i'; }; export class J { k() {} l(): boolean { return true; } }
    export function m(): RangeError { return new RangeError('n'); }`;
  expect(changes(source, 'gut')).toEqual([
    ...['a throws', 'a returns 0', 'a returns 1', 'C.constructor throws'],
    ...['C.d throws', 'C.d returns false', 'C.d returns true', 'C.get e throws', 'C.get e returns undefined'],
    ...['h throws', "h returns ''", 'J.k throws', 'J.l throws', 'J.l returns false', 'm throws'],
  ]);
});

test('which changes are drawn depends on their own lines alone, and on the seed', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `f${i + 10}();`);
  const draw = (text: readonly string[], seed: number): string[] =>
    drawn(mutantsOf('a.ts', text.join('\n'), 'line'), 30, seed).map(({ change }) => change);
  const before = draw(lines, 1);
  expect(new Set(before).size).toBe(30);
  expect(before).toEqual([...before].sort()); // They keep their order.
  const after = draw(['g();', ...lines.slice(1)], 1);
  expect(before.filter((change) => !after.includes(change)).length).toBeLessThanOrEqual(3);
  expect(draw(lines, 2)).not.toEqual(before);
});

/** What a text does with one change, or with none (0), where all are written into it. */
function outcomes(source: string, kind: 'line' | 'gut', call: string): unknown[] {
  const all = mutantsOf('a.ts', source, kind);
  const text = withMutants('a.ts', source, kind, new Map(all.map((_, i) => [i, i + 1])));
  const { code } = transformSync(text.replaceAll('export ', ''), { loader: 'ts' });
  return [0, ...all.keys()].map((_, active) => {
    try {
      return new Function('$mutant', `${code}; return ${call};`)((number: number) => number === active);
    } catch (error) {
      return String(error);
    }
  });
}

test('each change is made when its number is on, and none otherwise; the grouping of operands stays', () => {
  const source = 'function f(a: number, b: number) { let c = (a | b) ^ (a & 3); c++; return c > 3 ? c : -c; }';
  const all = mutantsOf('a.ts', source, 'line').map(({ change }) => change);
  const results = outcomes(source, 'line', 'f(5, 4)');
  expect(results[0]).toBe(5); // (5 ^ 1) + 1
  expect(Object.fromEntries(all.map((change, i) => [change, results[i + 1]]))).toEqual({
    '(a | b) ^ (a & 3): ^ → &': -2,
    'a | b: | → &': 6,
    'a & 3: & → |': -3,
    '3 → 4': 5,
    '3 → 2': 5,
    'c++; removed': 4,
    'c++ → c--': -3,
    'return c > 3 ? c : -c → return undefined': undefined,
    'c > 3: > → >=': 5,
    'c > 3: > → <=': -5,
    '-c → (c)': 5,
  });
  const branches = 'function f(a: boolean) { let b = g; if (a) b++; else b--; return b; } const g = 3n;';
  expect(outcomes(branches, 'line', '[f(true), f(false)].join()')[0]).toBe('4,2');
  expect(outcomes('export function f(): number { return 7; }', 'gut', 'f()')).toEqual([7, 'Error: gutted', 0, 1]);
});

const TESTS = `
import { main } from '${ROOT}scripts/runtimes/inside/in-mutants.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
const atLoad = $mutant(6);
let isDirty = false;
let isReady = false;
await main({ 'a.test.ts': async () => {
  test('a result', () => expect($mutant(1)).toBe(false));
  test('a loop', () => { while ($mutant(2)); });
  test('a wait', async () => { if ($mutant(3)) await new Promise(() => {}); });
  test('an end', () => { if ($mutant(4)) process.exit(3); });
  test('what stays', () => { expect(isDirty).toBe(false); isDirty ||= $mutant(5); expect(isDirty).toBe(false); });
  test('loading', () => expect(atLoad).toBe(false));
  test('nothing', () => void $mutant(7));
  test('a stray error', async () => { if ($mutant(8)) setTimeout(() => { throw new Error('late'); }); await new Promise((r) => setTimeout(r, 5)); });
  test('always failing', () => expect($mutant(7)).toBe(true));
  describe('hooks', () => {
    beforeAll(() => void (isReady = true));
    afterAll(() => void (isReady = false));
    test('run', () => expect(isReady && !$mutant(9)).toBe(true));
  });
}, 'b.test.ts': async () => {
  if ($mutant(10)) throw new Error('a file that does not load');
  test('another file', () => {});
} });`;

async function bundled(contents: string): Promise<string> {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache-mutate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, 'tests.mjs');
  await build({
    stdin: { contents, resolveDir: ROOT },
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' },
    alias: { vitest: join(ROOT, 'scripts/runtimes/inside/vitest.ts') },
    banner: { js: `import * as m from 'node:module';const require = m.createRequire(import.meta.url);` },
  });
  return outfile;
}

test('a change is noticed by a failure, a loop, a silence, an end and an error outside of the test; and no other is', async () => {
  const outfile = await bundled(TESTS);
  const runner = new Runner(outfile, 10);
  onTestFinished(() => runner.end());
  const { tests, reached } = await runner.load();
  expect(reached).toEqual([6, 10]);
  const failed: string[] = [];
  const clean = await runner.clean([...tests.keys()], (test) => failed.push(test));
  expect(failed).toEqual(['a.test.ts › always failing']);
  expect(clean.map(({ reached }) => reached)).toEqual([[1], [2], [3], [4], [5], [], [7], [8], [9], []]);
  // The test that waits is the only one that it runs: so a limit that a slow machine exceeds changes nothing.
  const impatient = new Runner(outfile, 10, 50);
  onTestFinished(() => impatient.end());
  const killers: string[] = [];
  for (let mutant = 1; mutant <= 10; mutant++) {
    const { killer = 'none' } =
      mutant === 3
        ? await impatient.run(3, [clean[2]!], false)
        : await runner.run(mutant, clean, reached.includes(mutant));
    killers.push(killer.replace(/^[ab]\.test\.ts › /, ''));
  }
  expect(killers).toEqual([
    ...['a result', 'a loop', 'a wait', 'an end', 'what stays', 'loading', 'none', 'a stray error', 'run'],
    'another file',
  ]);
});

test('tests that do not load without a change are told with the reason', async () => {
  const outfile = await bundled(`import { main } from '${ROOT}scripts/runtimes/inside/in-mutants.ts';
    await main({ 'a.test.ts': async () => { throw new Error('no file'); } });`);
  const runner = new Runner(outfile, 0);
  onTestFinished(() => runner.end());
  await expect(runner.load()).rejects.toThrow('the tests do not load: Error: no file');
});

test('a package that is none, and a seed that is none, are refused', () => {
  const run = (...args: string[]): unknown[] => {
    const script = ['--conditions=@idspace/source', ...FROM_SOURCES, join(ROOT, 'scripts/mutate.ts')];
    const { status, stderr } = spawnSync(process.execPath, [...script, ...args], { cwd: ROOT, encoding: 'utf8' });
    return [status, stderr];
  };
  expect(run('next-idd')).toEqual([2, expect.stringMatching(/^mutate: got 'next-idd', expected some of: xarray/)]);
  expect(run('next-id', '--seed=-1')).toEqual([
    2,
    "mutate: --seed: got '-1', expected an integer 0…4294967295; --help tells more\n",
  ]);
});

test('every explained survivor is a change that the sources still have, with its reason', () => {
  const explained = JSON.parse(readFileSync(join(ROOT, 'scripts/mutate/explained.json'), 'utf8')) as (Mutant & {
    why: string;
  })[];
  for (const { file, text, change, why } of explained) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    const all = [...mutantsOf(file, source, 'line'), ...mutantsOf(file, source, 'gut')];
    expect(all).toContainEqual(expect.objectContaining({ text, change }));
    expect(why.length, `${file}: ${change}`).toBeGreaterThan(10);
  }
});
