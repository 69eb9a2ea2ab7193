// pnpm bench cache-sim: accesses a second of CPU time, beside a C program of the same algorithm, in turns; seeds are fixed.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { scriptFlags } from '@idspace/testkit/script-flags';
import { type AccessBatch, CacheSim, type CacheStats, parseGeometry, ReuseDistance } from '../src/index.ts';
import { replay } from '../src/trace.ts';
import { CPeer, gccVersion } from './c-peer.ts';
import { LENGTH, TRACES } from './traces.ts';

scriptFlags('pnpm bench cache-sim: it has no flags', {});

const TURNS = 5;
const ROUNDS = 4;
const levels = [parseGeometry('32768,8,64', 'D1'), parseGeometry('8388608,16,64', 'LL')];

/** CPU seconds that a call takes. */
function seconds(run: () => unknown): number {
  const start = process.cpuUsage().user;
  run();
  return (process.cpuUsage().user - start) / 1e6;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
const rate = (accesses: number, times: number[]): string => (accesses / median(times) / 1e6).toFixed(1).padStart(9);

/** Accesses by kind and level, in the order that the C program prints. */
function served({ Ir, I1mr, ILmr, Dr, D1mr, DLmr, Dw, D1mw, DLmw }: CacheStats): number[] {
  return [Ir - I1mr, I1mr - ILmr, ILmr, Dr - D1mr, D1mr - DLmr, DLmr, Dw - D1mw, D1mw - DLmw, DLmw];
}

/** Calls `read` and `write`, as a user does who has no trace. */
function one(sim: CacheSim, { kinds, addresses, bytes, length }: AccessBatch): void {
  for (let at = 0; at < length; at++) {
    if (kinds[at] === 2) sim.write(addresses[at], bytes[at]);
    else sim.read(addresses[at], bytes[at]);
  }
}

/** One row: every way to play a trace, in turns with the C program. */
function compare(name: string, batch: AccessBatch, peer: CPeer | undefined): void {
  const sim = new CacheSim({ levels });
  const single = new CacheSim({ levels });
  const interpreted = new CacheSim({ levels, codegen: false });
  const reuse = new ReuseDistance();
  peer?.load(batch);
  const ways = {
    play: () => sim.play(batch),
    call: () => one(single, batch),
    interpreted: () => interpreted.play(batch),
    curve: () => reuse.play(batch),
  };
  for (const way of Object.values(ways)) way();
  const times: Record<keyof typeof ways | 'c', number[]> = { play: [], call: [], interpreted: [], curve: [], c: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    const run = peer?.run(LENGTH, ROUNDS);
    if (run) times.c.push(run.seconds);
    sim.resetCounters();
    times.play.push(seconds(() => Array.from({ length: ROUNDS }, ways.play)) / ROUNDS);
    if (run && `${served(sim.stats())}` !== `${run.served}`) throw new Error(`${name}: the C program counts otherwise`);
    times.call.push(seconds(ways.call));
    if (turn < 3) times.interpreted.push(seconds(ways.interpreted));
    if (turn < 3) times.curve.push(seconds(ways.curve));
  }
  const ratio = (median(times.c) / median(times.play)).toFixed(2).padStart(9);
  const columns = [times.c, times.play].map((each) => rate(LENGTH, each));
  const rest = [times.call, times.interpreted, times.curve].map((each) => rate(LENGTH, each));
  process.stdout.write(`${name.padEnd(20)}${columns.join('')}${ratio}${rest.join('')}\n`);
}

/** Events a second read from a lackey trace in memory, alone and with three caches. */
async function parsing(): Promise<void> {
  const once = gunzipSync(readFileSync(new URL('../test/ground-truth/radix.lackey.gz', import.meta.url)));
  const trace = Buffer.concat(Array<Buffer>(20).fill(once));
  let seen = 0;
  const never = (): never => {
    throw new Error('not in a batch');
  };
  const counter = { fetch: never, read: never, write: never, play: ({ length }: AccessBatch) => (seen += length) };
  const sim = new CacheSim({ levels, instruction: parseGeometry('32768,8,64', 'I1') });
  const times: [number[], number[]] = [[], []];
  let accesses = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [at, sink] of [counter, sim].entries()) {
      const start = process.cpuUsage().user;
      accesses = (await replay(trace, 'lackey', sink)).accesses;
      if (turn > 0) times[at].push((process.cpuUsage().user - start) / 1e6);
    }
  }
  if (seen !== accesses * TURNS) throw new Error(`parsed ${seen} events; expected ${accesses * TURNS}`);
  const [alone, both] = times.map((each) => rate(accesses, each).trim());
  process.stdout.write(`\nlackey trace: ${alone} M events/s parsed, ${both} M/s parsed and simulated\n`);
}

const gcc = gccVersion();
process.stdout.write(
  `${cpus()[0].model}, ${cpus().length} cores · Node ${process.version} · ${gcc ?? 'no gcc: no C'}\n`,
);
process.stdout.write(`32 KiB 8-way before 8 MiB 16-way, ${LENGTH} accesses, M accesses per second of CPU time\n\n`);
const heads = ['C -O2', 'play', 'play/C', 'read()', 'no code', 'curve'];
process.stdout.write(`${''.padEnd(20)}${heads.map((head) => head.padStart(9)).join('')}\n`);
const peer = gcc === undefined ? undefined : new CPeer(levels);
try {
  for (const [name, make] of Object.entries(TRACES)) compare(name, make(), peer);
} finally {
  peer?.close();
}
await parsing();
