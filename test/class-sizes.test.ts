// What a user ships who takes one class of a package: a bundler must be able to leave out the others.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { sizesOf } from './support/bundle.ts';
import { entryPoints, published } from './support/workspace.ts';

/** Ceilings for every exported class: minified, gzipped, dependencies from outside left out, bytes. */
const CEILINGS: Record<string, Record<string, number>> = {
  '@idspace/lock': {
    Condition: 1_800,
    FairMutex: 4_200,
    LockTable: 5_450,
    Mutex: 3_550,
    ReadWriteLock: 4_750,
    Roster: 1_300,
    Semaphore: 4_500,
    SpinLock: 3_400,
  },
  '@idspace/next-id': {
    GenerationalId: 6_550,
    IdPool: 2_048,
    NextId: 1_100,
    NextIdError: 300,
    SecondaryMap: 1_200,
    SlotMap: 7_000,
  },
  '@idspace/xarray': {
    Ida: 8_400,
    IntMap: 14_400,
    TypedMap: 13_500,
    XArray: 15_500,
    XArrayError: 300,
    XArrayOf: 18_500,
  },
  '@idspace/xarray/shared': { SharedXArray: 23_300, SharedXArrayError: 300 },
  '@idspace/xarray/sparse': { SparseXArray: 8_300 },
};

const entries = published.flatMap((pkg) =>
  entryPoints(pkg).map(({ specifier, built }) => ({ specifier, file: join(pkg.path, built) })),
);

const rows = Object.entries(CEILINGS).flatMap(([specifier, classes]) =>
  Object.entries(classes).map(([name, ceiling]) => ({ name, specifier, ceiling })),
);

test.each(withinBudget(rows, { least: 5 }))(
  '$name of $specifier alone is at most $ceiling bytes',
  async ({ name, specifier, ceiling }) => {
    const { esbuild, rollup } = await sizesOf(name, specifier);
    expect(esbuild, 'through esbuild').toBeLessThanOrEqual(ceiling);
    expect(rollup, 'through rollup').toBeLessThanOrEqual(ceiling);
  },
);

test.each(entries.filter(({ specifier }) => specifier in CEILINGS))(
  'every class of $specifier has a ceiling',
  async ({ specifier, file }) => {
    const classes = Object.entries(await import(file)).filter(([, value]) => /^class\b/.test(String(value)));
    expect(Object.keys(CEILINGS[specifier]!).sort()).toEqual(classes.map(([name]) => name).sort());
  },
);
