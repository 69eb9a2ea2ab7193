// The keys of a run: seeded, the same for every contestant.
import { random } from '@idspace/testkit';

const SEED = 20_230_509;

/** How keys lie: 0…n−1, runs of 64 with gaps of 64…4096 between, or anywhere in 0…2³¹−1. */
export type Pattern = 'dense' | 'runs' | 'uniform';

const cache = new Map<string, Uint32Array>();

/** n different keys, ascending. */
export function ascending(pattern: Pattern, n: number): Uint32Array {
  const known = cache.get(`${pattern} ${n}`);
  if (known) return known;
  const keys = make(pattern, n);
  cache.set(`${pattern} ${n}`, keys);
  return keys;
}

/** The same keys in one shuffled order. */
export function shuffled(pattern: Pattern, n: number): Uint32Array {
  const name = `${pattern} ${n} shuffled`;
  const keys = cache.get(name) ?? random(SEED + 1).shuffle(ascending(pattern, n).slice());
  cache.set(name, keys);
  return keys;
}

function make(pattern: Pattern, n: number): Uint32Array {
  const rng = random(SEED);
  if (pattern === 'dense') return Uint32Array.from({ length: n }, (_, i) => i);
  if (pattern === 'runs') {
    let start = 0;
    return Uint32Array.from({ length: n }, (_, i) => {
      if (i % 64 === 0 && i > 0) start += 64 * (1 + rng.between(1, 64));
      return start + (i % 64);
    });
  }
  const keys = new Set<number>();
  while (keys.size < n) keys.add(rng.below(2 ** 31));
  return Uint32Array.from(keys).sort();
}
