import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { lowestBit, nextClear, nextSet } from '../src/bits.ts';

test('lowestBit of every single bit, with and without bits above', () => {
  for (let bit = 0; bit < 32; bit++) {
    expect(lowestBit(1 << bit)).toBe(bit);
    expect(lowestBit(-1 << bit)).toBe(bit);
  }
});

test('nextSet and nextClear agree with a scan, from every start', () => {
  const rng = random(11);
  const words = new Int32Array(4);
  const set = (bit: number): boolean => ((words[1 + (bit >> 5)]! >>> (bit & 31)) & 1) === 1;
  const scan = (from: number, wanted: boolean): number => {
    for (let bit = from; bit < 64; bit++) if (set(bit) === wanted) return bit;
    return 64;
  };
  for (let round = 0; round < 300; round++) {
    const pick = (): number => rng.pick([0, -1, 1, 1 << 31, 1 << rng.below(32), ~(1 << rng.below(32)), rng.u32() | 0]);
    words[1] = pick();
    words[2] = pick();
    for (let from = 0; from <= 64; from++) {
      const got = [nextSet(words, 1, from), nextClear(words, 1, from)];
      expect(got, `seed ${rng.seed}, round ${round}, from ${from}`).toEqual([scan(from, true), scan(from, false)]);
    }
  }
});
