import { operation } from '../../engine/operations.ts';
import { count, three } from '../../shell/number.ts';
import { CHAIN_TIMERS, COMPARED, type Compared, CPUS, type LookupCost, MACHINE_TITLE } from '../counting.ts';
import { type Scene, scene } from '../scene.ts';

export const CHAIN: Scene = scene({
  name: 'chain',
  title: 'A lookup walks along a chain',
  idea: `In every call, Linux must find the timer that belongs to the number. Until 6.14 all timers of the machine stood in one table with 512 places, called buckets. Timers in the same bucket form a chain, and a lookup walks along it. Memory comes in lines of 64 bytes: each timer it passes costs a line or two.`,
  async measure(counter) {
    const found: Partial<Record<Compared, LookupCost>> = {};
    for (const design of COMPARED) found[design] = await counter.lookupCost({ design });
    return found as Record<Compared, LookupCost>;
  },
  guess: ({ 'hash-512': old, xarray }) => ({
    question: `One process has ${count(CHAIN_TIMERS)} timers. How many lines of memory does a lookup touch, on average?`,
    choices: [
      { text: three(Math.round(xarray.linesTouched)), right: false },
      { text: three(Math.round(old.linesTouched)), right: true },
      { text: '1,000', right: false },
    ],
  }),
  answer: ({ 'hash-512': old, 'hash-scaled-jhash': scaled, xarray }) =>
    `${three(old.linesTouched)} lines, and ${three(old.d1Misses)} of these reads miss the fastest cache. In the tree that the letter wanted, a lookup touches ${three(xarray.linesTouched)} lines and ${three(xarray.d1Misses)} miss. Fewer is better in both. In the table of 6.15 it is ${three(scaled.linesTouched)} lines and ${three(scaled.d1Misses)} misses: it has 512 buckets for each of ${CPUS} CPUs, which is more than there are timers.`,
  look: 'Each bar is a bucket; choose one to see its chain. On the timeline, each line of memory that the lookup touches lights up.',
  from: `Counted by the evaluation package: lookups in the order of creation, ${MACHINE_TITLE}. Line counts need no machine; misses depend on its caches.`,
  onTimeline: {
    release: '6.14',
    operations: [operation('create', CHAIN_TIMERS), operation('lookup', 1, CHAIN_TIMERS / 2)],
  },
});
