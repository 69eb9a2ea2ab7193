// What a comparison of two revisions says: its interval by every outcome of coins, its verdicts by seeded times, its bundles by small trees.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import {
  bundle,
  bundleRows,
  type Contestants,
  commitOf,
  DUELIST,
  duel,
  exitCodeOf,
  exportCommit,
  judge,
  loadOrder,
  medianInterval,
  NoFigure,
  RevisionError,
  ratios,
  type Verdict,
} from '../src/bench/index.ts';
import { budget, random } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an interval leaves out as much as it can and holds the median in 95 of 100 outcomes: all of them are counted', () => {
  for (let n = 6; n <= 14; n++) {
    const { low, high } = medianInterval(Array.from({ length: n }, (_, i) => i + 1));
    const skipped = low - 1;
    expect(n - high).toBe(skipped);
    /** Share of all ways to lie below or above the median in which the interval with so many left out holds it. */
    const held = (skip: number): number => {
      let count = 0;
      for (let outcome = 0; outcome < 2 ** n; outcome++) {
        let below = 0;
        for (let bits = outcome; bits > 0; bits >>= 1) below += bits & 1;
        if (below > skip && below < n - skip) count++;
      }
      return count / 2 ** n;
    };
    expect(held(skipped), `${n}`).toBeGreaterThanOrEqual(0.95);
    expect(held(skipped + 1), `${n}`).toBeLessThan(0.95);
  }
});

test('a median needs six finite numbers, in any order', () => {
  expect(medianInterval([3, 9, 1, 7, 5, 11])).toEqual({ median: 6, low: 1, high: 11 });
  expect(medianInterval([5, 1, 9, 2, 8, 3, 7, 4, 6])).toEqual({ median: 5, low: 2, high: 8 });
  expect(() => medianInterval([1, 2, 3, 4, 5])).toThrow('medianInterval: got 5 values, expected 6 at least');
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => medianInterval([1, 2, 3, 4, 5, odd])).toThrow(`got ${odd}, expected finite numbers`);
  }
});

/** Times of nine crews: each process is off by up to `between`, each run by up to `within`, and one run in ten takes up to ten times as long. */
function times(seed: number, factor: number, between: number, within: number): number[][][] {
  const rng = random(seed);
  const off = (most: number): number => 1 + (most * (rng.u32() / 2 ** 31 - 1)) / 1;
  return Array.from({ length: 9 }, () =>
    [1, 1, factor].map((time) => {
      const process = off(between);
      return Array.from({ length: 15 }, () => time * process * off(within) * (rng.chance(0.1) ? 1 + rng.below(10) : 1));
    }),
  );
}

test('code that is 5 % slower is named, equal code is not, and a noisy machine is called so', () => {
  const verdicts = (factor: number, between: number, within: number): Set<Verdict> => {
    const seen = new Set<Verdict>();
    for (let seed = 0; seed < budget(1000); seed++) {
      const { change, self } = ratios(times(seed, factor, between, within));
      seen.add(judge(change, self));
    }
    return seen;
  };
  expect(verdicts(1.05, 0.004, 0.01)).toEqual(new Set(['slower']));
  expect(verdicts(1, 0.004, 0.01)).toEqual(new Set(['same']));
  expect(verdicts(1.01, 0.004, 0.01)).toEqual(new Set(['same']));
  expect(verdicts(0.95, 0.004, 0.01)).toEqual(new Set(['faster']));
  expect(verdicts(1.05, 0.3, 0.01)).toEqual(new Set(['noisy']));
});

test('a verdict needs the whole interval beyond 3 %, either way', () => {
  const quiet = { median: 1, low: 1 / 1.03, high: 1.03 };
  const change = (low: number, high: number): Verdict => judge({ median: 1, low, high }, quiet);
  expect(change(1.0301, 1.2)).toBe('slower');
  expect(change(1.03, 1.2)).toBe('same');
  expect(change(0.5, 0.97)).toBe('faster');
  expect(change(0.5, 0.98)).toBe('same');
  expect(judge({ median: 2, low: 2, high: 2 }, { ...quiet, high: 1.0301 })).toBe('noisy');
  expect(judge({ median: 2, low: 2, high: 2 }, { ...quiet, low: 0.97 })).toBe('noisy');
});

test('exit codes: something slower goes before noise', () => {
  expect(exitCodeOf([])).toBe(0);
  expect(exitCodeOf(['same', 'faster'])).toBe(0);
  expect(exitCodeOf(['same', 'noisy'])).toBe(3);
  expect(exitCodeOf(['noisy', 'slower', 'same'])).toBe(1);
});

test('of nine crews, each side is loaded first, second and last three times, and before each other one half of the time', () => {
  const orders = Array.from({ length: 18 }, (_, crew) => loadOrder(3, crew));
  for (const side of [0, 1, 2]) {
    for (const place of [0, 1, 2]) expect(orders.slice(0, 9).filter((order) => order[place] === side)).toHaveLength(3);
    const other = (side + 1) % 3;
    expect(orders.filter((order) => order.indexOf(side) < order.indexOf(other))).toHaveLength(9);
  }
});

test('sides run in turns in processes; one that cannot is named', async () => {
  const loads = join(folder, 'loads');
  const write = (name: string, run: string): URL => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(
      file,
      `import { appendFileSync } from 'node:fs';
      appendFileSync(${JSON.stringify(loads)}, import.meta.url.at(-1));
      export const contestants = { own: { work: () => ({ ops: 1000, run: () => { ${run} } }) } };`,
    );
    return pathToFileURL(file);
  };
  const good = {
    module: write('good', 'let s = 0; for (let i = 0; i < 1e6; i++) s += i; return s;'),
    name: 'own',
  } as const;
  const bad = { module: write('bad', "throw new Error('no such call')"), name: 'own' } as const;
  const duelist = await bundle(DUELIST, folder, []);
  const options = { crews: 6, milliseconds: 1, seed: 1 };
  const { change, self } = await duel('work', { base: good, own: good }, duelist, options);
  for (const { low, median, high } of [change, self]) {
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThanOrEqual(median);
    expect(median).toBeLessThanOrEqual(high);
  }
  const orders = readFileSync(loads, 'utf8').match(/.{3}/g)!;
  expect(orders).toEqual(Array.from({ length: 6 }, (_, crew) => loadOrder(3, crew).join('')));
  const failure = (sides: Parameters<typeof duel>[1]): Promise<unknown> =>
    duel('work', sides, duelist, options).catch((error: unknown) => error);
  expect(await failure({ base: bad, own: good })).toMatchObject({ side: 'base', message: 'no such call' });
  expect(await failure({ base: good, own: bad })).toMatchObject({ side: 'own', message: 'no such call' });
  expect(await failure({ base: bad, own: bad })).toBeInstanceOf(NoFigure);
});

test('rows are bundled with the packages of another tree; what it lacks fails alone, and says so', async () => {
  const tree = join(folder, 'tree');
  const source = join(tree, 'packages/next-id/src');
  mkdirSync(source, { recursive: true });
  writeFileSync(
    join(tree, 'packages/next-id/package.json'),
    JSON.stringify({ exports: { '.': { '@idspace/source': './src/index.ts' } } }),
  );
  writeFileSync(
    join(source, 'index.ts'),
    'export class IdPool { next: number = 7; allocate(): number { return this.next++; } }',
  );
  const url = await bundleRows('next-id', tree, join(folder, 'other.mjs'));
  const { contestants } = (await import(url.href)) as { contestants: Contestants };
  const made = contestants.own!['IdPool: allocate from empty']!({}).run() as Float64Array;
  expect(made.subarray(0, 3)).toEqual(Float64Array.of(7, 8, 9));
  const lacking = contestants.own!['GenerationalId: has, at random']!;
  expect(() => lacking({})).toThrow('GenerationalId is not a constructor');
  writeFileSync(join(source, 'index.ts'), 'export class {');
  await expect(bundleRows('next-id', tree, join(folder, 'broken.mjs'))).rejects.toThrow(/^next-id cannot be built: /);
});

test('a commit is exported as it is, and an unknown one is refused', () => {
  const root = join(folder, 'repository');
  mkdirSync(join(root, 'packages/a'), { recursive: true });
  writeFileSync(join(root, 'packages/a/file'), 'old');
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...args], {
      cwd: root,
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'old');
  writeFileSync(join(root, 'packages/a/file'), 'new');
  const commit = commitOf('HEAD', root);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  exportCommit(commit, join(folder, 'exported'), root);
  expect(readFileSync(join(folder, 'exported/packages/a/file'), 'utf8')).toBe('old');
  for (const unknown of ['no-such', '--all', '', 'HEAD~7']) {
    expect(() => commitOf(unknown, root)).toThrow(RevisionError);
    expect(() => commitOf(unknown, root)).toThrow(`got revision '${unknown}', expected one that`);
  }
});
