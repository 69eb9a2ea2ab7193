// The headline rows of packages: which there are, and one that is measured.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

export const ROOT: string = join(import.meta.dirname, '../..');

/** What one call measures, and how. */
export interface Task {
  /** What is named before the packages: the revision. */
  first: string[];
  /** The rows of each package that is named, of every one without. */
  groups: { name: string; rows: Row[] }[];
  options: DuelOptions;
}

/** A call that cannot be: the text says what was got and what is expected. */
export class UsageError extends Error {}

/**
 * Reads `[first…] [NAME…] [--only TEXT] [--crews N] [--ms N] [--seed N]`.
 *
 * @param firsts How many names come before the packages.
 * @throws UsageError
 */
export async function readTask(args: string[], firsts: number): Promise<Task> {
  const { values, positionals } = parsed(args);
  const all = readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(fileOf(name)));
  const named = positionals.slice(firsts);
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`got package '${unknown}', expected one of: ${all.join(', ')}`);
  const groups = await Promise.all(
    (named.length > 0 ? named : all).map(async (name) => {
      const { rows } = (await import(fileOf(name))) as { rows: readonly Row[] };
      return { name, rows: rows.filter((row) => row.name.includes(values.only)) };
    }),
  );
  if (groups.every(({ rows }) => rows.length === 0)) {
    throw new UsageError(`got --only '${values.only}', expected a part of a row's name`);
  }
  const options = {
    crews: integer('crews', values.crews, 6),
    milliseconds: integer('ms', values.ms, 1),
    seed: integer('seed', values.seed, 0),
  };
  return { first: positionals.slice(0, firsts), groups, options };
}

const fileOf = (name: string): string => join(ROOT, 'packages', name, 'bench/rows.ts');

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: 'string', default: '' },
        crews: { type: 'string', default: '9' },
        ms: { type: 'string', default: '50' },
        seed: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function integer(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > 1e6) {
    throw new UsageError(`got --${name} '${text}', expected an integer, ${min}…1,000,000`);
  }
  return value;
}

/** Calls with a folder that is removed afterwards, and with the program that contestants run in. */
export async function inFolder<T>(run: (folder: string, duelist: URL) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-bench-'));
  try {
    return await run(folder, await bundle(DUELIST, folder, []));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a command. @returns Its exit code; 2 after an error of usage, which is printed. */
export async function command(name: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RevisionError)) throw error;
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
