// Small sweeps for tests, and the program as a process that can be killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Grid } from '@idspace/evaluation';
import { HANG_MS } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterAll } from 'vitest';
import { runSweep, type SweepOptions, type SweepOutcome } from '../../src/sweep/run-sweep.ts';

/** The arguments with which node runs the program from its sources. */
export const IDSPACE: readonly string[] = [
  ...FROM_SOURCES,
  fileURLToPath(new URL('../../src/cli.ts', import.meta.url)),
];

/** 24 cells that take some milliseconds each. */
export const SMALL: Grid = {
  timers: [3, 40],
  processes: [1, 3],
  strides: [1, 64],
  designs: ['hash-512', 'xarray', 'idr'],
  cpus: [2],
  machines: ['desktop'],
  seed: 1,
  sample: 50,
};

/** Makes a folder that is gone after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-sweep-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a sweep on a worker thread of the sources; starting one is what takes time. */
export function sweep(grid: Grid, options: Partial<SweepOptions> = {}): Promise<SweepOutcome> {
  return runSweep(grid, { shard: null, jobs: 1, execArgv: FROM_SOURCES, ...options });
}

/** The flags of a grid. */
export function flagsOf(grid: Grid): string[] {
  return Object.entries(grid).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Starts the program. */
export function start(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [...IDSPACE, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Waits until a journal has so many cells. */
export async function cellsInJournal(path: string, cells: number): Promise<void> {
  for (const started = performance.now(); performance.now() - started < HANG_MS; ) {
    if (existsSync(path) && readFileSync(path, 'utf8').split('\n').length - 2 >= cells) return;
    await sleep(10);
  }
  throw new Error(`${path} does not get ${cells} cells`);
}
