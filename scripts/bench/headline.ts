// The headline rows of packages: which there are, and one that is measured.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bundle,
  DUELIST,
  type DuelOptions,
  type DuelResult,
  type Interval,
  judge,
  RevisionError,
  type Row,
} from '@idspace/testkit/bench';
import { integerFlag, misused, scriptFlags } from '@idspace/testkit/script-flags';

export const ROOT: string = join(import.meta.dirname, '../..');

/** What one call measures, and how. */
export interface Task {
  /** What is named before the packages: the revision. */
  first: string[];
  /** The rows of each package that is named, of every one without. */
  groups: { name: string; rows: Row[] }[];
  options: DuelOptions;
}

/** The flags of all commands, for their help. */
export const FLAGS = `  NAME          a package (default: all that have headline rows)
  --only TEXT   rows whose name contains TEXT
  --crews N     processes of each side (default 9)
  --ms N        time of a sample, milliseconds (default 50)
  --seed N      seed of the order (default 1)`;

/**
 * Reads `[first…] [NAME…] [flags]`; a call that cannot be ends the process.
 *
 * @param firsts How many names come before the packages.
 */
export async function readTask(help: string, args: string[], firsts: number): Promise<Task> {
  const { values, positionals } = scriptFlags(
    help,
    {
      only: { type: 'string', default: '' },
      crews: { type: 'string', default: '9' },
      ms: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
    },
    { names: Number.POSITIVE_INFINITY, args },
  );
  const all = readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(fileOf(name)));
  const named = positionals.slice(firsts);
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined) misused(help, `got package '${unknown}', expected one of: ${all.join(', ')}`);
  const groups = await Promise.all(
    (named.length > 0 ? named : all).map(async (name) => {
      const { rows } = (await import(fileOf(name))) as { rows: readonly Row[] };
      return { name, rows: rows.filter((row) => row.name.includes(values.only)) };
    }),
  );
  if (groups.every(({ rows }) => rows.length === 0)) {
    misused(help, `--only: got '${values.only}', expected a part of a row's name`);
  }
  const options = {
    crews: integerFlag(help, 'crews', values.crews, 6, 1e6),
    milliseconds: integerFlag(help, 'ms', values.ms, 1, 1e6),
    seed: integerFlag(help, 'seed', values.seed, 0, 1e6),
  };
  return { first: positionals.slice(0, firsts), groups, options };
}

const fileOf = (name: string): string => join(ROOT, 'packages', name, 'bench/rows.ts');

/** Calls with a folder that is removed afterwards, and with the program that contestants run in. */
export async function inFolder<T>(run: (folder: string, duelist: URL) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-bench-'));
  try {
    return await run(folder, await bundle(DUELIST, folder, []));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a command. @returns Its exit code; 2 for a revision that is none, which is printed. */
export async function command(name: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RevisionError)) throw error;
    process.stderr.write(`bench ${name}: ${error.message}\n`);
    return 2;
  }
}

/** Writes an interval: '0.98 (0.97–1.00)'. */
export function shown({ median, low, high }: Interval): string {
  return `${digits(median)} (${digits(low)}–${digits(high)})`;
}

const digits = (ratio: number): string => ratio.toFixed(ratio < 0.1 ? 4 : 3);

/** Writes what a comparison gave: its interval, and what that says. */
export function told({ change, self }: DuelResult): string {
  const verdict = judge(change, self);
  if (verdict === 'same') return shown(change);
  return `${shown(change)} ${verdict === 'noisy' ? noisy(self) : verdict}`;
}

/** What is said beside a figure that is no more than a hint. */
export const noisy = (self: Interval): string => `too noisy: the same code takes ${shown(self)} times as long`;
