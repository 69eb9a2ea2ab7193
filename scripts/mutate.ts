// `pnpm mutate PACKAGE… [flags]`: changes one place of a package at a time, and says which changes no test notices.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { checkNames, integerFlag, scriptFlags, seedFlag } from '@idspace/testkit/script-flags';
import { drawn, type Mutant, mutantsOf, withMutants } from './mutate/mutants.ts';
import { type Fate, Runner } from './mutate/runner.ts';
import { bundle, folderOf, ROOT } from './runtimes/bundle.ts';
import { PACKAGES as EVERYWHERE } from './runtimes/cell.ts';

const PACKAGES: readonly string[] = [...EVERYWHERE, 'cache-profile', 'live-kernel', 'lab'];

const HELP = `pnpm mutate PACKAGE… [flags]
  PACKAGE       ${PACKAGES.join(' ')}
  --files TEXT  only sources whose path has this text in it
  --runs N      draws N changes of each package (default: all)
  --seed N      seed of the drawing (default 1)
  --again       only those that survived the last run of the package, without --gut and with it apart
  --gut         in place of one expression, changes whole functions: what is exported throws, or returns a constant
  --all         lists explained survivors, too
  --table       prints a row of docs/mutation.md
Exit 1 if a change that no test notices is not explained in scripts/mutate/explained.json.`;

/** Tests of all packages that read their sources: what every public call refuses, its limits, and what it does without memory. */
const OF_ALL = ['failed-allocations', 'limits-of-calls', 'numbers', 'option-keys', 'refusals'];

/** Tests of the app that play on a package what its own tests do not. */
const OF_APP: Readonly<Record<string, readonly string[]>> = {
  evaluation: ['workloads'],
  'restore-planner': ['plan-and-play', 'rehearse-ids'],
};

/** After how many changes it says how far it is. */
const TOLD = 50;

/** A survivor that is none: no program can tell the difference, or only by what it costs. */
interface Explained extends Omit<Mutant, 'line'> {
  readonly why: string;
}

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    files: { type: 'string', default: '' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    gut: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
  { names: Number.POSITIVE_INFINITY },
);
const runs = flags.runs === undefined ? undefined : integerFlag(HELP, 'runs', flags.runs);
const seed = seedFlag(HELP, flags.seed);
const kind = flags.gut ? 'gut' : 'line';
const explained = JSON.parse(readFileSync(join(ROOT, 'scripts/mutate/explained.json'), 'utf8')) as Explained[];

const reasonOf = ({ file, text, change }: Mutant): string | undefined =>
  explained.find((one) => one.file === file && one.text === text && one.change === change)?.why;

/** The sources of a package, as paths from the root. */
function sources(name: string): string[] {
  const folder = join(ROOT, folderOf(name), 'src');
  const files = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => relative(ROOT, join(folder, file)))
    .filter((file) => file.includes(flags.files));
}

/** Where the survivors of the last run are kept. */
const lastOf = (name: string): string => join(ROOT, 'node_modules/.cache/mutate', `${name}.${kind}.json`);

/** What identifies a change in another run: its line may move. */
const nameOf = ({ file, text, change }: Mutant): string => JSON.stringify([file, text, change]);

function survivors(name: string): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(readFileSync(lastOf(name), 'utf8')) as string[]);
  } catch {
    throw new Error(`--again: no run of ${name} is known, expected one without it before`);
  }
}

async function mutate(name: string): Promise<void> {
  const texts = new Map(sources(name).map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
  const all = [...texts].flatMap(([file, text]) =>
    mutantsOf(file, text, kind).map((mutant, place) => ({ ...mutant, place })),
  );
  const last = flags.again ? survivors(name) : undefined;
  const wanted = last === undefined ? all : all.filter((mutant) => last.has(nameOf(mutant)));
  const chosen = drawn(wanted, runs ?? wanted.length, seed);
  const module = await bundle(
    name,
    'in-mutants',
    (path, text) => {
      const file = relative(ROOT, path);
      const numbers = chosen.flatMap((mutant, i) => (mutant.file === file ? [[mutant.place, i + 1] as const] : []));
      return numbers.length === 0 ? text : withMutants(file, text, kind, new Map(numbers));
    },
    [
      ...(name === 'lab' ? [] : OF_ALL.map((test) => `test/${test}.test.ts`)),
      ...(OF_APP[name] ?? []).map((test) => `apps/lab/test/${test}.test.ts`),
    ],
  );
  const runner = new Runner(module, chosen.length);
  try {
    const { tests, reached } = await runner.load();
    const failed = (test: string, why: string): void => console.error(`${test}: fails without a change: ${why}`);
    const passed = (await runner.clean([...tests.keys()], failed)).sort((a, b) => a.ms - b.ms);
    // Most tests of all packages are about others: they come nowhere near a change.
    const clean = passed.filter(({ test, calls }) => calls > 0 || tests.get(test)!.startsWith(`${folderOf(name)}/`));
    const atLoad = new Set(reached);
    console.error(
      `${name}: ${chosen.length} of ${all.length} changes, ${passed.length} of ${tests.size} tests pass without`,
    );
    const fates: (readonly [Mutant, Fate, number])[] = [];
    for (const [i, mutant] of chosen.entries()) {
      const number = i + 1;
      const which = clean.filter(({ reached }) => reached.includes(number));
      // What a file is loaded with may show in any test.
      if (atLoad.has(number)) which.push(...clean.filter(({ reached }) => !reached.includes(number)));
      const fate = which.length === 0 ? {} : await runner.run(number, which, atLoad.has(number));
      fates.push([mutant, fate, which.length]);
      if (fate.killer === undefined) tell(mutant, which.length);
      if (number % TOLD === 0) console.error(`${name}: ${number} of ${chosen.length}`);
    }
    const lived = fates.filter(([, { killer }]) => killer === undefined).map(([mutant]) => mutant);
    mkdirSync(dirname(lastOf(name)), { recursive: true });
    writeFileSync(lastOf(name), JSON.stringify(lived.map(nameOf)));
    const known = lived.filter((mutant) => reasonOf(mutant) !== undefined).length;
    if (known < lived.length) process.exitCode = 1;
    const killed = fates.length - lived.length;
    const score = ((100 * killed) / Math.max(1, fates.length - known)).toFixed(1);
    const cells = [name, chosen.length, all.length, killed, known, lived.length - known, `${score} %`];
    if (flags.table) console.log(`| ${cells.join(' | ')} |`);
    else console.log(`${name}: ${killed} killed, ${known} explained, ${lived.length - known} survive: ${score} %`);
  } finally {
    runner.end();
  }
}

function tell(mutant: Mutant, tests: number): void {
  const why = reasonOf(mutant);
  if (why !== undefined && !flags.all) return;
  console.log(
    `${mutant.file}:${mutant.line}: ${mutant.change}\n    ${mutant.text}\n    ${why ?? `${tests} tests reach it`}`,
  );
}

checkNames(HELP, positionals, PACKAGES);
if (positionals.length === 0) console.log(HELP);
for (const name of positionals) await mutate(name);
