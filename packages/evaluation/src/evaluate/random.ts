// A small seeded generator, so that the same options give the same result.
// Reference: splitmix32 (G. Steele, D. Lea, C. Flood, OOPSLA 2014, in its 32-bit form).

/** Returns a function that returns the next integer, 0…n−1 (n: 1…2³²), the same sequence for the same seed (u32). */
export function randomBelow(seed: number): (n: number) => number {
  let state = seed | 0;
  return (n) => {
    state = (state + 0x9e37_79b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0_aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a_2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000) * n);
  };
}

/** Returns 0…n−1 in a random order (R. Fisher, F. Yates). @param below As `randomBelow` returns it. */
export function shuffled(n: number, below: (n: number) => number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
