// Equality of recorded values, against Node's.
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { same } from '../src/conformance/same.ts';

const VALUES: unknown[] = [
  0,
  -0,
  1,
  Number.NaN,
  '',
  '0',
  null,
  undefined,
  true,
  [],
  {},
  [0],
  [[0]],
  [0, 1],
  { 0: 0 },
  { a: 1 },
  { a: 1, b: 2 },
  { b: 2, a: 1 },
  { a: { b: [1, { c: null }] } },
  { a: { b: [1, { c: undefined }] } },
  { a: undefined },
  { b: undefined },
];

test('each pair', () => {
  for (const a of VALUES)
    for (const b of VALUES) expect(same(a, b), JSON.stringify([a, b])).toBe(isDeepStrictEqual(a, b));
});
