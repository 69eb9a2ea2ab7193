// The workloads: what each does to every design, counted and derived by hand.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkloadDesign, WorkloadEvaluation } from '@idspace/evaluation';
import { HARDWARE_NAMES, hardwareNamed, runWorkload, WORKLOADS, type WorkloadOptions } from '@idspace/evaluation';
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { BUDGET_SHARE, budget, sizeWithinBudget, withinBudget } from '@idspace/testkit';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { workloadExhibits, workloadLine } from '../src/evaluate/workload-exhibits.ts';
import { renderWorkload } from '../src/evaluate/workload-report.ts';
import { table } from '../src/format/table.ts';
import { idspace, PLAIN } from './support/run.ts';

const run = (
  name: string,
  options: Partial<WorkloadOptions> = {},
  designs: readonly DesignName[] = DESIGNS,
): WorkloadEvaluation =>
  runWorkload(WORKLOADS[name].make({ seed: 1, ...options }), {
    cpus: 4,
    seed: options.seed ?? 1,
    machine: hardwareNamed(HARDWARE_NAMES[0]),
    designs,
  });
const of = ({ designs }: WorkloadEvaluation, name: string): WorkloadDesign =>
  designs.find(({ design }) => design === name)!;

const SMALL: Record<string, Partial<WorkloadOptions>> = {
  'thread-pool': { threads: 4 },
  'go-pprof': { threads: 3 },
  'jfr-cpu-time': { threads: 5 },
  'async-profiler-ctimer': { threads: 2 },
  'few-timers': { processes: 20, timers: 2 },
  'threads-affine': { threads: 4, timers: 8 },
  'threads-random': { threads: 4, timers: 8 },
  sparse: { timers: 256, stride: 16 },
  restore: { timers: 64, stride: 100 },
  exit: { processes: 3, timers: 40 },
  'proc-listing': { processes: 3, timers: 40 },
};

test('every workload has a small form here', () => {
  expect(Object.keys(SMALL)).toEqual(Object.keys(WORKLOADS));
});

/** Those that a workload runs on: all in the full budget, otherwise two, and other ones for the next workload. */
function designsFor(workload: number): readonly DesignName[] {
  if (BUDGET_SHARE >= 1) return DESIGNS;
  return DESIGNS.filter((_, at) => (at + DESIGNS.length - ((2 * workload) % DESIGNS.length)) % DESIGNS.length < 2);
}

test('every design is run, whatever the budget', () => {
  const run = Object.keys(WORKLOADS).flatMap((_, workload) => designsFor(workload));
  expect(DESIGNS.filter((design) => !run.includes(design))).toEqual([]);
});

describe.each(Object.keys(WORKLOADS).map((name, workload) => [name, designsFor(workload)] as const))(
  '%s',
  (name, designs) => {
    const evaluation = run(name, SMALL[name], designs);

    test('runs on designs, twice the same in whatever company', () => {
      expect(evaluation.designs.map(({ design }) => design)).toEqual(designs);
      const drawn = withinBudget(designs, { least: 2, seed: Object.keys(SMALL).indexOf(name) });
      expect(JSON.stringify(run(name, SMALL[name], drawn).designs)).toBe(
        JSON.stringify(drawn.map((design) => of(evaluation, design))),
      );
      expect(evaluation.workload.counted).toBeGreaterThan(0);
      for (const { operations } of evaluation.designs) {
        const costs = Object.values(operations);
        expect(costs.reduce((sum, { count }) => sum + count, 0)).toBe(evaluation.workload.counted);
        for (const { refs, by, nsPerOp, d1Misses, llMisses, servedBy, tlbMisses } of costs) {
          expect(Object.values(servedBy).reduce((sum, some) => sum + some, 0)).toBeCloseTo(refs, 9);
          expect([servedBy.memory, refs - servedBy.L1d]).toEqual([llMisses, expect.closeTo(d1Misses, 9)]);
          expect(tlbMisses).toBeLessThanOrEqual(refs);
          expect(Object.values(by).reduce((sum, part) => sum + part.refs, 0)).toBeCloseTo(refs, 9);
          expect(nsPerOp).toBeGreaterThan(0);
          expect(llMisses).toBeLessThanOrEqual(d1Misses);
        }
      }
    });

    test('its tables are whole and fit a terminal', () => {
      for (const { columns, rows, reading } of workloadExhibits(evaluation)) {
        for (const row of rows) expect(row).toHaveLength(columns.length);
        expect(rows.flat().filter((cell) => /NaN|undefined|Infinity/.test(cell))).toEqual([]);
        expect(reading).toBe(reading.trim());
        const lines = table(columns, rows, PLAIN).split('\n');
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
      }
      expect(workloadLine(evaluation)).toContain(name);
    });
  },
);

test.each([
  ['thread-pool', 3 + 1],
  ['exit', 1],
])('the report on %s has a picture for each call, and one of the time until an ID is reached', (name, charts) => {
  const page = renderWorkload(run(name, SMALL[name], withinBudget(DESIGNS, { least: 2 })), 'idspace evaluate <x>');
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('figure').length).toBe(charts);
  const answers = [...document.querySelectorAll('section .answer')].map((answer) => answer.textContent!);
  expect(answers.length).toBe(document.querySelectorAll('section').length);
  for (const answer of answers) expect(answer).toMatch(/^[A-Z].*\d.*\.$/);
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  expect(document.querySelector('footer code')?.textContent).toBe('idspace evaluate <x>');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});

test('thread-pool: the next ID rises forever, dense IDs stay below the size of the pool', () => {
  const evaluation = run('thread-pool', { threads: 8 }, ['hash-512', 'xarray']);
  const hash = of(evaluation, 'hash-512');
  expect(hash.ids).toMatchObject({ handedOut: 960, highestId: 959, live: 8, holes: 952, recoverable: 0, lost: 952 });
  expect(hash.restore.dance.creates).toBe(960);
  // 8 IDs every 10 s.
  expect(hash.reach).toEqual({ million: 1_250_000, intMax: (2 ** 31 - 1) / 0.8 });
  const xarray = of(evaluation, 'xarray');
  expect(xarray.ids).toMatchObject({ handedOut: 960, highestId: 7, live: 8, holes: 0, lost: 0 });
  expect(xarray.reach).toBeNull();
  expect(run('thread-pool', { threads: 8, rate: 1000 }, ['hash-512']).designs[0].reach).toEqual({
    million: 1000,
    intMax: (2 ** 31 - 1) / 1000,
  });
});

test('sparse: survivors keep their nodes; 16 nodes hold one timer each', () => {
  const { memory, ids } = of(run('sparse', { timers: 1024, stride: 64 }, ['xarray']), 'xarray');
  // 16 leaves and a root for 16 timers, at 8192 / 14 bytes.
  expect(memory.table).toBeCloseTo((17 * 8192) / 14 / 16, 9);
  expect(ids).toMatchObject({ live: 16, highestId: 960, holes: 1024 - 16, recoverable: 1024 - 16 });
});

test('restore: every design takes the IDs, but for slots that are taken twice', () => {
  const evaluation = run('restore', { timers: 64, stride: 512 });
  for (const { design, ids, refused } of evaluation.designs) {
    expect({ design, refused, live: ids.live, highest: ids.highestId }).toEqual({
      design,
      refused: 0,
      live: 64,
      highest: 63 * 512,
    });
  }
  // Each timer in a leaf of its own: 64 leaves, 8 nodes above them (64 × 512 = 8 × 4096), a root.
  expect(of(evaluation, 'xarray').memory.table).toBeCloseTo((73 * 8192) / 14 / 64, 9);
});

test('exit: no chain is walked, the list and every timer are touched; all are gone', () => {
  const timers = sizeWithinBudget(2000, 500);
  const evaluation = run('exit', { processes: 2, timers }, ['hash-512', 'xarray']);
  const { exit } = of(evaluation, 'hash-512').operations;
  expect(exit).toMatchObject({ count: 2, timers });
  // Per timer: next on the list; it_lock 2 and a look at it_signal; siglock 2; it_signal cleared; list: next and prev read, two
  // neighbours' links and its own written (at most); hash_lock 2; unhash: next and pprev read, 3 written (at most); rcu and
  // free pointer written. The chain, 8 long if timers are 2,000, is not walked: that would be 12 reads more.
  expect(exit!.refs / timers).toBeGreaterThan(15);
  expect(exit!.refs / timers).toBeLessThan(24);
  expect(exit!.locks.map(({ name, acquired }) => `${name} ${acquired}`)).toEqual([
    `hash_lock ${timers}`,
    `siglock ${timers}`,
    `it_lock ${timers}`,
  ]);
  expect(of(evaluation, 'xarray').operations.exit!.by.list.refs).toBe(0);
});

test('proc-listing: the list is followed through the timers, the tree through its slots', () => {
  const evaluation = run('proc-listing', { processes: 1, timers: 640 }, ['hash-scaled-jhash', 'xarray']);
  const { list } = of(evaluation, 'hash-scaled-jhash').operations;
  // The head; of each next and the ID on its first line, it_pid and the signal's info on its third.
  expect(list!.refs).toBe(1 + 640 + 3 * 640);
  expect(list!.linesTouched).toBe(1 + 2 * 640);
  expect(list!.lockAcquisitions).toBe(0);
  expect(of(evaluation, 'xarray').operations.list!.by.list.refs).toBe(0);
});

test('threads that use their own timers move fewer lines between cores than those that use any', () => {
  const designs = DESIGNS.filter((design) => BUDGET_SHARE >= 1 || ['hash-512', 'xarray'].includes(design));
  const [affine, random] = ['threads-affine', 'threads-random'].map((name) =>
    run(name, { threads: 4, timers: budget(64, 16) }, designs),
  );
  for (const design of designs) {
    expect(of(affine, design).sharing.moved).toBeLessThan(of(random, design).sharing.moved);
    expect(of(affine, design).sharing.hottestLine).not.toBe('');
  }
  expect(of(affine, 'hash-512').operations.lookup!.transfers).toBeLessThan(
    of(random, 'hash-512').operations.lookup!.transfers,
  );
});

test('the command takes every flag that its help names for a workload', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-workloads-'));
  const common = `--designs xarray --cpus 2 --seed 3 --machine ${HARDWARE_NAMES[0]} --report r.html --json`;
  for (const [name, { options }] of Object.entries(WORKLOADS)) {
    const own = options.map((option) => `--${option} 2`);
    const args = `evaluate --workload ${name} ${own.join(' ')} ${common}`.split(' ');
    const { out, err, exitCode } = await idspace(args, { folder });
    expect({ name, exitCode, err }).toEqual({ name, exitCode: 0, err: expect.stringContaining('r.html') });
    expect(JSON.parse(out).workload.name).toBe(name);
  }
  rmSync(folder, { recursive: true });
});

test('the log of a real program is replayed over the designs', async () => {
  const log = fileURLToPath(new URL('../../../packages/evaluation/test/data/thread-pool.strace', import.meta.url));
  const { out, err, exitCode } = await idspace(
    `evaluate --workload strace:${log} --designs hash-512,xarray --json`.split(' '),
  );
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  const { workload, designs } = JSON.parse(out);
  expect(workload).toMatchObject({ name: 'strace:thread-pool.strace', counted: 27 + 75 + 24 + 2 });
  expect(designs[0].operations.create.count).toBe(27);
  expect(designs[0].ids.highestId).toBeGreaterThan(designs[1].ids.highestId);
});
