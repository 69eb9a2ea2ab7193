// `pnpm stress [PACKAGE…] [flags]`: threads at work on shared memory, killed at random, their histories checked.
import { existsSync, readdirSync } from 'node:fs';
import { checkNames, scriptFlags, seedFlag, timeFlag } from '@idspace/testkit/script-flags';
import type { Stress, StressCounts } from '../packages/testkit/src/stress.ts';

const HELP = `pnpm stress [PACKAGE…] [flags]
  --seconds N   time for each package (default 300)
  --seed S      seed of the rounds (default: the clock); what threads do to each other differs from run to run
  --json        the counts as JSON
Exit 1 if anything was found that should not be.`;

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    json: { type: 'boolean', default: false },
  },
  { names: Number.POSITIVE_INFINITY },
);

const packages = new URL('../packages/', import.meta.url);
const main = (name: string): URL => new URL(`${name}/stress/stress.ts`, packages);
const known = readdirSync(packages).filter((name) => existsSync(main(name)));
checkNames(HELP, positionals, known);
const seconds = timeFlag(HELP, 'seconds', flags.seconds);
const seed = seedFlag(HELP, flags.seed);

async function run(name: string): Promise<StressCounts> {
  const { stress } = (await import(main(name).href)) as { stress: Stress };
  const begin = performance.now();
  const passed = (): number => (performance.now() - begin) / 1000;
  const counts = await stress({
    seed,
    until: () => passed() >= seconds,
    onRound: (counts) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${Math.round(passed())} s, ${words(counts)}  `);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (!flags.json) console.log(`${name}: ${Math.round(passed())} s, ${words(counts)}`);
  for (const violation of counts.violations) console.error(`  ${violation}`);
  return counts;
}

function words({ rounds, operations, histories, kills, violations }: StressCounts): string {
  const n = (count: number): string => count.toLocaleString('en');
  const done = `${n(rounds)} rounds, ${n(operations)} operations, ${n(histories)} histories explained`;
  return `${done}, ${n(kills)} kills survived, ${violations.length} violations`;
}

if (!flags.json) console.log(`Node ${process.version}, seed ${seed}`);
const results: Record<string, StressCounts> = {};
for (const name of positionals.length > 0 ? positionals : known) results[name] = await run(name);
if (flags.json) console.log(JSON.stringify({ node: process.version, seed, results }, null, 2));
if (Object.values(results).some(({ violations }) => violations.length > 0)) process.exitCode = 1;
