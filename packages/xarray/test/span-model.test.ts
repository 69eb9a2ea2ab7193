// Random calls of every kind on an XArray and on a list of spans: entries of all orders, marks, allocation, searches.
import { budget, runModel, withinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { CursorOracle } from './cursor-oracle.ts';
import { expectEmpty } from './sound.ts';
import { SpanOracle } from './span-oracle.ts';
import { check, operations, SHAPES } from './support/span-operations.ts';

const kinds = [undefined, 'from0', 'from1'] as const;
const runs = Object.keys(SHAPES).flatMap((shape, i) => kinds.map((alloc, j) => [shape, alloc, 3 * i + j + 1] as const));
const STEPS = Number(process.env.MODEL_STEPS ?? budget(112_000));

test.each(withinBudget(runs, { least: 4 }))(
  `%s, alloc %s, seed %d: ${STEPS} calls answer as the oracle does`,
  (shape, alloc, seed) => {
    const array = new XArray({ alloc });
    const oracle = new SpanOracle(alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1);
    runModel({
      seed,
      steps: STEPS,
      subject: { array, cursors: [array.cursor(), array.cursor()] },
      oracle: { array: oracle, cursors: [0, 1].map(() => new CursorOracle(oracle, () => array.height)) },
      operations: operations(SHAPES[shape]!, alloc !== undefined),
      check,
      checkEvery: 1000,
    });
    for (const { first, entry } of [...oracle.spans]) expect(array.erase(first)).toBe(entry);
    expectEmpty(array);
  },
);
