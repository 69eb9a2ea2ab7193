// `alloc` finds the lowest free index whatever was freed, stored and allocated before, at both ends of the index domain.
import { expectSame, random } from '@idspace/testkit';
import { test } from 'vitest';
import { XArray } from '../src/index.ts';
import { MAX_INDEX } from './sound.ts';

/** Indices at either end that come and go; all between are taken. */
const EDGE = 12;
const LOW = Array.from({ length: EDGE }, (_, i) => i);
const HIGH = LOW.map((i) => MAX_INDEX - EDGE + 1 + i);
const EDGES = [...LOW, ...HIGH];

function lowestFree(taken: ReadonlySet<number>, min: number, max: number): number {
  return EDGES.find((index) => index >= min && index <= max && !taken.has(index)) ?? -1;
}

test.each([
  ['from0', 1],
  ['from0', 2],
  ['from1', 3],
  ['from1', 4],
] as const)('%s, seed %d: 20,000 calls, with all indices taken but those at the ends', (alloc, seed) => {
  const pick = random(seed);
  const array = new XArray({ alloc });
  array.storeRange(EDGE, MAX_INDEX - EDGE, 7);
  // An array from 1 never hands out 0.
  const taken = new Set<number>(alloc === 'from1' ? [0] : []);
  const any = (): number => EDGES[pick.below(EDGES.length)]!;
  for (let step = 0; step < 20_000; step++) {
    const index = any();
    const call = pick.below(8);
    if (call < 3) {
      const min = pick.below(2) === 0 ? 0 : any();
      const expected = lowestFree(taken, min, MAX_INDEX);
      expectSame(array.alloc(9, min, MAX_INDEX), expected, `step ${step}: alloc from ${min}`);
      if (expected >= 0) taken.add(expected);
    } else if (call < 6) {
      array.erase(index);
      if (index !== 0 || alloc === 'from0') taken.delete(index);
    } else if (call === 6) {
      array.store(index, 5);
      taken.add(index);
    } else {
      const max = any();
      const expected = lowestFree(taken, index, max);
      expectSame(array.alloc(9, index, max), expected, `step ${step}: alloc from ${index} to ${max}`);
      if (expected >= 0) taken.add(expected);
    }
  }
});
