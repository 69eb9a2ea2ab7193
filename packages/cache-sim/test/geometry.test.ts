import { expect, test } from 'vitest';
import { CacheSim, parseGeometry } from '../src/index.ts';

test('the form of the command line', () => {
  expect(parseGeometry('49152,12,64', 'D1')).toEqual({ name: 'D1', size: 49152, ways: 12, line: 64 });
});

test.each(['', '32768', '32768,8', '32768,8,64,1', '32K,8,64', ' 32768,8,64', '-32768,8,64', '32768,8,0x40'])(
  "'%s' has another form",
  (text) => {
    expect(() => parseGeometry(text, 'LL')).toThrow(/LL: got '.*', expected size,ways,line/);
  },
);

test.each([
  [{ size: 32768, ways: 8, line: 48 }, /line: got 48, expected a power of two, 8…/],
  [{ size: 32768, ways: 8, line: 4 }, /L1 line: got 4, /],
  [{ size: 32768, ways: 8, line: 2 ** 31 }, /L1 line: got 2147483648, /],
  [{ size: 32768, ways: 0, line: 64 }, /ways: got 0, expected an integer, 1 way or more/],
  [{ size: 32768, ways: 1.5, line: 64 }, /L1 ways: got 1.5, /],
  [{ size: 30000, ways: 8, line: 64 }, /expected a power of two \(.* is 58\.59375 sets/],
  [{ size: 3 * 8 * 64, ways: 8, line: 64 }, /expected a power of two \(.* is 3 sets/],
  [{ size: 0, ways: 8, line: 64 }, /L1 size: got 0, /],
  [{ size: 2 ** 33, ways: 8, line: 64 }, /size: got 8589934592, expected an integer, 1…4294967296/],
  [{ size: 2 ** 32, ways: 8, line: 64 }, /expected at most 33554432 lines \(it holds 67108864\)/],
  [{ size: Number.NaN, ways: 8, line: 64 }, /L1 size: got NaN/],
])('%o is refused', (shape, message) => {
  expect(() => new CacheSim({ levels: [{ name: 'L1', ...shape }] })).toThrow(RangeError);
  expect(() => new CacheSim({ levels: [{ name: 'L1', ...shape }] })).toThrow(message);
});

test('the largest lines and ways there are', () => {
  const pages = new CacheSim({ levels: [{ name: 'pages', size: 2 ** 32, ways: 4, line: 2 ** 30 }] });
  expect([pages.read(0), pages.read(2 ** 30 - 1), pages.read(2 ** 30), pages.read(2 ** 32), pages.read(5)]).toEqual([
    1, 0, 1, 1, 0,
  ]);
});
