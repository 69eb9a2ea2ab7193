// A small seeded generator (sfc32): fast, good enough for tests, the same numbers on every machine.

/** A seeded source of test data. */
export interface Random {
  /** The seed this generator was made from; print it when a test fails. */
  readonly seed: number;
  /** Returns an integer, 0…2³²−1. */
  u32(): number;
  /** Returns an integer, 0…n−1 (n: 1…2³²). */
  below(n: number): number;
  /** Returns an integer, lo…hi, both ends included. */
  between(lo: number, hi: number): number;
  /** Returns true with probability p (0…1). */
  chance(p: number): boolean;
  /** Returns one element of a non-empty array. */
  pick<T>(items: readonly T[]): T;
  /** Shuffles an array or typed array in place and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
}

/** Creates a seeded generator. `TEST_SEED` in the environment overrides the seed of every test. */
export function random(seed: number): Random {
  const chosen = Number(process.env.TEST_SEED ?? seed) >>> 0;
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = chosen;
  const u32 = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) u32();
  const below = (n: number): number => Math.floor((u32() / 0x1_0000_0000) * n);
  return {
    seed: chosen,
    u32,
    below,
    between: (lo, hi) => lo + below(hi - lo + 1),
    chance: (p) => u32() < p * 0x1_0000_0000,
    pick: (items) => items[below(items.length)]!,
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1);
        const swap = items[i];
        (items as Record<number, unknown>)[i] = items[j];
        (items as Record<number, unknown>)[j] = swap;
      }
      return items;
    },
  };
}
