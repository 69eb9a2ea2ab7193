import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { bytes, count, counted, decimal, duration, mean, percent, sampledMean } from '../src/format/number.ts';

test.each([
  [0, '0 s'],
  [1e-9, '1.00 ns'],
  [970e-9, '970 ns'],
  [999.4e-9, '999 ns'],
  [999.6e-9, '1.00 µs'],
  [1e-6, '1.00 µs'],
  [1e-3, '1.00 ms'],
  [999.6e-6, '1.00 ms'],
  [999.4e-6, '999 µs'],
  [1, '1.00 s'],
  [1.38e-6, '1.38 µs'],
  [0.0455, '45.5 ms'],
  [0.9996, '1.00 s'],
  [1.787998, '1.79 s'],
  [119, '119 s'],
  [120, '2.00 min'],
  [1919.8, '32.0 min'],
  [7200, '2.00 h'],
  [172_800, '2.00 days'],
  [156_250, '43.4 h'],
  [335_544_320, '3,880 days'],
  [7199, '2.00 h'],
  [-156_250, '-43.4 h'],
  [1e9, '11,600 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [1.787998, '1.8 s'],
  [9.96, '10 s'],
  [1919.8, '32 min'],
  [970e-9, '970 ns'],
  [994e-9, '990 ns'],
  [156_250, '43 h'],
  [996e-9, '1.0 µs'],
])('%d seconds in two digits are %s', (seconds, text) => {
  expect(duration(seconds, 2)).toBe(text);
});

test('no unit is shown a thousand times, and no minute 120 times', () => {
  const end = { ns: 1000, µs: 1000, ms: 1000, s: 120, min: 120, h: 48 } as Record<string, number>;
  const wrong: string[] = [];
  for (let power = -9; power <= 6; power += 1 / 997) {
    for (const digits of [2, 3] as const) {
      const [number, unit] = duration(10 ** power, digits).split(' ');
      const isBelow = Number(number!.replaceAll(',', '')) < (end[unit!] ?? Number.POSITIVE_INFINITY);
      if (!isBelow) wrong.push(`${10 ** power} s: ${number} ${unit}`);
    }
  }
  expect(wrong).toEqual([]);
  for (const seconds of [1e-6, 1e-3, 1]) expect(duration(seconds)).toMatch(/^1\.00 /);
});

test('counts, means, shares and sizes', () => {
  expect([count(2_000_001), count(2n ** 64n)]).toEqual(['2,000,001', '18,446,744,073,709,551,616']);
  // biome-ignore format: what belongs together stands in a row
  expect([0, 1e-7, 0.0012, 0.004999, 0.005, 2.345, 9.994, 9.996, 97.65, 999.96, 1234.5].map(mean)).toEqual([
    '0', '1e-7', '0.001', '0.005', '0.01', '2.35', '9.99', '10.0', '97.7', '1,000', '1,235',
  ]);
  expect(percent(0.0123)).toBe('1.23 %');
  // biome-ignore format: what belongs together stands in a row
  expect([0, 64, 1023, 1024, 32_768, 1536, 8_388_608, 2 ** 40, 2 ** 20 - 1, 2 ** 30 - 1000].map(bytes)).toEqual([
    '0 B', '64 B', '1,023 B', '1 KiB', '32 KiB', '1.50 KiB', '8 MiB', '1 TiB', '1 MiB', '1 GiB',
  ]);
  expect([counted(1, 'timer'), counted(2, 'access', 'accesses')]).toEqual(['1 timer', '2 accesses']);
});

test.each([
  [0, 400, 400, '0'],
  [0, 400, 401, '<1/400'],
  [0, 999, 2000, '<1/999'],
  [0, 1706, 300_000, '<1/1k'],
  [0, 20_000, 4e6, '<1/20k'],
  [1 / 1706, 1706, 300_000, '0.0006'],
  [2.5, 400, 401, '2.50'],
])('a mean of %d over %i of %i is %s: of none in a sample it is not known that it is 0', (value, counted, of, text) => {
  expect(sampledMean(value, counted, of)).toBe(text);
});

test('decimals are those of Intl.NumberFormat', () => {
  const edges = [
    0,
    -0,
    0.5,
    1.5,
    2.5,
    -0.5,
    0.05,
    0.005,
    1.005,
    9.995,
    999.95,
    999.5,
    1e21,
    1.5e21,
    123e25,
    1e-7,
    5e-3,
    2 ** 53,
    Number.MAX_VALUE,
  ];
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 12_345_678_901_234_567_890n, -999n];
  const { seed, below } = random(20_261_130);
  const drawn = Array.from({ length: budget(20_000) }, () => {
    const digits = below(2 ** 31) * 2 ** below(22) + below(2 ** 20);
    return (below(2) === 0 ? digits : -digits) / 10 ** below(20);
  });
  for (const decimals of [0, 1, 2]) {
    const intl = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const wrong = [...edges, ...special, ...drawn].filter((value) => decimal(value, decimals) !== intl.format(value));
    expect(wrong, `${decimals} decimals, seed ${seed}`).toEqual([]);
  }
});
