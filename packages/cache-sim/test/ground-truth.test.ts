// The counts of cachegrind 3.19, DineroIV d4-7 and nanoBench's policy simulator on recorded traces, all of them exact.
import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheStats, type Level, type Policy, parseGeometry } from '../src/index.ts';
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
  comp: number;
  cap: number;
  conf: number;
  bytesFromMem: number;
  bytesToMem: number;
}
/** '8K' → 8192. */
const bytes = (text: string): number => Number(text.replace('K', '')) * (text.endsWith('K') ? 1024 : 1);
const option = ({ args }: Dinero, name: string): string => args[args.indexOf(name) + 1] ?? '';

test.each(json('expected-dinero.json').cases as Dinero[])('DineroIV $args', async (one) => {
  const level: Level = {
    name: 'L1',
    size: bytes(option(one, '-l1-dsize')),
    ways: Number(option(one, '-l1-dassoc')),
    line: bytes(option(one, '-l1-dbsize')),
    allocate: option(one, '-l1-dwalloc') === 'a',
    write: option(one, '-l1-dwback') === 'a' ? 'back' : 'through',
  };
  expect(option(one, '-l1-drepl')).toBe('l');
  const sim = new CacheSim({ levels: [level], classify: true, traffic: true });
  await replay(readFileSync(new URL(one.trace, folder)), 'din', sim);
  sim.flush();
  const { D1mr, D1mw, levels } = sim.stats();
  const { demandMisses, readMisses, writeMisses, comp, cap, conf, bytesFromMem, bytesToMem } = one;
  expect([D1mr, D1mw, D1mr + D1mw]).toEqual([readMisses, writeMisses, demandMisses]);
  expect(levels[0].classes).toEqual({ compulsory: comp, capacity: cap, conflict: conf });
  expect(levels[0].traffic).toMatchObject({ bytesIn: bytesFromMem, bytesOut: bytesToMem });
});

interface PolicyCase {
  policy: string;
  assoc: number;
  seq: number[];
  hits: string;
}

test.each(json('expected-replacement-policies.json').cases as PolicyCase[])('nanoBench $policy, $assoc ways', (one) => {
  const policy = one.policy.toLowerCase() as Policy;
  const sim = new CacheSim({ levels: [{ name: 'set', size: one.assoc * 64, ways: one.assoc, line: 64, policy }] });
  expect(one.seq.map((block) => (sim.read(block * 64) === 0 ? '1' : '0')).join('')).toBe(one.hits);
});
