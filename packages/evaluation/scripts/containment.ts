// containment: what contains an operation costs at least that operation, on a grid of designs and sizes.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { checkNames, integerFlag, scriptFlags } from '@idspace/testkit/script-flags';
import { containment } from '../test/containment.ts';

const SIZES = '1000,20000,131000,262000,1000000,4000000';
const HELP = `pnpm containment [flags]
  --timers N,…    sizes (default ${SIZES}: half an hour)
  --designs A,…   of ${DESIGNS.join(', ')} (default: all)
Exit 1 if anything costs less than what it contains.`;

const { values: flags } = scriptFlags(HELP, {
  timers: { type: 'string', default: SIZES },
  designs: { type: 'string', default: DESIGNS.join() },
});
const sizes = flags.timers.split(',').map((size) => integerFlag(HELP, 'timers', size));
const designs = flags.designs.split(',') as DesignName[];
checkNames(HELP, designs, DESIGNS);

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
