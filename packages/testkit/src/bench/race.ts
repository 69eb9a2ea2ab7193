// A whole benchmark in one call: few contestants, few sizes, one table in Markdown.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { integerFlag, scriptFlags } from '../script-flags.ts';
import { bundle, CONTESTANT } from './build.ts';
import { Contest } from './contest.ts';
import type { Params } from './workload.ts';

export interface Race {
  /** The file that calls; `contestants.ts` beside it exports the contestants. */
  main: string;
  /** Packages that are left out of the bundle: imported as their users import them. */
  external: string[];
  /** Names of the contestants, one column each. */
  names: string[];
  /** One line each: the operation, its parameters, and how the table calls it. */
  rows: { title: string; operation: string; params: Params }[];
}

/** Runs each row with every contestant, and prints the figures as a table. `--rounds N` says how many samples count. */
export async function race({ main, external, names, rows }: Race): Promise<void> {
  const folder = dirname(fileURLToPath(main));
  const help = `pnpm bench ${basename(dirname(folder))} [--rounds N]
  --rounds N   samples of each contestant; the median counts (default 7)`;
  const { values: flags } = scriptFlags(help, { rounds: { type: 'string', default: '7' } });
  const contest = new Contest({
    module: await bundle(`${folder}/contestants.ts`, folder, external),
    contestant: await bundle(CONTESTANT, folder, external),
    node: process.execPath,
    rounds: integerFlag(help, 'rounds', flags.rounds),
    atLeast: 25,
  });
  const version = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`${cpus()[0]!.model} · Node ${version} · ${new Date().toISOString().slice(0, 10)}\n`);
  console.log(`| | ${names.join(' | ')} |\n|---|${'---:|'.repeat(names.length)}`);
  for (const { title, operation, params } of rows) {
    const { figures, errors } = await contest.run(operation, params, names);
    contest.close();
    console.log(`| ${title} | ${names.map((name) => errors.get(name) ?? format(figures.get(name)!)).join(' | ')} |`);
  }
}

function format(figure: number): string {
  return figure >= 1000 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}
