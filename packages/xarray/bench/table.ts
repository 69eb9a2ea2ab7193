// What is measured, and what it should come to.
import type { Params } from '@idspace/testkit/bench';

/** `subject`'s figure divided by `against`'s should not exceed `most`; without `against`, the figure itself. */
export interface Target {
  subject: string;
  against?: string;
  /** Takes `against`'s figure from another operation of the same size. */
  of?: string;
  most: number;
}

export interface Row {
  operation: string;
  params: Params & { n: number };
  contestants: readonly string[];
  targets: readonly Target[];
}

const MAPS = ['XArray', 'IntMap', 'Map', '[]', 'SparseMap', 'sorted-btree', 'js-sdsl OrderedMap', 'Int32Array'];
const NO_CAPACITY = MAPS.filter((name) => name !== 'SparseMap' && name !== 'Int32Array' && name !== '[]');
const ORDERED = ['XArray', 'IntMap', 'Map', 'sorted-btree', 'js-sdsl OrderedMap', 'Int32Array'];
const IDS = ['XArray', 'Ida', 'Ida and Int32Array', 'IdPool', 'heap', 'roaring', 'number-allocator', '@thi.ng/idgen'];
const without = (names: string[], ...left: string[]): string[] => names.filter((name) => !left.includes(name));

const x = (most: number, against: string, subject = 'XArray'): Target => ({ subject, against, most });

/** The rows for one size. Targets are stated for 10⁵ and 10⁶. */
export function rows(n: number): Row[] {
  const judged = n === 1e5 || n === 1e6;
  const row = (operation: string, pattern: string, contestants: string[], ...targets: Target[]): Row => ({
    operation,
    params: { n, pattern },
    contestants,
    targets: judged ? targets : [],
  });
  const large = n >= 1e6;
  return [
    row('load, random', 'dense', MAPS, x(0.15, 'Map'), x(3, 'Int32Array'), x(1.1, 'XArray', 'IntMap')),
    row('load, sequential', 'dense', MAPS),
    row('load, random', 'runs', NO_CAPACITY),
    row(
      'store, sequential from empty',
      'dense',
      ['XArray', 'XArray, capacity given', ...MAPS.slice(1)],
      x(0.2, 'Map'),
      x(0.6, 'SparseMap', 'XArray, capacity given'),
    ),
    row('erase all, shuffled', 'dense', without(MAPS, '[]'), x(0.5, 'Map')),
    row('iterate, in order', 'dense', ORDERED, x(large ? 0.3 : 0.6, 'sorted-btree')),
    row('alloc, fill from empty', 'dense', IDS, { ...x(1.6, 'XArray'), of: 'store, sequential from empty' }),
    row(
      'free random, alloc lowest',
      'dense',
      without(IDS, '@thi.ng/idgen'),
      x(2, 'heap', 'Ida'),
      x(0.2, 'roaring', 'Ida'),
      x(0.8, 'roaring'),
      x(3, 'Ida'),
    ),
    ...(large
      ? [
          row(
            'free random, alloc lowest, 10 % holes',
            'dense',
            without(IDS, '@thi.ng/idgen'),
            x(0.35, 'heap', 'Ida'),
            x(1.2, 'heap'),
          ),
        ]
      : []),
    row('iterate 1 % marked, per hit', 'dense', ['XArray', 'roaring', 'typedfastbitset', 'Map'], {
      subject: 'XArray',
      most: 16,
    }),
    row('snapshot', 'dense', ['XArray', 'bytes.slice()'], x(2, 'bytes.slice()')),
    row('from, trusted', 'dense', ['XArray', 'bytes.slice()'], x(2, 'bytes.slice()')),
    row('from, verified', 'dense', ['XArray', 'bytes.slice()']),
    row('bytes per entry', 'dense', NO_CAPACITY, ...(large ? [{ subject: 'XArray', most: 5.2 }] : [])),
    row('bytes per entry', 'runs', NO_CAPACITY, ...(large ? [{ subject: 'XArray', most: 13 }] : [])),
    ...sparse(row, large),
    ...ordered(row),
  ];
}

type MakeRow = (operation: string, pattern: string, contestants: string[], ...targets: Target[]) => Row;

/** What an order makes possible, and maps to other values. */
function ordered(row: MakeRow): Row[] {
  const both = (operation: string, ...names: string[]): Row[] => [
    row(operation, 'dense', ['XArray', ...names]),
    row(operation, 'uniform', ['SparseXArray', ...names]),
  ];
  const values = ["TypedMap 'f64'", "TypedMap 'i64'", 'IntMap', 'XArrayOf, floats', 'Map, floats', 'Map, bigints'];
  const keys = ['IntMap, keys from −2³¹', 'Map, keys from −2³¹', 'IntMap per upper half', 'Map of bigint keys'];
  return [
    ...both('step up', 'sorted-btree'),
    ...both('step down', 'sorted-btree'),
    ...both('count a random range', 'sorted-btree', 'functional-red-black-tree'),
    ...both('nth, random', 'functional-red-black-tree'),
    ...both('rank, random', 'functional-red-black-tree'),
    ...both('erase the middle half', 'sorted-btree'),
    row('typed: set from empty', 'dense', [...values, ...keys]),
    row('typed: get, random', 'dense', [...values, ...keys]),
  ];
}

/** Uniform keys: where a plain tree loses. The open hash is the floor: no order, no marks. */
function sparse(row: MakeRow, large: boolean): Row[] {
  const trees = ['sorted-btree', 'js-sdsl OrderedMap', 'functional-red-black-tree'];
  const names = ['SparseXArray', 'open hash', 'XArray', 'Map', ...without(trees, 'functional-red-black-tree')];
  const ours = (most: number, against: string): Target => x(most, against, 'SparseXArray');
  return [
    row('bytes per entry', 'uniform', names, ...(large ? [{ subject: 'SparseXArray', most: 60 }] : [])),
    row('store, random from empty', 'uniform', names, ours(1.5, 'open hash'), ours(1, 'Map')),
    row('load, random', 'uniform', names, ours(1.5, 'open hash'), ours(1, 'Map')),
    row('find ≥ k, random', 'uniform', ['SparseXArray', 'XArray', ...trees], ...trees.map((name) => ours(1, name))),
  ];
}

/** Sets of integers below 10⁶: half of them at random, runs of 64, one of 1000. */
const SETS = ['Ida', 'typedfastbitset', 'roaring'];
const setRows: Row[] = ['half', 'runs', 'thin'].flatMap((pattern) =>
  [
    'union',
    'intersection',
    'difference',
    'symmetric difference',
    'subset of the union',
    'size of the union',
    'each',
    'has',
    'add to an empty one',
    'rank',
    'nth',
  ].map((operation) => ({
    operation: `set ${operation}`,
    params: { n: 1_000_000, pattern },
    contestants: operation === 'rank' || operation === 'nth' ? SETS.filter((name) => name !== 'typedfastbitset') : SETS,
    targets: [],
  })),
);

const SMALL = [
  'IntMap',
  'Map',
  '[]',
  'Object',
  'sorted array',
  'XArray',
  'XArrayOf',
  "TypedMap 'f64'",
  'SparseXArray',
  'Ida',
  'IdPool',
  'GenerationalId',
  'HashTable',
  'Set',
];

/** Many small maps: at 8 entries, 100,000 of them. */
const smallRows: Row[] = ['make and fill, per map', 'look up, random', 'visit', 'bytes per map'].flatMap((operation) =>
  [0, 1, 8, 64, 1000]
    .filter((n) => n > 0 || operation.includes('per map'))
    .map((n) => ({
      operation: `small: ${operation}`,
      params: { n },
      contestants: SMALL,
      targets: [
        ...(operation.startsWith('make') ? [x(2, 'Map', 'IntMap')] : []),
        ...(operation.startsWith('look') ? [x(1, 'Map', 'IntMap')] : []),
        ...(operation.startsWith('bytes') && n === 0 ? [{ subject: 'IntMap', most: 256 }] : []),
      ],
    })),
);

/** Rows whose size is their own. */
export const fixedRows: Row[] = [
  ...setRows,
  ...smallRows,
  // The pauses of growth, and what holds more than 2²⁴ entries, which a Map does not.
  ...[1e7, 2e7].map((n) => ({
    operation: 'longest 64 sets, in ms',
    params: { n },
    contestants: ['IntMap', 'XArray', 'XArray, capacity given', 'Map'],
    targets: [x(1, 'Map', 'IntMap')],
  })),
  {
    operation: 'alloc cyclic, window of 1000',
    params: { n: 1000 },
    contestants: ['XArray', 'IdPool', 'Set, probing'],
    targets: [x(0.2, 'Set, probing')],
  },
  {
    operation: 'alloc cyclic, 99 % full',
    params: { n: 100_000 },
    contestants: ['XArray', 'IdPool', 'Map, probing'],
    targets: [x(0.1, 'Map, probing')],
  },
];
