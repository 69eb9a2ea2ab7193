// Random calls on a SparseXArray and on the oracle: keys of several shapes, in phases that grow and phases that shrink.
import { budget, runModel } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { SparseXArray } from '../../src/sparse/index.ts';
import { check, operations, SHAPES } from '../support/sparse-operations.ts';
import { SortedOracle } from './sorted-oracle.ts';
import { expectEmpty } from './sound.ts';

const STEPS = budget(13_000);

test.each(Object.keys(SHAPES).map((shape, i) => [shape, 100 + i] as const))(
  `%s keys, seed %d: 5 × ${STEPS} calls answer as the oracle does`,
  (shape, seed) => {
    const array = new SparseXArray();
    const oracle = new SortedOracle();
    const phases: [number, number][] = [
      [25, 3],
      [3, 12],
      [20, 4],
      [10, 8],
      [2, 30],
    ];
    phases.forEach(([growing, shrinking], phase) => {
      runModel({
        seed: seed + 1000 * phase,
        steps: STEPS,
        subject: array,
        oracle,
        operations: operations(SHAPES[shape]!, growing, shrinking),
        check,
        checkEvery: 4000,
      });
    });
    for (const index of oracle.indices) expect(array.erase(index)).toBe(oracle.load(index));
    expectEmpty(array);
  },
);
