// `pnpm bench lock`: what a lock costs while no other thread wants it, beside the two atomic exchanges it cannot do without.
import { cpus } from 'node:os';
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { CONTESTANTS } from './contestants.ts';

const HELP = `pnpm bench lock [flags]
  --rounds N   samples of each contestant, in turn; the least counts (default 300)
  --json       the figures as JSON`;
const TARGET_NS = 20;
/** About a millisecond: short enough that some samples are not interrupted. */
const CALLS = 50_000;

const { values: flags } = scriptFlags(HELP, {
  rounds: { type: 'string', default: '300' },
  json: { type: 'boolean', default: false },
});
const rounds = integerFlag(HELP, 'rounds', flags.rounds);

function main(): void {
  const samples = new Map(Object.keys(CONTESTANTS).map((name) => [name, [] as number[]]));
  for (const run of Object.values(CONTESTANTS)) run(CALLS * 4);
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(CONTESTANTS)) {
      const start = performance.now();
      run(CALLS);
      samples.get(name)!.push(((performance.now() - start) * 1e6) / CALLS);
    }
  }
  const figures = Object.fromEntries([...samples].map(([name, ns]) => [name, Math.min(...ns)]));
  if (flags.json) console.log(JSON.stringify(figures, null, 2));
  else print(figures);
}

function print(figures: Record<string, number>): void {
  console.log(`${cpus()[0]!.model} · Node ${process.version} · ns per lock and unlock, least of ${rounds} samples`);
  const floor = Object.values(figures)[0]!;
  for (const [name, ns] of Object.entries(figures)) {
    console.log(`  ${name.padEnd(28)} ${ns.toFixed(1).padStart(6)}  ${(ns / floor).toFixed(2)} ×`);
  }
  const slowest = Math.max(figures.SpinLock!, figures.Mutex!);
  console.log(`${slowest <= TARGET_NS ? 'met   ' : 'MISSED'} SpinLock and Mutex ≤ ${TARGET_NS}: ${slowest.toFixed(1)}`);
}

main();
