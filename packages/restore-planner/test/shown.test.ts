// How errors show what they were given.
import { expect, test } from 'vitest';
import { shown } from '../src/shown.ts';

class Own {}

test.each<[unknown, string]>([
  ['it', "'it'"],
  ["it's", "'it\\'s'"],
  ['say "x"\n', '\'say "x"\\n\''],
  ['x'.repeat(100), `'${'x'.repeat(60)}'... 40 more characters`],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [5n, '5n'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [Own, '[Function: Own]'],
  [[], '[]'],
  [[1], '[Array]'],
  [{}, '{}'],
  [{ a: 1, b: { c: 2 }, d: [] }, '{ a: 1, b: [Object], d: [] }'],
  [Object.fromEntries(Array.from({ length: 9 }, (_, key) => [key, key])), '[Object]'],
  [new Own(), '[Own]'],
  [new Map(), '[Map]'],
  [Object.create(null), '[Object: null prototype]'],
])('%o', (value, text) => {
  expect(shown(value)).toBe(text);
});
