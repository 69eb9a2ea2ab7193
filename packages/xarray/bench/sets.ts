// Sets of integers: each contestant as small functions, the operations on them once. n is the highest number there may be.
import { random } from '@idspace/testkit';
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { Ida } from '@idspace/xarray';
import { FastBitSet, RoaringBitmap32 } from './peers.ts';

/** A set of integers, with the operations that make a new one. */
interface Sets<S> {
  of(ids: readonly number[]): S;
  union(a: S, b: S): S;
  intersection(a: S, b: S): S;
  difference(a: S, b: S): S;
  symmetricDifference(a: S, b: S): S;
  isSubsetOf(a: S, b: S): boolean;
  size(a: S): number;
  add(a: S, id: number): void;
  has(a: S, id: number): boolean;
  each(a: S, fn: (id: number) => void): void;
  /** How many there are up to one, and the one at a place, where there are such calls. */
  rank?(a: S, id: number): number;
  nth?(a: S, k: number): number;
}

/** Of the numbers below n: every second one at random; runs of 64 in one place of 16; one of 1000 at random. */
const PATTERNS: Record<string, (n: number, seed: number) => number[]> = {
  half: (n, seed) => scattered(n, seed, 0.5),
  runs: (n, seed) => {
    const rng = random(seed);
    return Array.from({ length: n >>> 6 }, (_, run) => run)
      .filter(() => rng.chance(1 / 16))
      .flatMap((run) => Array.from({ length: 64 }, (_, i) => run * 64 + i));
  },
  thin: (n, seed) => scattered(n, seed, 0.001),
};

function scattered(n: number, seed: number, share: number): number[] {
  const rng = random(seed);
  return Array.from({ length: n }, (_, id) => id).filter(() => rng.chance(share));
}

/** The operations of one kind of set. */
function setWorkloads<S>(sets: Sets<S>): Record<string, Workload> {
  const pair = (name: string, operation: (a: S, b: S, probes: number[]) => unknown, ops = 1): [string, Workload] => {
    let made: { key: string; a: S; b: S; probes: number[] } | undefined;
    return [
      `set ${name}`,
      ({ n: size, pattern }) => {
        const n = Number(size);
        const key = `${n} ${pattern}`;
        if (made?.key !== key) {
          const [a, b] = [PATTERNS[String(pattern)]!(n, 1), PATTERNS[String(pattern)]!(n, 2)];
          const rng = random(3);
          made = { key, a: sets.of(a), b: sets.of(b), probes: Array.from({ length: ops }, () => rng.below(n)) };
        }
        const { a, b, probes } = made;
        const repeat = Math.max(1, Math.round(2e6 / n / ops));
        return {
          ops: repeat * ops,
          run: () => {
            let last: unknown;
            for (let i = 0; i < repeat; i++) last = operation(a, b, probes);
            return last;
          },
        };
      },
    ];
  };
  const { rank, nth } = sets;
  return Object.fromEntries([
    pair('union', sets.union),
    pair('intersection', sets.intersection),
    pair('difference', sets.difference),
    pair('symmetric difference', sets.symmetricDifference),
    pair('subset of the union', (a, b) => sets.isSubsetOf(a, sets.union(a, b))),
    pair('size of the union', (a, b) => sets.size(sets.union(a, b))),
    pair('each', (a) => {
      let sum = 0;
      sets.each(a, (id) => {
        sum += id;
      });
      return sum;
    }),
    pair('has', (a, _, probes) => probes.filter((id) => sets.has(a, id)).length, 1000),
    pair(
      'add to an empty one',
      (_a, _b, probes) => {
        const s = sets.of([]);
        for (const id of probes) sets.add(s, id);
        return s;
      },
      1000,
    ),
    ...(rank === undefined ? [] : [pair('rank', (a, _, probes) => probes.map((id) => rank(a, id)), 100)]),
    ...(nth === undefined ? [] : [pair('nth', (a, _, probes) => probes.map((id) => nth(a, id >> 11)), 100)]),
  ]);
}

type Roaring = InstanceType<typeof RoaringBitmap32>;
type Fast = InstanceType<typeof FastBitSet>;

export const setContestants: Contestants = {
  Ida: setWorkloads<Ida>({
    of: (ids) => new Ida(ids),
    union: (a, b) => a.union(b),
    intersection: (a, b) => a.intersection(b),
    difference: (a, b) => a.difference(b),
    symmetricDifference: (a, b) => a.symmetricDifference(b),
    isSubsetOf: (a, b) => a.isSubsetOf(b),
    size: (a) => a.size,
    add: (a, id) => void a.add(id),
    has: (a, id) => a.has(id),
    each: (a, fn) => a.forEach(fn),
    rank: (a, id) => a.rank(id),
    nth: (a, k) => a.nth(k),
  }),
  typedfastbitset: setWorkloads<Fast>({
    of: (ids) => {
      const set = new FastBitSet();
      for (const id of ids) set.add(id);
      return set;
    },
    union: (a, b) => a.new_union(b),
    intersection: (a, b) => a.new_intersection(b),
    difference: (a, b) => a.new_difference(b),
    symmetricDifference: (a, b) => a.new_change(b),
    isSubsetOf: (a, b) => a.difference_size(b) === 0,
    size: (a) => a.size(),
    add: (a, id) => a.add(id),
    has: (a, id) => a.has(id),
    each: (a, fn) => a.forEach(fn),
  }),
  roaring: setWorkloads<Roaring>({
    of: (ids) => new RoaringBitmap32(ids),
    union: (a, b) => RoaringBitmap32.or(a, b),
    intersection: (a, b) => RoaringBitmap32.and(a, b),
    difference: (a, b) => RoaringBitmap32.andNot(a, b),
    symmetricDifference: (a, b) => RoaringBitmap32.xor(a, b),
    isSubsetOf: (a, b) => a.isSubset(b),
    size: (a) => a.size,
    add: (a, id) => void a.add(id),
    has: (a, id) => a.has(id),
    each: (a, fn) => void a.forEach(fn),
    rank: (a, id) => a.rank(id),
    nth: (a, k) => a.at(k) ?? -1,
  }),
};
