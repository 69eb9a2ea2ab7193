// Lookups: which table takes longest, and what the split of the timer into cache lines changed.

import { ADDRESS_HI, compareTimes, evaluate, HARDWARE_NAMES, PUBLISHED, processAddresses } from '@idspace/evaluation';
import { hash32, jhash2 } from '@idspace/hash-table';
import { count, mean } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type Fill, fills, OLD, of, SCALED, TODAY, TREE } from './fills.ts';

const COMPARED = [OLD, SCALED, TREE] as const;
const MANY_TIMERS = 100_000;

/** Of a lookup; by itself of one in creation order. */
interface OrderCost {
  d1Misses: number;
  nsPerOp: number;
}

export interface LookupFigures {
  timers: number;
  /** In the order of the published times, longest first. */
  designs: ({ design: string; publishedMs: number; linesTouched: number; random: OrderCost } & OrderCost)[];
}

export async function lookups(lab: Lab): Promise<LookupFigures> {
  const isMany = ({ threads, timers }: Pick<Fill, 'threads' | 'timers'>): boolean =>
    threads === 1 && timers === MANY_TIMERS;
  const fill = (await lab.once(fills)).find(isMany)!;
  const { ms } = PUBLISHED.find(isMany)!;
  const designs = COMPARED.map((design) => {
    const { lookup, lookupRandom } = of(fill, design);
    const { linesTouched, d1Misses, nsPerOp } = lookup;
    const random = { d1Misses: lookupRandom.d1Misses, nsPerOp: lookupRandom.nsPerOp };
    return { design, publishedMs: ms.getoverrun[design], linesTouched, d1Misses, nsPerOp, random };
  });
  return { timers: MANY_TIMERS, designs: designs.sort((a, b) => b.publishedMs - a.publishedMs) };
}

/** So few CPUs and so many timers that chains are long. */
const ONE_CPU_BUCKETS = 512;
const CHAINS = [1024, 4096];

export interface SplitFigures {
  /** By design: lines of a lookup more, per chain element more that it passes. */
  before: LinesPerElement;
  after: LinesPerElement;
}

export interface LinesPerElement {
  design: string;
  layout: string;
  lookups: { timers: number; elements: number; linesTouched: number }[];
  linesPerElement: number;
}

export function split({ seed }: Lab): SplitFigures {
  return { before: linesPerElement(SCALED, seed), after: linesPerElement(TODAY, seed) };
}

function linesPerElement(design: typeof SCALED | typeof TODAY, seed: number): LinesPerElement {
  let layout = '';
  const found = CHAINS.map((timers) => {
    const { designs } = evaluate({ designs: [design], timers, cpus: 1, seed, sample: timers, orders: ['creation'] });
    layout = designs[0].layout;
    return { timers, elements: elementsPerLookup(design, timers, seed), linesTouched: designs[0].lookup.linesTouched };
  });
  const [few, many] = found;
  const slope = (many.linesTouched - few.linesTouched) / (many.elements - few.elements);
  return { design, layout, lookups: found, linesPerElement: slope };
}

/** Elements that a lookup passes, its own included; mean over all timers of one process. */
function elementsPerLookup(design: typeof SCALED | typeof TODAY, timers: number, seed: number): number {
  const [owner] = processAddresses(1, seed);
  const lengths = new Uint32Array(ONE_CPU_BUCKETS);
  for (let id = 0; id < timers; id++) {
    const hashed = hash32(owner, ADDRESS_HI, id, Math.log2(ONE_CPU_BUCKETS));
    lengths[design === SCALED ? hashed : jhash2(owner, ADDRESS_HI, id) & (ONE_CPU_BUCKETS - 1)]++;
  }
  return lengths.reduce((sum, length) => sum + (length * (length + 1)) / 2, 0) / timers;
}

/** A lookup in one table "costs far more" from this ratio on. */
const FAR_MORE = 5;

const order: Claim<LookupFigures> = {
  id: '7',
  claim: 'A lookup costs far more in the old hash table than in one sized by CPUs, and there more than in an xarray',
  source: 'T. Gleixner, cover letter of the 2025 series, V1, 24 February 2025 (100,000 timers: 261, 20 and 14 ms)',
  measure: (lab) => lab.once(lookups),
  judge({ timers, designs }) {
    const shown = ({ d1Misses, nsPerOp }: OrderCost): string => `${mean(d1Misses)} D1 misses, ${mean(nsPerOp)} ns`;
    const told = designs.map(
      (one) =>
        `${one.design} ${mean(one.linesTouched)} lines, in creation order ${shown(one)}, in random order ${shown(one.random)}`,
    );
    const text = `${count(timers)} timers, per lookup (model: ${HARDWARE_NAMES[0]}): ${told.join('; ')}.`;
    if (!isOrdered(designs)) return doesNotHold(text);
    const [old, scaled, tree] = designs.map(({ linesTouched }) => linesTouched);
    const conditions = [
      ...(isOrdered(designs.map(({ random }) => random)) ? [] : ['lookups go in creation order']),
      ...(old >= FAR_MORE * scaled && scaled > tree ? [] : ['misses and time count, not the lines touched']),
    ];
    return conditions.length === 0 ? holds(text) : holdsOnlyIf(conditions.join(' and '), text);
  },
};

/** Whether misses and time are in the order of the claim; times that are a tie are not. */
function isOrdered(designs: readonly OrderCost[]): boolean {
  const [old, scaled, tree] = designs;
  const time = old.nsPerOp >= FAR_MORE * scaled.nsPerOp && compareTimes(tree.nsPerOp, scaled.nsPerOp) === 'faster';
  return time && old.d1Misses >= FAR_MORE * scaled.d1Misses && scaled.d1Misses > tree.d1Misses;
}

/** How far off "one line" is. */
const ABOUT_ONE = 0.1;

const ofSplit: Claim<SplitFigures> = {
  id: '8',
  claim: 'Splitting the timer by cache lines halves the lines that each chain element costs a lookup, from two to one',
  source: 'T. Gleixner, changelog of 5fa75a432f1a, March 2025',
  measure: (lab) => lab.once(split),
  judge({ before, after }) {
    const told = [before, after].map(
      ({ layout, linesPerElement }) => `${mean(linesPerElement)} with ${layout.split(';')[0]}`,
    );
    // 360 bytes do not keep to lines: somewhat more than two. At least twice as many as after is what is claimed.
    const halved = before.linesPerElement >= 2 * after.linesPerElement;
    const one = Math.abs(after.linesPerElement - 1) <= ABOUT_ONE;
    return holdsIf(halved && one, `Lines per chain element passed: ${told.join(', ')}.`);
  },
};

export const LOOKUP_CLAIMS: readonly Claim[] = [order, ofSplit];
