// `pnpm bench NAME [flags]` runs the benchmark of a package, of an example, or one of the app's, which compare several packages.
// `pnpm bench keep` and `pnpm bench compare REV` measure the headline rows of packages.
import { existsSync, readdirSync } from 'node:fs';
import { misused } from '@idspace/testkit/script-flags';
import { compare } from './bench/compare.ts';
import { keep } from './bench/keep.ts';

const packages = new URL('../packages/', import.meta.url);
const examples = new URL('../examples/', import.meta.url);
const across = new URL('../apps/lab/bench/', import.meta.url);
const candidates = [
  ...[packages, examples].flatMap((group) =>
    readdirSync(group).map((name) => [name, new URL(`${name}/bench/main.ts`, group)] as const),
  ),
  ...readdirSync(across).map((name) => [name, new URL(`${name}/main.ts`, across)] as const),
];
const mains = new Map(candidates.filter(([, main]) => existsSync(main)));
const commands = new Map([
  ['compare', compare],
  ['keep', keep],
]);

const HELP = `pnpm bench NAME [flags]
  NAME   ${[...mains.keys()].join(' ')}: --help behind it tells its flags
         keep: measures headline rows against their alternatives, for packages/NAME/bench/results.jsonl
         compare: measures them against those of another revision, and names what became slower`;

const [name = '', ...flags] = process.argv.slice(2);
const main = mains.get(name);
const command = commands.get(name);
if (name === '--help' || name === '-h') console.log(HELP);
else if (command) process.exitCode = await command(flags);
else if (main) {
  process.argv = [process.argv[0]!, main.pathname, ...flags];
  await import(main.href);
} else misused(HELP, `got '${name}', expected one of: ${[...commands.keys(), ...mains.keys()].join(', ')}`);
