// `pnpm bench ordered [--rounds N]`: what reads of shared memory cost that take no lock: as this machine makes them, and by Atomics as
// machines do whose plain accesses are not in order; beside reads with the lock.
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bundle } from '@idspace/testkit/bench';
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { CALLS, ONE_WORD } from './one-word.ts';

const HELP = `pnpm bench ordered [--rounds N]
  --rounds N   samples of each contestant, in turn; the least counts (default 200)`;
const { values: flags } = scriptFlags(HELP, { rounds: { type: 'string', default: '200' } });
const rounds = integerFlag(HELP, 'rounds', flags.rounds);

/** How each contestant reads: whether as on a processor that keeps no order, and whether without the lock. */
const WAYS = {
  'as here': { arch: process.arch, lockFreeReads: true },
  'by Atomics': { arch: 'arm64', lockFreeReads: true },
  'with the lock': { arch: process.arch, lockFreeReads: false },
};
const SIZES = [10_000, 300_000];

async function run(rounds: number): Promise<void> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const module = await bundle(`${here}contestants.ts`, `${here}peers`, []);
  const real = Object.getOwnPropertyDescriptor(process, 'arch')!;
  console.log(`${cpus()[0]!.model} · Node ${process.version} · ${new Date().toISOString().slice(0, 10)}\n`);
  console.log(`| ns per call | ${Object.keys(WAYS).join(' | ')} |\n|---|${'---:|'.repeat(Object.keys(WAYS).length)}`);
  for (const entries of SIZES) {
    const ways: [name: string, loops: Record<string, () => unknown>, calls: number][] = [];
    for (const [name, { arch, lockFreeReads }] of Object.entries(WAYS)) {
      Object.defineProperty(process, 'arch', { ...real, value: arch });
      // Each has code of its own, which the engine optimises for it alone.
      const { loops, CALLS } = (await import(`${module.href}?${name} ${entries}`)) as typeof import('./contestants.ts');
      Object.defineProperty(process, 'arch', real);
      ways.push([name, loops(entries, lockFreeReads), CALLS]);
    }
    for (const operation of Object.keys(ways[0]![1])) {
      const least = ways.map(() => Number.POSITIVE_INFINITY);
      for (let round = 0; round < rounds; round++) {
        for (const [i, [, loops, calls]] of ways.entries()) {
          const start = process.hrtime.bigint();
          loops[operation]!();
          least[i] = Math.min(least[i]!, Number(process.hrtime.bigint() - start) / calls);
        }
      }
      const title = `${operation}, ${entries.toLocaleString('en')} entries`;
      console.log(`| ${title} | ${least.map((ns) => ns.toPrecision(3)).join(' | ')} |`);
    }
  }
}

/** What a read of one word costs, as far as the machine decides it. */
function readOneWord(rounds: number): void {
  const least = Object.keys(ONE_WORD).map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [i, loop] of Object.values(ONE_WORD).entries()) {
      const start = process.hrtime.bigint();
      loop();
      least[i] = Math.min(least[i]!, Number(process.hrtime.bigint() - start) / CALLS);
    }
  }
  const figures = Object.keys(ONE_WORD).map((name, i) => `${name} ${least[i]!.toPrecision(2)}`);
  console.log(`\nA read of one word, ns: ${figures.join(', ')}`);
}

await run(rounds);
readOneWord(2 * rounds);
