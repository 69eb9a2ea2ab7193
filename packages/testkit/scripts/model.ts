// `pnpm model [CLASS…] [--operations N] [--seed N]`: plays random calls on structures and on their oracles.
import { existsSync, readdirSync } from 'node:fs';
import { checkNames, integerFlag, misused, scriptFlags, seedFlag } from '@idspace/testkit/script-flags';
import { Digest } from '../src/digest.ts';
import { type Models, playCase } from '../src/models.ts';

const HELP = `pnpm model [CLASS…] [flags]
  --operations N  calls for each class (default 1000000)
  --seed N        seed of the first round, 0…4294967295 (default 1); each round has the next one
Prints for each class the calls, the rounds, the CPU time and a digest of all answers: the same seed and calls, the same digest.
Exit 1 at the first answer or state that is another than the oracle's.`;

/** Calls on one structure before the next one begins: with other options, other keys, the next seed. */
const ROUND = 5_000;

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    operations: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
  { names: Number.POSITIVE_INFINITY },
);

const packages = new URL('../../', import.meta.url);

async function allModels(): Promise<Models> {
  const all: Record<string, Models[string]> = {};
  for (const name of readdirSync(packages)) {
    const module = new URL(`${name}/test/support/models.ts`, packages);
    if (existsSync(module)) Object.assign(all, ((await import(module.href)) as { MODELS: Models }).MODELS);
  }
  return all;
}

const operations = integerFlag(HELP, 'operations', flags.operations);
const firstSeed = seedFlag(HELP, flags.seed);
if (process.env.TEST_SEED !== undefined) misused(HELP, 'TEST_SEED is set: it would give all rounds the same seed');

function play(name: string, cases: Models[string]): void {
  const digest = new Digest();
  const titles = Object.keys(cases);
  const before = process.cpuUsage();
  let rounds = 0;
  for (let made = 0; made < operations; made += ROUND, rounds++) {
    const title = titles[rounds % titles.length]!;
    const seed = (firstSeed + rounds) >>> 0;
    try {
      playCase(cases[title]!, { seed, steps: Math.min(ROUND, operations - made), digest });
    } catch (cause) {
      throw new Error(`${name}, ${title}, round ${rounds}`, { cause });
    }
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(1);
  const n = (count: number): string => count.toLocaleString('en');
  console.log(
    `${name}: ${n(operations)} calls, ${n(rounds)} rounds of ${titles.length} cases, ${seconds} s of CPU, digest ${digest}`,
  );
}

const models = await allModels();
const known = Object.keys(models);
checkNames(HELP, positionals, known);
for (const name of positionals.length > 0 ? positionals : known) play(name, models[name]!);
