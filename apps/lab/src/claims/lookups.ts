// Lookups: which table takes longest, and what the split of the timer into cache lines changed.
import { hash32, jhash2 } from '@idspace/hash-table';
import { evaluate } from '../evaluate/evaluate.ts';
import { ADDRESS_HI, processAddresses } from '../evaluate/processes.ts';
import { PUBLISHED } from '../prediction/published.ts';
import { count, mean } from '../text/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf } from './claim.ts';
import { type Fill, fills, OLD, of, SCALED, TODAY, TREE } from './fills.ts';
import type { Lab } from './lab.ts';

const COMPARED = [OLD, SCALED, TREE] as const;
const MANY_TIMERS = 100_000;

export interface LookupFigures {
  timers: number;
  /** In the order of the published times, longest first. */
  designs: { design: string; publishedMs: number; linesTouched: number; d1Misses: number; nsPerOp: number }[];
}

export async function lookups(lab: Lab): Promise<LookupFigures> {
  const isMany = ({ threads, timers }: Pick<Fill, 'threads' | 'timers'>): boolean =>
    threads === 1 && timers === MANY_TIMERS;
  const fill = (await lab.once(fills)).find(isMany)!;
  const { ms } = PUBLISHED.find(isMany)!;
  const designs = COMPARED.map((design) => {
    const { linesTouched, d1Misses, nsPerOp } = of(fill, design).lookup;
    return { design, publishedMs: ms.getoverrun[design], linesTouched, d1Misses, nsPerOp };
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
    const { designs } = evaluate({ designs: [design], timers, cpus: 1, seed, sample: timers });
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
    const told = designs.map(
      (one) =>
        `${one.design} ${mean(one.linesTouched)} lines, ${mean(one.d1Misses)} D1 misses, ${mean(one.nsPerOp)} ns (model)`,
    );
    const text = `${count(timers)} timers, per lookup: ${told.join('; ')}.`;
    const [time, misses, lines] = (['nsPerOp', 'd1Misses', 'linesTouched'] as const).map((figure) => {
      const [old, scaled, tree] = designs.map((design) => design[figure]);
      return old >= FAR_MORE * scaled && scaled > tree;
    });
    if (!time || !misses) return doesNotHold(text);
    return lines ? holds(text) : holdsOnlyIf('misses and time count, not the lines touched', text);
  },
};

const ofSplit: Claim<SplitFigures> = {
  id: '8',
  claim: 'Splitting the timer by cache lines halves the lines that each chain element costs a lookup, from two to one',
  source: 'T. Gleixner, changelog of 5fa75a432f1a, March 2025',
  measure: (lab) => lab.once(split),
  judge({ before, after }) {
    const told = [before, after].map(
      ({ layout, linesPerElement }) => `${mean(linesPerElement)} with ${layout.split(';')[0]}`,
    );
    const [two, one] = [before, after].map(({ linesPerElement }) => Math.round(linesPerElement));
    return holdsIf(two === 2 && one === 1, `Lines per chain element passed: ${told.join(', ')}.`);
  },
};

export const LOOKUP_CLAIMS: readonly Claim[] = [order, ofSplit];
