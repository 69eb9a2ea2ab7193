// The counts of cachegrind 3.19 and DineroIV d4-7 on recorded traces, all of them exact.
import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheStats, parseGeometry } from '../src/index.ts';
import { replay } from '../src/trace.ts';

const folder = new URL('ground-truth/', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

interface Cachegrind {
  events: (keyof CacheStats)[];
  traces: Record<string, { file: string; expected: { I1: string; D1: string; LL: string; counts: number[] }[] }>;
}
const cachegrind: Cachegrind = json('expected-cachegrind.json');

describe.each(Object.entries(cachegrind.traces))('cachegrind on %s', (_name, { file, expected }) => {
  test.each(expected)('I1 $I1, D1 $D1, LL $LL', async ({ I1, D1, LL, counts }) => {
    const sim = new CacheSim({
      levels: [parseGeometry(D1, 'D1'), parseGeometry(LL, 'LL')],
      instruction: parseGeometry(I1, 'I1'),
    });
    await replay(createReadStream(new URL(file, folder)), 'lackey', sim);
    const stats = sim.stats();
    expect(cachegrind.events.map((event) => stats[event])).toEqual(counts);
  });
});

interface Dinero {
  trace: string;
  args: string[];
  demandMisses: number;
  readMisses: number;
  writeMisses: number;
}
/** '8K' → 8192. */
const bytes = (text: string): number => Number(text.replace('K', '')) * (text.endsWith('K') ? 1024 : 1);
const option = ({ args }: Dinero, name: string): string => args[args.indexOf(name) + 1] ?? '';
const writeAllocateLru = (json('expected-dinero.json').cases as Dinero[]).filter(
  (one) => option(one, '-l1-drepl') === 'l' && option(one, '-l1-dwalloc') === 'a',
);

test.each(writeAllocateLru)('DineroIV $args', async (one) => {
  const size = bytes(option(one, '-l1-dsize'));
  const ways = Number(option(one, '-l1-dassoc'));
  const line = bytes(option(one, '-l1-dbsize'));
  const sim = new CacheSim({ levels: [{ name: 'L1', size, ways, line }] });
  await replay(readFileSync(new URL(one.trace, folder)), 'din', sim);
  const { D1mr, D1mw } = sim.stats();
  expect([D1mr, D1mw, D1mr + D1mw]).toEqual([one.readMisses, one.writeMisses, one.demandMisses]);
});

test('every write-allocate LRU case of DineroIV is played', () => {
  expect(writeAllocateLru.length).toBeGreaterThan(0);
});
