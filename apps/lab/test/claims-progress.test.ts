// How far `idspace claims` has come: by the work that is done, not by the number of claims.
import { expect, test } from 'vitest';
import { ALL_PAIRS, FILLS, SECONDS, sharesOf } from '../src/claims/effort.ts';
import { Lab } from '../src/claims/lab.ts';
import { fills } from '../src/claims/measured/fills.ts';
import { CLAIMS } from '../src/claims/registry.ts';

const IDS = CLAIMS.map(({ id }) => id);

test.each([false, true])(
  'the shares of all claims are the whole, and the first with a shared measurement takes it',
  (full) => {
    const shares = sharesOf(IDS, full);
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    const [first, later] = ['S1', 'S12'].map((id) => shares[IDS.indexOf(id)]!);
    expect(first! / later!).toBeGreaterThan(50);
    const [long] = sharesOf(['S5', '1', 'S2'], full);
    expect(long! > 0.9).toBe(full);
  },
);

test('every claim that is named is one', () => {
  expect([...FILLS.of, ...ALL_PAIRS.of, ...Object.keys(SECONDS)].filter((id) => !IDS.includes(id))).toEqual([]);
});

test('what takes longest tells how far it has come, and only forward', () => {
  const seen: number[] = [];
  const stop = new Error('enough');
  const lab = new Lab({
    seed: 1,
    onProgress: (share) => {
      seen.push(share);
      if (seen.length > 20) throw stop;
    },
  });
  expect(() => fills(lab)).toThrow(stop);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBeGreaterThan(0);
  expect(seen.at(-1)).toBeLessThanOrEqual(1);
});
