// `pnpm soak [WHAT…] [flags]`: the same for long, while memory and what is left behind are written down.
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkNames, scriptFlags, seedFlag, timeFlag } from '@idspace/testkit/script-flags';
import { probe } from '../apps/lab/src/probe/command.ts';
import { rehearse } from '../apps/lab/src/rehearse/command.ts';
import { targetOf } from '../apps/lab/src/rehearse/target.ts';
import { ID_SPACES, runIds } from '../packages/live-kernel/scripts/differential/ids/run-ids.ts';
import { runTimers } from '../packages/live-kernel/scripts/differential/run-timers.ts';
import { HANG_MS } from '../packages/testkit/src/hang.ts';
import type { Stress } from '../packages/testkit/src/stress.ts';

const WORKERS = 8;
const SAMPLES = 8;
const STRUCTURES = ['hash-table', 'lock', 'next-id', 'xarray'];
const CHECKPOINT = fileURLToPath(new URL('../apps/lab/examples/criu-ids-1e6-2e6', import.meta.url));
const SCRIPTS = 20;

const HELP = `pnpm soak [WHAT…] [flags]
  WHAT          of: ${STRUCTURES.join(', ')}: threads on their shared memory, ${WORKERS} at a time, some killed;
                probe, rehearse, differential: again and again on this kernel, in one process (default: all)
  --minutes N   time for each (default 30)
  --seed S      seed of the first round (default: the clock)
Exit 1 if anything was found that should not be, or a child process was left.`;

/** Plays rounds until told to stop; returns what is wrong. */
type Soak = (seed: number, isOver: () => boolean, onRound: () => void) => Promise<readonly string[]>;

const ended = (): undefined => undefined;
const quiet = { out: { write: ended }, err: { write: ended }, folder: process.cwd(), env: process.env };

/** A call again and again, which says what is wrong. */
function again(call: (seed: number) => Promise<string | null>): Soak {
  return async (seed, isOver, onRound) => {
    for (let round = 0; !isOver(); round++) {
      const wrong = await call((seed + round) >>> 0);
      if (wrong !== null) return [`round ${round}: ${wrong}`];
      const left = await childrenLeft();
      if (left > 0) return [`round ${round}: ${left} child processes are left`];
      onRound();
    }
    return [];
  };
}

/** Child processes that do not end: what a job returns comes before its process has gone. */
async function childrenLeft(): Promise<number> {
  const since = performance.now();
  while (children() > 0 && performance.now() - since < HANG_MS) await sleep(10);
  return children();
}

function children(): number {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').match(/\d+/g)?.length ?? 0;
}

const codeOf = async (code: Promise<number>): Promise<string | null> =>
  (await code) === 0 ? null : `exit code ${await code}, expected 0`;

const COMMANDS: Readonly<Record<string, Soak>> = {
  probe: again(() => codeOf(probe({ json: true }, quiet))),
  rehearse: again(() =>
    codeOf(rehearse(CHECKPOINT, { on: targetOf('live'), criu: '4.2', maxSeconds: 300, json: true }, quiet)),
  ),
  differential: again(async (seed) => {
    const differs = (await runTimers(SCRIPTS, seed)) || (await runIds(new Set(ID_SPACES), SCRIPTS, seed));
    return differs ? `seed ${seed} differs` : null;
  }),
};

async function soakOf(name: string): Promise<Soak> {
  if (name in COMMANDS) return COMMANDS[name]!;
  const { stress } = (await import(new URL(`../packages/${name}/stress/stress.ts`, import.meta.url).href)) as {
    stress: Stress;
  };
  return async (seed, isOver, onRound) => (await stress({ seed, until: isOver, onRound, workers: WORKERS })).violations;
}

/** What a process may leave behind on the machine. */
function leftovers(): Readonly<Record<string, number>> {
  const lines = (path: string): number => readFileSync(path, 'utf8').trim().split('\n').length - 1;
  return {
    files: readdirSync('/proc/self/fd').length,
    children: children(),
    IPC: ['shm', 'sem', 'msg'].reduce((sum, kind) => sum + lines(`/proc/sysvipc/${kind}`), 0),
    terminals: readdirSync('/dev/pts').length,
    'temporary files': readdirSync(tmpdir()).filter((name) => name.startsWith('idspace')).length,
  };
}

interface Sample {
  readonly minutes: number;
  readonly rounds: number;
  readonly memory: NodeJS.MemoryUsage;
  readonly left: Readonly<Record<string, number>>;
}

const MB = (bytes: number): string => (bytes / 1e6).toFixed(1);

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Runs one and prints a line for each sample; returns what is wrong. */
async function run(name: string, minutes: number, seed: number): Promise<readonly string[]> {
  const soak = await soakOf(name);
  const begin = performance.now();
  const passed = (): number => (performance.now() - begin) / 60_000;
  let rounds = 0;
  let sampled = 0;
  const sample = (): Sample => {
    globalThis.gc?.();
    return { minutes: passed(), rounds, memory: process.memoryUsage(), left: leftovers() };
  };
  const print = ({ minutes, rounds, memory, left }: Sample): void => {
    const { rss, heapUsed, external, arrayBuffers } = memory;
    const sizes = [rss, heapUsed, external, arrayBuffers].map(MB);
    console.log(row([name, minutes.toFixed(2), rounds, ...sizes, ...Object.values(left)]));
  };
  const wrong = await soak(
    seed,
    () => passed() >= minutes,
    () => {
      rounds++;
      if (rounds > 1 && passed() < (minutes * sampled) / SAMPLES) return;
      sampled++;
      print(sample());
    },
  );
  print(sample());
  return wrong;
}

const { values: flags, positionals } = scriptFlags(
  HELP,
  {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
  { names: Number.POSITIVE_INFINITY },
);
const known = [...STRUCTURES, ...Object.keys(COMMANDS)];

checkNames(HELP, positionals, known);
const minutes = timeFlag(HELP, 'minutes', flags.minutes);
const seed = seedFlag(HELP, flags.seed);

console.log(`Node ${process.version}, seed ${seed}\n`);
const columns = ['minutes', 'rounds', 'rss, MB', 'heap, MB', 'external, MB', 'array buffers, MB'];
console.log(row(['', ...columns, ...Object.keys(leftovers())]));
console.log(row([':--', ...[...columns, ...Object.keys(leftovers())].map(() => '--:')]));
for (const name of positionals.length > 0 ? positionals : known) {
  const wrong = await run(name, minutes, seed);
  for (const what of wrong) console.error(`  ${name}: ${what}`);
  if (wrong.length > 0) process.exitCode = 1;
}
process.exit();
