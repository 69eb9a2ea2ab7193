// `pnpm bench NAME [flags]`: runs the benchmark of a package, of an example, or one of the app's, which compare several packages.
import { existsSync, readdirSync } from 'node:fs';

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

const [name = '', ...flags] = process.argv.slice(2);
const main = mains.get(name);
if (main) {
  process.argv = [process.argv[0]!, main.pathname, ...flags];
  await import(main.href);
} else {
  process.stderr.write(`bench: got '${name}', expected one of: ${[...mains.keys()].join(', ')}\n`);
  process.exitCode = 2;
}
