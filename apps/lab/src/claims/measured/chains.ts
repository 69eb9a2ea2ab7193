// Chains of the hash tables: how long, and how even.

import { ADDRESS_HI, processAddresses } from '@idspace/evaluation';
import { type ChainStats, HashTable } from '@idspace/hash-table';
import { scaledBuckets } from '@idspace/posix-timers';
import { count, mean } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf } from '../claim.ts';
import type { Lab } from '../lab.ts';

const CPUS = 64;
const OLD_BUCKETS = 512;
const MANY_TIMERS = 100_000;
/** What is said of the old table, and how far off "about" is. */
const ABOUT = 200;
const TOLERANCE = 0.1;

/** IDs 0, stride, 2 × stride … of each owner. */
interface Pattern {
  owners: number;
  timers: number;
  stride: number;
}

type Hash = 'hash32' | 'jhash2';

function chainsOf({ owners, timers, stride }: Pattern, buckets: number, hash: Hash, seed: number): ChainStats {
  const table = new HashTable({ buckets, hash, capacity: owners * timers });
  for (const owner of processAddresses(owners, seed)) {
    for (let i = 0; i < timers; i++) table.insertNew(owner, ADDRESS_HI, i * stride, i + 1);
  }
  return table.chainStats();
}

export interface ChainFigures {
  timers: number;
  old: ChainStats & { buckets: number };
  scaled: ChainStats & { buckets: number };
}

export function chainLengths({ seed }: Lab): ChainFigures {
  const pattern = { owners: 1, timers: MANY_TIMERS, stride: 1 };
  const scaled = scaledBuckets(CPUS);
  return {
    timers: MANY_TIMERS,
    old: { buckets: OLD_BUCKETS, ...chainsOf(pattern, OLD_BUCKETS, 'hash32', seed) },
    scaled: { buckets: scaled, ...chainsOf(pattern, scaled, 'jhash2', seed) },
  };
}

/** The same IDs in one process, in some, and, as in the published test, in many with many timers. */
const PATTERNS: readonly Pattern[] = [
  ...[1, 7, 64, 1000].map((stride) => ({ owners: 1, timers: 20_000, stride })),
  ...[1, 7, 64, 1000].map((stride) => ({ owners: 16, timers: 2000, stride })),
  { owners: 64, timers: 20_000, stride: 1 },
];

export interface EvennessFigures {
  buckets: number;
  patterns: (Pattern & Record<Hash, ChainStats>)[];
}

export function evenness({ seed }: Lab): EvennessFigures {
  const buckets = scaledBuckets(CPUS);
  const patterns = PATTERNS.map((pattern) => ({
    ...pattern,
    hash32: chainsOf(pattern, buckets, 'hash32', seed),
    jhash2: chainsOf(pattern, buckets, 'jhash2', seed),
  }));
  return { buckets, patterns };
}

const chains: Claim<ChainFigures> = {
  id: '6',
  claim: '100,000 timers make some 200 per bucket of the old table; a table sized by CPUs cuts that',
  source: 'T. Gleixner, changelog of 1535cb80286e, March 2025',
  measure: (lab) => lab.once(chainLengths),
  judge({ timers, old, scaled }) {
    const [one, other] = [old, scaled].map(
      (table) => `${mean(table.mean)} per bucket (longest ${table.max}) in ${count(table.buckets)} buckets`,
    );
    const isAbout = Math.abs(old.mean - ABOUT) <= TOLERANCE * ABOUT;
    return holdsIf(isAbout && scaled.mean < old.mean, `${count(timers)} timers: ${one}, ${other} (${CPUS} CPUs).`);
  },
};

const even: Claim<EvennessFigures> = {
  id: '10',
  claim: 'jhash makes the chains more even than hash_32 did',
  source: 'T. Gleixner, changelog of 781764e0b439, March 2025',
  measure: (lab) => lab.once(evenness),
  judge({ buckets, patterns }) {
    const better = patterns.filter(({ hash32, jhash2 }) => jhash2.sd < hash32.sd);
    const worse = patterns.filter((pattern) => !better.includes(pattern));
    const text =
      `Standard deviation of chain lengths, hash_32 → jhash2, ${count(buckets)} buckets, processes × timers of each: ` +
      `${patterns.map((one) => `${nameOf(one)} ${mean(one.hash32.sd)} → ${mean(one.jhash2.sd)}`).join('; ')}.`;
    if (better.length === 0) return doesNotHold(text);
    if (worse.length === 0) return holds(text);
    return holdsOnlyIf(
      `IDs and processes are as in ${better.map(nameOf).join(', ')}; not with ${worse.map(nameOf).join(', ')}`,
      text,
    );
  },
};

/** '64 × 20,000 dense'. */
function nameOf({ owners, timers, stride }: Pattern): string {
  return `${owners} × ${count(timers)} ${stride === 1 ? 'dense' : `at stride ${count(stride)}`}`;
}

export const CHAIN_CLAIMS: readonly Claim[] = [chains, even];
