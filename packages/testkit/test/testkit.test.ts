import { expect, test } from 'vitest';
import { random, runModel } from '../src/index.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 8 }, random(seed).u32);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('below and between keep to their ranges and reach both ends', () => {
  const rng = random(3);
  const seen = new Set(Array.from({ length: 1000 }, () => rng.between(-2, 2)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect(rng.below(1)).toBe(0);
});

test('shuffle keeps the elements', () => {
  expect([...random(1).shuffle(Int32Array.from([1, 2, 3, 4]))].sort()).toEqual([1, 2, 3, 4]);
});

const set = {
  add: {
    args: (rng: ReturnType<typeof random>) => [rng.below(10)],
    subject: (broken: Set<number>, x: number) => broken.add(x === 7 ? 8 : x).size,
    oracle: (good: Set<number>, x: number) => good.add(x).size,
  },
};

test('runModel names the seed, the step and the call at a difference', () => {
  const model = { seed: 5, steps: 1000, subject: new Set<number>(), oracle: new Set<number>(), operations: set };
  expect(() => runModel(model)).toThrow(/seed 5, step \d+: add\(\d\): got \d+, expected \d+/);
});

test('runModel plays every step where the sides agree', () => {
  const { subject } = { subject: set.add.oracle };
  const operations = { add: { ...set.add, subject } };
  const counts = runModel({ seed: 5, steps: 1000, subject: new Set<number>(), oracle: new Set<number>(), operations });
  expect(counts).toEqual({ add: 1000 });
});
