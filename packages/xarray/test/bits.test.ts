import { budget, expectSame, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { highestBit, lastClear, lastSet, lowestBit, nextClear, nextSet } from '../src/bits.ts';

test('lowestBit and highestBit of every single bit, with and without bits beyond', () => {
  for (let bit = 0; bit < 32; bit++) {
    expect(lowestBit(1 << bit)).toBe(bit);
    expect(lowestBit(-1 << bit)).toBe(bit);
    expect(highestBit(1 << bit)).toBe(bit);
    expect(highestBit(-1 >>> (31 - bit))).toBe(bit);
  }
});

test('nextSet, nextClear, lastSet and lastClear agree with a scan, from every start', () => {
  const rng = random(11);
  const words = new Int32Array(4);
  const set = (bit: number): boolean => ((words[1 + (bit >> 5)]! >>> (bit & 31)) & 1) === 1;
  const scan = (from: number, wanted: boolean): number => {
    for (let bit = from; bit < 64; bit++) if (set(bit) === wanted) return bit;
    return 64;
  };
  const scanDown = (from: number, wanted: boolean): number => {
    let bit = from;
    while (bit >= 0 && set(bit) !== wanted) bit--;
    return bit;
  };
  for (let round = 0; round < budget(300, 60); round++) {
    const pick = (): number => rng.pick([0, -1, 1, 1 << 31, 1 << rng.below(32), ~(1 << rng.below(32)), rng.u32() | 0]);
    words[1] = pick();
    words[2] = pick();
    for (let from = 0; from <= 64; from++) {
      const got = [nextSet(words, 1, from), nextClear(words, 1, from)];
      expectSame(got, [scan(from, true), scan(from, false)], `seed ${rng.seed}, round ${round}, from ${from}`);
    }
    for (let from = -1; from < 64; from++) {
      const got = [lastSet(words, 1, from), from < 0 ? -1 : lastClear(words, 1, from)];
      expectSame(got, [scanDown(from, true), scanDown(from, false)], `seed ${rng.seed}, round ${round}, from ${from}`);
    }
  }
});
