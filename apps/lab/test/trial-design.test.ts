// What it takes to add a design: two records, and everything follows. And what a layout does not know is refused.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AXES,
  churner,
  DEFAULT_GRID,
  evaluate,
  evaluateCell,
  type Grid,
  hardwareNamed,
  placeOf,
  runWorkload,
  STRIDE_TIMERS,
  strideSeries,
  WORKLOADS,
} from '@idspace/evaluation';
import { DESIGN, DESIGNS, type Design, type DesignName } from '@idspace/posix-timers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERAS } from '../../../packages/evaluation/src/layouts/eras.ts';
import { KERNEL_LAYOUTS, type KernelLayout } from '../../../packages/evaluation/src/layouts/kernel-layouts.ts';
import type { Part } from '../../../packages/evaluation/src/layouts/parts.ts';
import { headerOf } from '../src/sweep/sweep-document.ts';
import { sweepExhibits } from '../src/sweep/sweep-exhibits.ts';
import { idspace } from './support/run.ts';

const TRIAL = 'trial' as DesignName;
const BORN_AT = 0x9000;

/** What no other design has: where the last timer was noted. */
class Births {
  last: Int32Array = new Int32Array(1);
}

/** The tree of the whole system, as up to 3.9, with timers of 6.15 and a note of the last create. */
const trial: Design = {
  ...DESIGN.idr,
  meaning: 'made up: one tree for the system, and a note of the last create',
  make: (design, room) => {
    const table = DESIGN.idr.make(design, room);
    const births = new Births();
    const [add, parts] = [table.add.bind(table), table.parts.bind(table)];
    table.add = (process, timer, wanted) => {
      births.last[0] = timer;
      return add(process, timer, wanted);
    };
    table.parts = () => ({ ...parts(), births });
    return table;
  },
};

const births: Part = {
  layout: (_process, { sink }) => ({
    field: (_object, field) =>
      field === 'last' ? { category: 'table', handler: () => sink.write(0, BORN_AT, 4, 'table') } : undefined,
  }),
};

const { apart: _, ...comparable } = KERNEL_LAYOUTS.idr;
const laidOut: KernelLayout = {
  ...comparable,
  struct: ERAS['6.15'],
  table: 'a tree and a note',
  objects: { ...KERNEL_LAYOUTS.idr.objects, births },
};

const designs = DESIGN as Record<string, Design>;
const layouts = KERNEL_LAYOUTS as Record<string, KernelLayout>;
const names = DESIGNS as DesignName[];
const folder = mkdtempSync(join(tmpdir(), 'idspace-trial-'));

beforeAll(() => {
  designs[TRIAL] = trial;
  layouts[TRIAL] = laidOut;
  names.push(TRIAL);
});
afterAll(() => {
  delete designs[TRIAL];
  delete layouts[TRIAL];
  names.splice(names.indexOf(TRIAL), 1);
  rmSync(folder, { recursive: true, force: true });
});

const SMALL = { timers: 300, processes: 2, cpus: 2 };

test('evaluate costs it: its own object beside those that it shares with another design', () => {
  const [made, idr] = evaluate({ ...SMALL, designs: [TRIAL, 'idr'] }).designs;
  expect(made.layout).toMatch(/6\.15.*; a tree and a note$/);
  expect(made.create.by.table.refs).toBeCloseTo(idr.create.by.table.refs + 1, 9);
  expect(made.lookup.by.table.refs).toBe(idr.lookup.by.table.refs);
  expect(made.create.locks.map(({ name, acquired }) => [name, acquired])).toEqual(
    idr.create.locks.map(({ name, acquired }) => [name, acquired]),
  );
  expect(made.js.bytesPerTimer).toBeCloseTo(idr.js.bytesPerTimer + 4 / 600, 9);
  expect(made.js.create.refs).toBe(idr.js.create.refs + 1);
  expect(made.memory).toEqual({ ...idr.memory, timer: expect.closeTo(390.1, 1) });
  // Churn and what a restore of its survivors costs: one ID space, holes filled again.
  expect(made.churn).toEqual(idr.churn);
  expect(made.restore).toEqual(idr.restore);
  expect(made.churn.recoverable).toBe(made.churn.holes);
});

test('it is among those that are evaluated where none is named', () => {
  const { designs } = evaluate({ timers: 5 });
  expect(designs.map(({ design }) => design)).toEqual([...DESIGNS]);
  expect(designs.at(-1)!.design).toBe(TRIAL);
  expect(strideSeries([TRIAL])[0].points).toHaveLength(13);
  expect(STRIDE_TIMERS).toBe(2048);
});

test('workloads run on it', () => {
  const machine = hardwareNamed('desktop');
  const run = { designs: [TRIAL, 'idr'] as const, cpus: 4, seed: 1, machine };
  for (const workload of [
    churner('thread-pool', { threads: 4, seed: 1 }),
    WORKLOADS.exit.make({ processes: 3, timers: 40, seed: 1 }),
    WORKLOADS['proc-listing'].make({ processes: 3, timers: 40, seed: 1 }),
    WORKLOADS.restore.make({ timers: 50, stride: 70, seed: 1 }),
  ]) {
    const [made, idr] = runWorkload(workload, run).designs;
    expect(made.ids).toEqual(idr.ids);
    expect(made.restore).toEqual(idr.restore);
    expect({ refused: made.refused, reach: made.reach }).toEqual({ refused: 0, reach: null });
    expect(Object.keys(made.operations)).toEqual(Object.keys(idr.operations));
  }
});

test('a sweep goes over it, and its tables show it', () => {
  const grid: Grid = {
    ...DEFAULT_GRID,
    timers: [60],
    processes: [1, 3],
    strides: [2],
    machines: ['desktop'],
    cpus: [2],
  };
  expect(grid.designs).toContain(TRIAL);
  const count = AXES.reduce((product, axis) => product * grid[axis].length, 1);
  const cells = Array.from({ length: count }, (_, cell) => evaluateCell(cell, placeOf(grid, cell), grid));
  const [one, three] = cells.filter(({ design }) => design === TRIAL);
  expect([one.refused, one.highestId]).toEqual([0, 118]);
  expect(three.refused).toBe(120); // the others want IDs that the first has: there is one ID space
  const tables = sweepExhibits({ ...headerOf(grid, null), cells });
  for (const { rows } of tables) expect(rows.some(([design]) => design === TRIAL)).toBe(true);
});

test('the command line takes its name, and text and report show it', async () => {
  const { out: help } = await idspace(['evaluate', '--help']);
  expect(help.replace(/\s+/g, ' ')).toContain(`trial ${trial.meaning}`);
  const report = join(folder, 'report.html');
  const args = ['evaluate', '--timers', '100', '--designs', 'hash-512,trial', '--report', report];
  const { out, exitCode } = await idspace(args);
  expect(exitCode).toBe(0);
  expect(out.replace(/\s+/g, ' ')).toContain(`trial ${trial.meaning}`);
  expect(out.match(/^trial .*\d/gm)!.length).toBeGreaterThan(8);
  expect(out.match(/NaN|undefined/g)).toBeNull();
  const page = readFileSync(report, 'utf8');
  expect(page).toContain('var(--design-trial)');
  expect(page.match(/--design-trial: #/g)!.length).toBe(2); // light and dark
  const { err } = await idspace(['evaluate', '--designs', 'trail']);
  expect(err).toContain(TRIAL);
});

test('a hash table without a next ID beside it is filled in the usual way between the windows that are recorded', () => {
  const withoutNextId: Design = {
    ...DESIGN['hash-512'],
    make: (design, room) => {
      const table = DESIGN['hash-512'].make(design, room);
      const { timers, list, siglock, hash } = table.parts();
      table.parts = () => ({ timers, list, siglock, hash }) as Record<string, object>;
      return table;
    },
  };
  designs[TRIAL] = withoutNextId;
  layouts[TRIAL] = KERNEL_LAYOUTS['hash-512'];
  try {
    const [made, hash] = evaluate({ timers: 3000, sample: 1000, designs: [TRIAL, 'hash-512'] }).designs;
    expect(made.create.counted).toBeLessThan(3000);
    expect(made.lookup.refs).toBe(hash.lookup.refs);
    expect(made.create.refs).toBeCloseTo(hash.create.refs - 2, 9); // the next ID is read and written
  } finally {
    designs[TRIAL] = trial;
    layouts[TRIAL] = laidOut;
  }
});

test('an object that its layout does not have is refused', () => {
  layouts[TRIAL] = { ...laidOut, objects: KERNEL_LAYOUTS.idr.objects };
  try {
    expect(() => evaluate({ ...SMALL, designs: [TRIAL] })).toThrow(
      "layout of trial: got the object 'births' in its table, expected one of timers, list, siglock, idr, idrLock",
    );
  } finally {
    layouts[TRIAL] = laidOut;
  }
});

test('a field that its layout does not know is refused', () => {
  layouts[TRIAL] = {
    ...laidOut,
    objects: { ...laidOut.objects, births: { layout: () => ({ field: () => undefined }) } },
  };
  try {
    expect(() => evaluate({ ...SMALL, designs: [TRIAL] })).toThrow(
      "layout of trial: got the field 'last' of the object 'births', which it does not know",
    );
  } finally {
    layouts[TRIAL] = laidOut;
  }
});
