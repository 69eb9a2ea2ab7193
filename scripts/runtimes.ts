// `pnpm runtimes [NAME…] [flags]`: the tests of the packages in other runtimes, and the table of what passed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNames, scriptFlags } from '@idspace/testkit/script-flags';
import { ROOT } from './runtimes/bundle.ts';
import { type Cell, merged, PACKAGES, runCell } from './runtimes/cell.ts';
import { RUNTIMES } from './runtimes/runtimes.ts';
import { reasonsOf, tableOf } from './runtimes/table.ts';

const HELP = `pnpm runtimes [NAME…] [flags]
  NAME                a runtime or a package; without any of a kind, all of that kind
                      ${RUNTIMES.map(({ name }) => slug(name)).join(' ')}
                      ${PACKAGES.join(' ')}
  --offline           only runtimes that are here: none is fetched from npm
  --json              the counts as JSON
  --write             puts what was run into docs/runtimes.json, and the table of all that is there into docs/runtimes.md;
                      as without NAME
Exit 1 if a test failed.`;

const DOC = join(ROOT, 'docs/runtimes.md');
const RESULTS = join(ROOT, 'docs/runtimes.json');

function slug(name: string): string {
  return name.toLowerCase().replace(' ', '-');
}

async function run(names: readonly string[], isOffline: boolean, keeps: boolean): Promise<Cell[]> {
  const chosen = <T>(all: readonly T[], nameOf: (item: T) => string): readonly T[] => {
    const some = all.filter((item) => names.includes(nameOf(item)));
    return some.length > 0 ? some : all;
  };
  const cells: Cell[] = [];
  for (const runtime of chosen(RUNTIMES, ({ name }) => slug(name))) {
    const run = await runtime.ready(!isOffline);
    if (run === undefined) {
      console.error(`${runtime.name}: not here, left out`);
      continue;
    }
    for (const name of chosen<string>(PACKAGES, (name) => name)) {
      const cell = await runCell(runtime, run, name);
      cells.push(cell);
      // Now: a run of all takes long, and may be stopped.
      if (keeps) write([cell]);
      console.error(`${runtime.name}, ${name}: ${cell.passed} passed, ${cell.failures.length} failed`);
      for (const failure of cell.failures) console.error(failure.replace(/^/gm, '  '));
    }
  }
  return cells;
}

/** Keeps the results with those of earlier runs, and puts the table of all between the markers of the document. */
function write(cells: readonly Cell[]): void {
  const known = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Cell[]) : [];
  const all = merged(
    known,
    cells,
    RUNTIMES.map(({ name }) => name),
  );
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
  const table = textOf(all);
  const text = readFileSync(DOC, 'utf8');
  writeFileSync(
    DOC,
    text.replace(/(<!-- runtimes -->\n)[\s\S]*(<!-- end of runtimes -->)/, (_, a, b) => `${a}${table}\n${b}`),
  );
}

const textOf = (cells: readonly Cell[]): string =>
  `${tableOf(cells)}\n\nLeft out, by what the runtime lacks:\n\n${reasonsOf(cells)}`;

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    offline: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
  { names: Number.POSITIVE_INFINITY },
);
checkNames(HELP, positionals, [...RUNTIMES.map(({ name }) => slug(name)), ...PACKAGES]);
const cells = await run(positionals, flags.offline, positionals.length === 0 || flags.write);
console.log(flags.json ? JSON.stringify(cells, null, 2) : textOf(cells));
if (cells.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
