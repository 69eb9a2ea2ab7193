// `pnpm bench posix-timers`: create+delete pairs on the model, by single calls and in one call, against the same steps on bare arrays, in turn.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, CONTESTANT, Contest } from '@idspace/testkit/bench';
import { integerFlag, scriptFlags } from '@idspace/testkit/script-flags';

const HELP = `pnpm bench posix-timers [flags]
  --pairs N     create+delete pairs in a sample (default 2000000); 2147483648 reaches INT_MAX in one sample
  --rounds N    samples of each; the median counts (default 9)
  --json        the figures as JSON`;

/** How pairs are made; the bare loop of each does the same steps. */
const WAYS = ['calls', 'pairs'] as const;
const NAMES = { calls: 'single calls', pairs: 'createDeletePairs' } as const;
/** What createDeletePairs may cost at most. */
const TARGET = 2.5;
const RELEASES = ['6.1', '6.18'];

const { values: flags } = scriptFlags(HELP, {
  pairs: { type: 'string', default: '2000000' },
  rounds: { type: 'string', default: '9' },
  json: { type: 'boolean', default: false },
});
const pairs = integerFlag(HELP, 'pairs', flags.pairs);
const rounds = integerFlag(HELP, 'rounds', flags.rounds);

async function main(): Promise<void> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const contest = new Contest({
    module: await bundle(join(here, 'contestants.ts'), here, []),
    contestant: await bundle(CONTESTANT, here, []),
    node: process.execPath,
    rounds,
    atLeast: 25,
  });
  const date = new Date().toISOString().slice(0, 10);
  if (!flags.json) {
    console.log(`${cpus()[0]!.model}, ${cpus().length} CPUs, one used · Node ${process.version} · ${date}`);
    console.log(`Median of ${rounds} samples of ${pairs} pairs, CPU time, in turn, each in a process of its own.`);
  }
  const found: { release: string; by: string; bareNs: number; modelNs: number; ratio: number }[] = [];
  for (const release of RELEASES) {
    const params = { release, pairs };
    const { figures, errors } = await contest.run(
      'dance',
      params,
      WAYS.flatMap((by) => [`bare ${by}`, by]),
    );
    for (const [name, error] of errors) throw new Error(`${name}: ${error}`);
    for (const by of WAYS) {
      const [bareNs, modelNs] = [figures.get(`bare ${by}`)!, figures.get(by)!];
      const ratio = modelNs / bareNs;
      found.push({ release, by, bareNs, modelNs, ratio });
      if (flags.json) continue;
      const verdict = by === 'calls' ? '' : ` (target ${TARGET}: ${ratio <= TARGET ? 'met' : 'MISSED'})`;
      const ns = `bare arrays ${bareNs.toFixed(1)} ns, model ${modelNs.toFixed(1)} ns a pair`;
      console.log(`Linux ${release}, ${NAMES[by]}: ${ns}: ${ratio.toFixed(2)} ×${verdict}`);
    }
    contest.close();
  }
  contest.close();
  if (flags.json) console.log(JSON.stringify(found, null, 2));
}

await main();
