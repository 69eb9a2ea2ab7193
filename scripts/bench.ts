// `pnpm bench NAME [flags]`: runs the benchmark of a package.
import { existsSync, readdirSync } from 'node:fs';

const packages = new URL('../packages/', import.meta.url);
const main = (name: string): URL => new URL(`${name}/bench/main.ts`, packages);
const known = readdirSync(packages).filter((name) => existsSync(main(name)));

const [name = '', ...flags] = process.argv.slice(2);
if (known.includes(name)) {
  process.argv = [process.argv[0]!, main(name).pathname, ...flags];
  await import(main(name).href);
} else {
  process.stderr.write(`bench: got '${name}', expected one of: ${known.join(', ')}\n`);
  process.exitCode = 2;
}
