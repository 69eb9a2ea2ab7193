// Every class, with its oracle, for the tests and for `pnpm model`.
import { inTurns, type ModelCase, type Models, modelCase } from '@idspace/testkit';
import { XArray } from '../../src/index.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { SparseXArray } from '../../src/sparse/index.ts';
import { CursorOracle } from '../cursor-oracle.ts';
import { Oracle } from '../oracle.ts';
import { expectEmpty } from '../sound.ts';
import { SpanOracle } from '../span-oracle.ts';
import { SortedOracle } from '../sparse/sorted-oracle.ts';
import { expectEmpty as expectSparseEmpty } from '../sparse/sound.ts';
import { IDA_CASES } from './ida-models.ts';
import { INT_MAP_CASES, TYPED_MAP_CASES, XARRAY_OF_CASES } from './map-models.ts';
import * as maps from './map-operations.ts';
import * as spans from './span-operations.ts';
import * as sparse from './sparse-operations.ts';

const KINDS = [undefined, 'from0', 'from1'] as const;
type Kind = (typeof KINDS)[number];
type Cases = Models[string];

const baseOf = (alloc: Kind): number => (alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1);

/** A case for each shape of keys and each kind of array. */
function casesOf<Shape>(shapes: Record<string, Shape>, begin: (shape: Shape, alloc: Kind) => ModelCase): Cases {
  const pairs = Object.entries(shapes).flatMap(([name, shape]) =>
    KINDS.map((alloc) => [`${name} keys, alloc ${alloc}`, () => begin(shape, alloc)] as const),
  );
  return Object.fromEntries(pairs);
}

function emptied(array: maps.Subject, oracle: Oracle): void {
  for (const index of oracle.taken()) array.erase(index);
  expectEmpty(array);
}

const XARRAY = casesOf(maps.SHAPES, (shape, alloc) =>
  modelCase<maps.Subject, Oracle>({
    subject: new XArray({ alloc }),
    oracle: new Oracle(baseOf(alloc)),
    operations: maps.operations(shape, alloc !== undefined),
    check: maps.check,
    checkEvery: 300,
    end: emptied,
  }),
);

/** Entries of more than one index, and two cursors. */
const MULTI_INDEX = casesOf(spans.SHAPES, (shape, alloc) => {
  const array = new XArray({ alloc });
  const oracle = new SpanOracle(baseOf(alloc));
  return modelCase<spans.Subject, spans.Model>({
    subject: { array, cursors: [array.cursor(), array.cursor()] },
    oracle: { array: oracle, cursors: [0, 1].map(() => new CursorOracle(oracle, () => array.height)) },
    operations: spans.operations(shape, alloc !== undefined),
    check: spans.check,
    checkEvery: 1000,
    end: () => {
      for (const { first } of [...oracle.spans]) array.erase(first);
      expectEmpty(array);
    },
  });
});

const ACTORS = 3;

/** Three threads in turns, the second without lock-free reads; each may end between two calls. */
const SHARED_XARRAY = casesOf(maps.SHAPES, (shape, alloc) => {
  const options = (at: number): { lockFreeReads: boolean } => ({ lockFreeReads: at !== 1 });
  const first = new SharedXArray({ alloc, capacity: 510, ...options(0) });
  const kill = (actors: maps.Subject[], victim: number): void => {
    const { owner } = actors[victim] as SharedXArray;
    (actors[(victim + 1) % ACTORS] as SharedXArray).bury(owner);
    actors[victim] = SharedXArray.attach(first.handle, options(victim));
  };
  return modelCase<maps.Subject[], Oracle>({
    subject: [first, ...[1, 2].map((at) => SharedXArray.attach(first.handle, options(at)))],
    oracle: new Oracle(baseOf(alloc)),
    operations: inTurns(maps.operations(shape, alloc !== undefined), ACTORS, kill),
    check: (actors, oracle) => maps.check(actors[oracle.size % ACTORS]!, oracle),
    checkEvery: 300,
    end: (actors, oracle) => emptied(actors[0]!, oracle),
  });
});

/** How often calls add, and how often they take away. */
const PACES = { growing: [25, 3], steady: [10, 8], shrinking: [3, 12] } as const;

const SPARSE_XARRAY: Cases = Object.fromEntries(
  Object.entries(sparse.SHAPES).flatMap(([shape, index]) =>
    Object.entries(PACES).map(([pace, [growing, shrinking]]) => [
      `${shape} keys, ${pace}`,
      () =>
        modelCase<SparseXArray, SortedOracle>({
          subject: new SparseXArray(),
          oracle: new SortedOracle(),
          operations: sparse.operations(index, growing, shrinking),
          check: sparse.check,
          checkEvery: 4000,
          end: (array, oracle) => {
            for (const one of [...oracle.indices]) array.erase(one);
            expectSparseEmpty(array);
          },
        }),
    ]),
  ),
);

export const MODELS: {
  readonly [Name in
    | 'XArray'
    | 'MultiIndex'
    | 'SharedXArray'
    | 'SparseXArray'
    | 'IntMap'
    | 'XArrayOf'
    | 'TypedMap'
    | 'Ida']: Cases;
} = {
  XArray: XARRAY,
  MultiIndex: MULTI_INDEX,
  SharedXArray: SHARED_XARRAY,
  SparseXArray: SPARSE_XARRAY,
  IntMap: INT_MAP_CASES,
  XArrayOf: XARRAY_OF_CASES,
  TypedMap: TYPED_MAP_CASES,
  Ida: IDA_CASES,
};
