// containment: what contains an operation costs at least that operation, on a grid of designs and sizes.
//
//   pnpm --silent containment [--timers N,…] [--designs a,…]     default: sizes up to 4,000,000, all designs; half an hour
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { containment } from '../test/containment.ts';

const SIZES = [1000, 20_000, 131_000, 262_000, 1_000_000, 4_000_000];

const flags = new Map<string, string>();
for (let i = 2; i < process.argv.length; i += 2) flags.set(process.argv[i], process.argv[i + 1] ?? '');
const sizes = flags.get('--timers')?.split(',').map(Number) ?? SIZES;
const designs = (flags.get('--designs')?.split(',') as DesignName[] | undefined) ?? DESIGNS;

let failed = 0;
for (const timers of sizes) {
  for (const design of designs) {
    const started = performance.now();
    const { lookup, remove, random, counted, cheaper } = containment(design, timers);
    failed += cheaper.length;
    const cells = (['refs', 'linesTouched', 'd1Misses', 'llMisses'] as const).map(
      (figure) => `${lookup[figure].toFixed(2)} ≤ ${remove[figure].toFixed(2)}`,
    );
    console.log(
      `${timers} ${design}: refs, lines, D1, LLd of a lookup and a delete: ${cells.join(', ')}; in random order D1 ${random.d1Misses.toFixed(2)}, ` +
        `LLd ${random.llMisses.toFixed(2)}; ${counted} counted, ${((performance.now() - started) / 1000).toFixed(1)} s${cheaper.length > 0 ? ` CHEAPER: ${cheaper.join(', ')}` : ''}`,
    );
  }
}
process.exitCode = failed > 0 ? 1 : 0;
