// Random calls on an XArray, private or shared, and on the oracle, over keys of three shapes and all three kinds of array.
import { budget, runModel } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { Oracle } from './oracle.ts';
import { expectEmpty } from './sound.ts';
import { check, operations, SHAPES, type Subject } from './support/map-operations.ts';

const kinds = [undefined, 'from0', 'from1'] as const;
const runs = Object.keys(SHAPES).flatMap((shape, i) => kinds.map((alloc, j) => [shape, alloc, 3 * i + j + 1] as const));
const STEPS = budget(30_000);
const SHARED_STEPS = budget(5_000);

function play(array: Subject, shape: string, alloc: (typeof kinds)[number], seed: number, steps: number): void {
  const oracle = new Oracle(alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1);
  runModel({
    seed,
    steps,
    subject: array,
    oracle,
    operations: operations(SHAPES[shape]!, alloc !== undefined),
    check,
    checkEvery: 300,
  });
  for (const index of oracle.taken()) expect(array.erase(index)).toBe(oracle.load(index));
  expectEmpty(array);
}

test.each(runs)(`%s keys, alloc %s, seed %d: ${STEPS} calls answer as the oracle does`, (shape, alloc, seed) => {
  play(new XArray({ alloc }), shape, alloc, seed, STEPS);
});

test.each(runs)(
  `shared, %s keys, alloc %s, seed %d: ${SHARED_STEPS} calls answer as the oracle does`,
  (shape, alloc, seed) => {
    const lockFreeReads = seed % 3 !== 0;
    play(new SharedXArray({ alloc, capacity: 510, lockFreeReads }), shape, alloc, seed, SHARED_STEPS);
  },
);
