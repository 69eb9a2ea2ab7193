// `pnpm fuzz [TARGET…] [flags]`: fuzzes targets, and keeps what it finds as cases.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkNames, integerFlag, scriptFlags, seedFlag, timeFlag } from '@idspace/testkit/script-flags';
import { BUNDLES, type BundleFacts, bundleTargets } from '../src/fuzz/bundle.ts';
import { placesOf, readCases, readCorpus, writeCase, writeCorpus } from '../src/fuzz/corpus.ts';
import { allTargets, type FoundTarget } from '../src/fuzz/find-targets.ts';
import { type Progress, type RunResult, repeatInput, runTarget } from '../src/fuzz/run.ts';

const HELP = `pnpm fuzz [TARGET…] [flags]
  TARGET        PACKAGE/TARGET, a TARGET alone, a PACKAGE for all of its own, or 'all'; none: lists them
  --seconds N   time for each target (default 60)
  --runs N      executions of each target, in place of a time
  --seed S      seed of the changes (default: the clock). The same seed and the same --runs make the same run
  --keep        adds inputs that reach new edges to the target's corpus
  --first       ends at the first finding of a target
  --repeat FILE runs one input, and says what it does
  --table       prints the rows of docs/fuzzing.md
Exit 1 if anything was found. Every finding is written into the package's folder fuzz/cases, which the tests run.`;

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    seconds: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    keep: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    repeat: { type: 'string' },
    table: { type: 'boolean', default: false },
  },
  { names: Number.POSITIVE_INFINITY },
);

const known = await allTargets();
const seed = seedFlag(HELP, flags.seed);
const runs = flags.runs === undefined ? undefined : integerFlag(HELP, 'runs', flags.runs);
const time = flags.seconds ?? (runs === undefined ? '60' : undefined);
const seconds = time === undefined ? undefined : timeFlag(HELP, 'seconds', time);
const n = (count: number): string => count.toLocaleString('en');
/** Executions without a new edge that are worth a word: so many, and half of all. */
const LONG = 10_000;

function matching(wanted: string): FoundTarget[] {
  return known.filter(
    ({ name, own }) => wanted === 'all' || name === wanted || own === wanted || name.startsWith(`${wanted}/`),
  );
}

const without = positionals.filter((wanted) => matching(wanted).length === 0);
checkNames(
  HELP,
  without,
  known.map(({ name }) => name),
);

const bundles = new Map<string, Promise<BundleFacts>>();
const bundlePath = (module: string): string =>
  join(BUNDLES, `${createHash('sha256').update(module).digest('hex').slice(0, 16)}.mjs`);

function bundleOf(module: string): Promise<BundleFacts> {
  const made = bundles.get(module) ?? bundleTargets(module, bundlePath(module));
  bundles.set(module, made);
  return made;
}

async function fuzz({ name, own, module, folder }: FoundTarget): Promise<void> {
  const facts = await bundleOf(module);
  const places = placesOf(folder, own);
  const corpus = readCorpus(places);
  const result = await runTarget(bundlePath(module), facts, own, {
    ...{ seed, keep: flags.keep, first: flags.first, inputs: [...corpus, ...readCases(places).values()] },
    ...(runs !== undefined && { runs }),
    ...(seconds !== undefined && { seconds }),
    onProgress: (progress) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}: ${words(progress, facts)}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (flags.table) console.log(row(name, result, facts, readCases(places).size));
  else tell(name, result, facts);
  for (const { signature, report, input } of result.findings) {
    process.exitCode = 1;
    const path = writeCase(places, createHash('sha256').update(signature).digest('hex').slice(0, 12), input);
    console.error(`FOUND in ${name}: ${signature}\n${report}`);
    console.error(`  repeat it: pnpm fuzz ${name} --repeat ${relative(process.cwd(), path)}`);
  }
  if (flags.keep && result.chosen.length > 0) writeCorpus(places, [...corpus, ...result.chosen]);
}

function words({ executions, lastNewEdge, reached }: Progress, facts: BundleFacts): string {
  return `${n(executions)} executions, ${n(reached)} of ${n(facts.known)} edges, the last new one at ${n(lastNewEdge)}`;
}

function tell(name: string, result: RunResult, facts: BundleFacts): void {
  const rate = Math.round(result.executions / result.seconds);
  console.log(`${name}: seed ${seed}, ${words(result, facts)}, ${n(rate)} executions/s`);
  const idle = result.executions - result.lastNewEdge;
  if (idle > LONG && idle > result.executions / 2) console.log(`  no new edge for ${n(idle)} executions`);
  if (result.chosen.length > 0) console.log(`  ${result.chosen.length} inputs added to the corpus`);
}

function row(name: string, result: RunResult, facts: BundleFacts, cases: number): string {
  const { executions, lastNewEdge, reached, findings } = result;
  return `| ${[name, n(executions), `${n(reached)} of ${n(facts.known)}`, n(lastNewEdge), findings.length, cases].join(' | ')} |`;
}

async function repeat({ name, own, module }: FoundTarget, path: string): Promise<void> {
  const facts = await bundleOf(module);
  const input = new Uint8Array(readFileSync(path));
  const found = await repeatInput(bundlePath(module), facts, own, input, { seed });
  console.log(found === undefined ? `${name}: nothing is wrong with ${path}` : `${found.signature}\n${found.report}`);
  if (found !== undefined) process.exitCode = 1;
}

if (positionals.length === 0) for (const { name } of known) console.log(name);
else {
  for (const target of new Set(positionals.flatMap(matching))) {
    await (flags.repeat === undefined ? fuzz(target) : repeat(target, flags.repeat));
  }
}
