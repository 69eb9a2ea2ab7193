// The guide from indices to leaves: it begins with 64 leaves, follows each change, and never says more than the directories.
import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { SparseXArray } from '../../src/sparse/index.ts';
import { expectEmpty, expectSound } from './sound.ts';

const HIGHEST = 0xffff_ffff;
const rng = random(12);

const SHAPES: Record<string, (i: number) => number> = {
  'anywhere in 2³²': () => rng.u32(),
  'anywhere in 2³¹': () => rng.below(2 ** 31),
  'anywhere in 2²⁰': () => rng.below(2 ** 20),
  dense: (i) => i,
  'dense at the top': (i) => HIGHEST - i,
  'ascending, 1,009 apart': (i) => i * 1009,
  'in clusters': (i) =>
    (Math.imul(i >> 7, 0x9e37_79b1) >>> 0) - ((Math.imul(i >> 7, 0x9e37_79b1) >>> 0) % 4096) + rng.below(4096),
  'first low, then anywhere': (i) => (i < 4000 ? i * 3 : rng.u32()),
};

/** Words, as they are beneath the types. */
const guideOf = (array: SparseXArray): Int32Array => (array as unknown as { guide: Int32Array }).guide;

test.each(Object.entries(SHAPES))('%s: sound while it grows and shrinks, and when it was compacted', (_, draw) => {
  const array = new SparseXArray();
  const known = new Map<number, number>();
  for (let i = 0; i < 8000; i++) {
    const index = draw(i);
    array.store(index, i + 1);
    known.set(index, i + 1);
    if (i % 500 === 0) expectSound(array);
  }
  expectSound(array);
  expect(guideOf(array).length).toBeGreaterThan(0);
  const check = (): void => {
    for (const [index, entry] of known) {
      if (array.load(index) !== entry || array.find(index) !== index) throw new Error(`${index}: not ${entry}`);
    }
    for (let i = 0; i < 1000; i++) {
      const index = rng.u32();
      if (array.load(index) !== (known.get(index) ?? 0)) throw new Error(`${index}: ${array.load(index)}`);
    }
  };
  check();
  array.compact();
  expectSound(array);
  check();
  let left = known.size;
  for (const index of rng.shuffle([...known.keys()])) {
    array.erase(index);
    known.delete(index);
    if (--left % 500 === 0) {
      expectSound(array);
      check();
    }
  }
  expectEmpty(array);
  for (let i = 0; i < 100; i++) array.store(draw(i), 1);
  expectSound(array);
});

test('few leaves have no guide, and clear gives it back', () => {
  const array = new SparseXArray();
  for (let i = 0; i < 300; i++) array.store(i * 1009, 1);
  expect(guideOf(array).length).toBe(0);
  for (let i = 0; i < 3000; i++) array.store(i * 1009, 1);
  expect(guideOf(array).length).toBeGreaterThanOrEqual(128);
  array.clear();
  expect(guideOf(array).length).toBe(0);
});

test.each([0, 2 ** 30, 2 ** 31, HIGHEST])('key %d, far from all others, comes and goes', (far) => {
  const array = new SparseXArray();
  for (let i = 0; i < 3000; i++) array.store(1.5 * 2 ** 31 + i * 7, 1);
  for (let i = 0; i < 3; i++) {
    array.store(far, 9);
    expectSound(array);
    expect(array.load(far)).toBe(9);
    array.erase(far);
    expectSound(array);
    expect(array.load(far)).toBe(0);
  }
});
