// `pnpm bench placement`: a fleet on the nodes of a data centre, by the program as built. Checkpoints are copies of recorded ones; nodes
// are made up, each with so many process numbers in use.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Random, random } from '@idspace/testkit';
import { integerFlag, scriptFlags, seedFlag } from '@idspace/testkit/script-flags';

const GIVEN = new URL('../../../../packages/restore-planner/test/ground-truth/criu-ids/', import.meta.url);
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const CASES = ['mixed', 'pids', 'pty', 'aio', 'inotify-small', 'sysv-ipc', 'pids-own-ns', 'pids-tid'];

const HELP = `pnpm bench placement [flags], after pnpm build
  --checkpoints N   copies of recorded checkpoints (default 1000)
  --nodes N         made-up nodes (default 200)
  --taken N         process numbers in use on each (default 1500)
  --seed S          seed of the nodes (default 1)`;

const { values: flags } = scriptFlags(HELP, {
  checkpoints: { type: 'string', default: '1000' },
  nodes: { type: 'string', default: '200' },
  taken: { type: 'string', default: '1500' },
  seed: { type: 'string', default: '1' },
});
const checkpoints = integerFlag(HELP, 'checkpoints', flags.checkpoints);
const nodes = integerFlag(HELP, 'nodes', flags.nodes);
const taken = integerFlag(HELP, 'taken', flags.taken, 0);
const seed = seedFlag(HELP, flags.seed);

const folder = mkdtempSync(join(tmpdir(), 'idspace-bench-'));
try {
  for (let index = 0; index < checkpoints; index++) copyImages(CASES[index % CASES.length]!, `fleet/c${index}`);
  const rng = random(seed);
  mkdirSync(join(folder, 'nodes'));
  for (let index = 0; index < nodes; index++) {
    writeFileSync(join(folder, 'nodes', `n${index}.json`), JSON.stringify(madeNode(rng)));
  }
  const what = `${checkpoints} checkpoints, ${taken} numbers in use on a node, seed ${seed}`;
  process.stdout.write(`${what}; node ${process.version}, ${availableParallelism()} CPUs\n`);
  measure('one target', ['--on', 'nodes/n0.json']);
  measure(`${nodes} nodes, text`, ['--on', 'nodes']);
  measure(`${nodes} nodes, JSON`, ['--on', 'nodes', '--json']);
  measure(`${nodes} nodes, JSON, a fourth of it`, ['--on', 'nodes', '--json', '--shard', '1/4']);
} finally {
  rmSync(folder, { recursive: true });
}

function copyImages(name: string, to: string): void {
  mkdirSync(join(folder, to), { recursive: true });
  const from = fileURLToPath(new URL(name, GIVEN));
  for (const file of readdirSync(from)) if (file.endsWith('.img')) cpSync(join(from, file), join(folder, to, file));
}

function madeNode(rng: Random): object {
  const numbers = new Set<number>();
  while (numbers.size < taken) numbers.add(rng.between(1, Math.max(30_000, 4 * taken)));
  // biome-ignore format: what belongs together stands in a row
  return {
    format: 'idspace-target', version: 1, kernel: rng.pick(['6.1', '6.18']), criu: '4.2',
    pidMax: 4_194_304, criuPid: 4_000_000, criuSid: 4_000_000, sigqOfCriuUser: 2,
    taken: [...numbers].map((number) => ({ number, as: 'pid', command: `command-${number % 50}`, pid: number })),
    ptysTaken: Array.from({ length: rng.below(6) }, () => rng.below(40)),
    possibleCpus: rng.pick([4, 8, 16, 64]), aioNr: rng.below(60_000), aioMaxNr: 65_536,
    maxUserWatches: 100_000, userWatches: 0, maxUserInstances: 128,
  };
}

/** Runs the program, and has it tell at its end what it used. */
function measure(name: string, flags: readonly string[]): void {
  const tell = 'process.on("exit", () => process._rawDebug(JSON.stringify(process.resourceUsage())))';
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, CLI, 'plan', 'fleet', ...flags],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as NodeJS.ResourceUsage;
  const cpu = (used.userCPUTime + used.systemCPUTime) / 1e6;
  const share = `${((1000 * cpu) / checkpoints).toFixed(1)} ms CPU a checkpoint`;
  const memory = `${(used.maxRSS / 1024).toFixed(0)} MiB`;
  const printed = `${(stdout.length / 2 ** 20).toFixed(1)} MiB printed`;
  process.stdout.write(
    `${name.padEnd(30)} ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s CPU (${share}), ${memory}, ${printed}\n`,
  );
}
