// What became of one package in one runtime.
import { type Inside, bundle as makeBundle } from './bundle.ts';
import type { Outcome } from './outcome.ts';
import type { Run, Runtime } from './runtimes.ts';

/** The packages whose tests run everywhere: those that need no operating system. */
export const PACKAGES = [
  'xarray',
  'next-id',
  'hash-table',
  'lock',
  'kernel-ids',
  'posix-timers',
  'mem-trace',
  'cache-sim',
  'restore-planner',
  'evaluation',
] as const;

export interface Cell {
  readonly runtime: string;
  readonly package: string;
  readonly passed: number;
  /** Tests left out, by what the runtime lacks. A whole file counts as one. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** `file › test`, and its error. */
  readonly failures: readonly string[];
}

/** Puts new results in the place of old ones, in the order of the table; of a failure, its first line. */
export function merged(known: readonly Cell[], fresh: readonly Cell[], runtimes: readonly string[]): Cell[] {
  const isSame = (one: Cell, other: Cell): boolean => one.runtime === other.runtime && one.package === other.package;
  const kept = known.filter((cell) => !fresh.some((other) => isSame(cell, other)));
  const named = fresh.map((cell) => ({
    ...cell,
    failures: cell.failures.map((failure) => failure.split('\n', 1)[0]!),
  }));
  const place = (cell: Cell): number =>
    runtimes.indexOf(cell.runtime) * 100 + (PACKAGES as readonly string[]).indexOf(cell.package);
  return [...kept, ...named].sort((a, b) => place(a) - place(b));
}

const bundles = new Map<string, Promise<string>>();

/** Bundles a package's tests, one time for all runtimes of a kind. */
function bundled(name: string, inside: Inside): Promise<string> {
  const key = `${inside} ${name}`;
  const known = bundles.get(key) ?? makeBundle(name, inside);
  bundles.set(key, known);
  return known;
}

/** Runs the tests of a package. A runtime that breaks off is one more failure. */
export async function runCell({ name: runtime, inside }: Runtime, run: Run, name: string): Promise<Cell> {
  let passed = 0;
  const leftOut: Record<string, number> = {};
  const failures: string[] = [];
  let last = '';
  const take = ({ file, test, state, why = '' }: Outcome): void => {
    last = `${file} › ${test}`;
    if (state === 'passed') passed++;
    else if (state === 'left out') leftOut[why] = (leftOut[why] ?? 0) + 1;
    else if (state === 'failed') failures.push(`${last}\n${why}`);
  };
  try {
    await run(await bundled(name, inside), take);
  } catch (error) {
    failures.push(`after ${last || 'nothing'}\n${error instanceof Error ? error.message : error}`);
  }
  return { runtime, package: name, passed, leftOut, failures };
}
