// What the options watch, on traces short enough to count by hand.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheSimOptions, type Level } from '../src/index.ts';

const L1: Level = { name: 'L1', size: 1024, ways: 4, line: 64 };
const LL: Level = { name: 'LL', size: 8192, ways: 8, line: 64 };

describe('several cores', () => {
  test('a lock that goes round: one transfer each time, and nothing else moves', () => {
    const sim = new CacheSim({ levels: [L1, LL], cores: 4, regions: [{ name: 'lock', start: 0, bytes: 4 }] });
    for (let round = 0; round < 3; round++) {
      for (let core = 0; core < 4; core++) {
        sim.read(0, 4, core);
        sim.write(0, 4, core);
        sim.read(4096 + core * 64, 8, core);
      }
    }
    const { coherence, regions } = sim.stats();
    // Every turn but the first reads what another core wrote (transfer), then writes a line both hold (upgrade).
    // biome-ignore format: what belongs together stands in a row
    expect(coherence).toEqual({
      transfers: 11, upgrades: 11, invalidations: 11,
      // Every core loses the line after each of its turns; 8 turns are not a core's first.
      trueSharing: 8, falseSharing: 0,
      hottestShare: 1, hottestLine: 0,
    });
    expect(regions![1]).toMatchObject({ region: 'lock', reads: 12, writes: 12, moves: 22, trueSharing: 8 });
    expect(sim.last).toEqual({ tlb: 0, transferred: false, upgraded: false, invalidated: 0, lost: false });
  });

  test('two counters on one line: false sharing, by line and by field', () => {
    const fields = [0, 1].map((core) => ({ name: `counter${core}`, offset: core * 8, bytes: 8 }));
    const sim = new CacheSim({
      levels: [L1, LL],
      cores: 2,
      regions: [{ name: 'stats', start: 640, bytes: 64, fields }],
    });
    for (let round = 0; round < 10; round++) for (let core = 0; core < 2; core++) sim.write(640 + core * 8, 8, core);
    const line = { transfers: 19, upgrades: 0, invalidations: 19, trueSharing: 0, falseSharing: 18 };
    expect(sim.stats().coherence).toMatchObject(line);
    expect(sim.sharedLines()).toEqual([
      { address: 640, ...line, fields: ['stats.counter0', 'stats.counter1', 'stats'] },
    ]);
    expect(sim.stats().regions).toMatchObject([
      { region: 'stats', field: 'counter0', moves: 9, falseSharing: 9 },
      { region: 'stats', field: 'counter1', moves: 10, falseSharing: 9 },
    ]);
    const padded = new CacheSim({ levels: [L1, LL], cores: 2 });
    for (let round = 0; round < 10; round++) for (let core = 0; core < 2; core++) padded.write(core * 64, 8, core);
    expect(padded.stats().coherence).toMatchObject({
      transfers: 0,
      invalidations: 0,
      hottestShare: 0,
      hottestLine: -1,
    });
  });

  test('a miss turns into true sharing by a later use of what the other core wrote', () => {
    const sim = new CacheSim({ levels: [L1, LL], cores: 2 });
    sim.read(0, 4, 0);
    sim.write(8, 4, 1);
    sim.read(0, 4, 0);
    expect(sim.stats().coherence).toMatchObject({ trueSharing: 0, falseSharing: 1 });
    sim.read(8, 4, 0);
    expect(sim.stats().coherence).toMatchObject({ trueSharing: 1, falseSharing: 0 });
  });

  test('the states of MESI', () => {
    const sim = new CacheSim({ levels: [L1, LL], cores: 2 });
    const states = (): string => [0, 1].map((core) => sim.state(0, core)).join('');
    const after = (step: () => number): [number, string] => [step(), states()];
    expect(states()).toBe('II');
    expect(after(() => sim.read(0, 4, 0))).toEqual([2, 'EI']);
    expect(after(() => sim.write(0, 4, 0))).toEqual([0, 'MI']);
    expect(after(() => sim.read(0, 4, 1))).toEqual([1, 'SS']);
    expect(sim.last).toMatchObject({ transferred: true });
    expect(after(() => sim.write(0, 4, 1))).toEqual([0, 'IM']);
    expect(sim.last).toMatchObject({ transferred: false, upgraded: true, invalidated: 1, lost: false });
    expect(after(() => sim.write(0, 4, 0))).toEqual([1, 'MI']);
    for (let way = 1; way <= 4; way++) sim.read(way * 256, 4, 0);
    expect(states()).toBe('II');
  });

  test('private caches only: what another core gives counts as served by memory', () => {
    const sim = new CacheSim({ levels: [{ ...L1, shared: false }], cores: 2 });
    sim.write(0, 4, 0);
    expect(sim.read(0, 4, 1)).toBe(1);
    expect(sim.stats().coherence).toMatchObject({ transfers: 1 });
  });
});

describe('TLB', () => {
  const tlb = { data: { entries: 4, ways: 4 }, instruction: { entries: 2, ways: 2 }, second: { entries: 16, ways: 4 } };

  test('first, second, walk', () => {
    const sim = new CacheSim({ levels: [L1], tlb });
    for (let page = 0; page < 5; page++) sim.read(page * 4096);
    expect(sim.last.tlb).toBe(2);
    sim.read(4096);
    expect(sim.last.tlb).toBe(0);
    sim.read(5);
    expect(sim.last.tlb).toBe(1);
    sim.fetch(0);
    expect(sim.stats().tlb).toEqual({
      page: 4096,
      data: { lookups: 7, misses: 6 },
      instruction: { lookups: 1, misses: 1 },
      second: { lookups: 7, misses: 5 },
      walks: 5,
    });
  });

  test('an access over two pages is counted once', () => {
    const sim = new CacheSim({ levels: [L1], tlb: { data: tlb.data, page: 2 ** 21 } });
    sim.read(2 ** 21 - 4, 8);
    sim.fetch(0);
    expect(sim.stats().tlb).toEqual({ page: 2 ** 21, data: { lookups: 2, misses: 1 }, walks: 1 });
  });

  test('each core has its own', () => {
    const sim = new CacheSim({ levels: [L1], cores: 2, tlb });
    sim.read(0, 1, 0);
    sim.read(0, 1, 1);
    expect(sim.stats().tlb).toMatchObject({ walks: 2 });
    sim.resetCounters();
    sim.read(0, 1, 1);
    expect(sim.stats().tlb).toMatchObject({ data: { lookups: 1, misses: 0 }, walks: 0 });
  });
});

describe('regions', () => {
  const fields = [
    { name: 'key', offset: 0, bytes: 8 },
    { name: 'next', offset: 8, bytes: 4 },
  ];
  const table = { name: 'table', start: 4096, bytes: 160, stride: 16, fields };

  test('accesses and misses by region and field; the rest apart', () => {
    const sim = new CacheSim({ levels: [L1, LL], regions: [table] });
    for (let record = 0; record < 10; record++) {
      sim.read(4096 + record * 16, 8);
      sim.write(4096 + record * 16 + 8, 4);
    }
    sim.read(4096 + 12, 4);
    sim.fetch(0);
    sim.addRegion({ name: 'code', start: 0, bytes: 64 });
    sim.fetch(63);
    const none = {
      fetches: 0,
      reads: 0,
      writes: 0,
      misses: [0, 0],
      walks: 0,
      moves: 0,
      trueSharing: 0,
      falseSharing: 0,
    };
    expect(sim.stats().regions).toEqual([
      { ...none, region: '', field: '', fetches: 1, misses: [1, 1] },
      { ...none, region: 'table', field: '', reads: 1 },
      { ...none, region: 'table', field: 'key', reads: 10, misses: [3, 3] },
      { ...none, region: 'table', field: 'next', writes: 10 },
      { ...none, region: 'code', field: '', fetches: 1 },
    ]);
  });

  test.each([
    [{ ...table, start: 4000, bytes: 97 }, /region table: got 4000…4096, expected none of table/],
    [{ ...table, start: 4255 }, /expected none of table/],
    [
      { ...table, start: 2 ** 53 - 159 },
      /160 bytes at 9007199254740833, expected 1 or more bytes within 0…9007199254740992/,
    ],
    [{ ...table, start: -1 }, /160 bytes at -1, expected 1 or more bytes within 0…9007199254740992/],
    [{ ...table, start: 0, stride: 10 }, /field table\.next: got 4 bytes at 8, expected bytes within the record, 0…10/],
    [{ ...table, start: 0, stride: 0 }, /region table stride: got 0/],
  ])('%o is refused', (region, message) => {
    const sim = new CacheSim({ levels: [L1], regions: [table] });
    expect(() => sim.addRegion(region)).toThrow(message);
  });
});

test('useful bytes: those used while their line was there', () => {
  const sim = new CacheSim({ levels: [{ name: 'L1', size: 64, ways: 1, line: 64 }], usage: true });
  sim.read(0, 8);
  sim.read(4, 8);
  sim.write(64, 16);
  expect(sim.stats().usage).toEqual({ lines: 2, bytes: 28, share: 28 / 128 });
  sim.resetCounters();
  sim.read(68, 60);
  sim.read(0, 1);
  expect(sim.stats().usage).toEqual({ lines: 1, bytes: 1, share: 1 / 64 });
});

test('a next-line prefetcher turns every other miss of a sweep into a hit, and stops at the page', () => {
  const sim = new CacheSim({ levels: [{ ...L1, prefetch: 'next-line' }, LL], traffic: true });
  for (let address = 0; address < 8192; address += 64) sim.read(address, 8);
  const { D1mr, DLmr, levels } = sim.stats();
  expect([D1mr, DLmr]).toEqual([64, 64]);
  expect(levels[0].traffic).toMatchObject({ linesIn: 128, prefetches: 64, prefetchHits: 64 });
  const atEnds = new CacheSim({ levels: [{ ...L1, prefetch: 'next-line' }], traffic: true });
  const prefetches = [3968, 4032, 8128, 12_224].map((address) => {
    atEnds.read(address, 8);
    return atEnds.stats().levels[0].traffic!.prefetches;
  });
  expect(prefetches).toEqual([1, 1, 1, 1]); // the line that was prefetched hits, and the others are the last of a page
});

test('a store that hits keeps its place in the order of pycachesim', () => {
  const level = { name: 'L1', size: 128, ways: 2, line: 64 };
  const play = (options: Partial<CacheSimOptions>): number => {
    const sim = new CacheSim({ levels: [level], ...options });
    sim.read(0);
    sim.read(64);
    sim.write(0);
    sim.read(128);
    return sim.read(0);
  };
  expect([play({}), play({ compat: 'pycachesim' })]).toEqual([0, 1]);
});

test('an inclusive last level takes its victims away from the first', () => {
  const small = { name: 'LL', size: 128, ways: 2, line: 64 };
  const sim = new CacheSim({ levels: [L1, small], inclusive: true, traffic: true });
  sim.write(0);
  sim.read(64);
  sim.read(0);
  sim.read(128);
  expect(sim.read(0)).toBe(2);
  const [first, last] = sim.stats().levels;
  expect(first.traffic).toMatchObject({ backInvalidations: 2, writebacks: 0 });
  expect(last.traffic).toMatchObject({ writebacks: 1, bytesOut: 64 });
});

test('write-through without allocation sends every write to memory', () => {
  const sim = new CacheSim({ levels: [{ ...L1, write: 'through', allocate: false }] });
  for (let address = 0; address < 64; address += 4) sim.write(address, 4);
  sim.read(0, 4);
  sim.write(0, 4);
  sim.flush();
  expect(sim.stats()).toMatchObject({ Dw: 17, D1mw: 16, levels: [{ traffic: { bytesIn: 64, bytesOut: 68 } }] });
});

describe('options that do not go together', () => {
  test.each<[Partial<CacheSimOptions>, RegExp]>([
    [{ policy: 'mru' as never }, /L1 policy: got 'mru', expected lru, fifo, random, plru/],
    [{ levels: [{ ...L1, ways: 1, size: 64, policy: 'plru' }] }, /L1 ways: got 1, expected 2, 4, 8, 16 or 32 for plru/],
    [{ levels: [{ ...L1, ways: 64, size: 64 * 64, policy: 'plru' }] }, /ways: got 64/],
    [{ cores: 0 }, /cores: got 0, expected 1…1024/],
    [{ cores: 2, levels: [L1, { ...LL, line: 32 }] }, /lines: got 64, 32, expected one size/],
    [{ cores: 2, levels: [{ ...L1, write: 'through' }] }, /expected write-back, allocation and no prefetch/],
    [{ cores: 2, levels: [{ ...L1, shared: true }] }, /L1 shared: got true/],
    [
      { cores: 2, levels: [L1, { ...LL, shared: true }, { ...LL, shared: false }] },
      /LL shared: got false, expected true/,
    ],
    [{ inclusive: true, levels: [L1, { ...LL, allocate: false }] }, /LL allocate: got false/],
    [{ inclusive: true, levels: [L1, { ...LL, line: 32 }] }, /lines: got 64, 32/],
    [{ seed: -1 }, /seed: got -1/],
    [{ compat: 'dinero' as never }, /compat: got 'dinero'/],
    [
      { tlb: { data: { entries: 48, ways: 4 } } },
      /data TLB: got 48 entries, 4 ways, expected a power of two \(.* is 12 sets/,
    ],
    [{ tlb: { data: { entries: 4, ways: 0 } } }, /data TLB ways: got 0, expected 1 or more/],
    [{ tlb: { page: 5000, data: { entries: 4, ways: 4 } } }, /tlb page: got 5000/],
  ])('%j', (options, message) => {
    expect(() => new CacheSim({ levels: [L1, LL], ...options })).toThrow(RangeError);
    expect(() => new CacheSim({ levels: [L1, LL], ...options })).toThrow(message);
  });

  test('a region where none were asked for', () => {
    expect(() => new CacheSim({ levels: [L1] }).addRegion({ name: 'a', start: 0, bytes: 1 })).toThrow(/regions: \[\]/);
  });

  test('a core that is not there', () => {
    expect(() => new CacheSim({ levels: [L1], cores: 2 }).read(0, 1, 2)).toThrow(/core: got 2, expected 0…1/);
  });
});

test('resetCounters keeps what is held; clear forgets it', () => {
  const sim = new CacheSim({
    levels: [L1, LL],
    cores: 2,
    regions: [{ name: 'all', start: 0, bytes: 4096 }],
    classify: true,
  });
  const round = (): object => {
    for (let core = 0; core < 2; core++) for (let at = 0; at < 4096; at += 32) sim.write(at, 4, core);
    return sim.stats();
  };
  const first = round();
  sim.clear();
  expect(round()).toEqual(first);
  sim.resetCounters();
  expect(sim.stats()).toMatchObject({
    Dw: 0,
    regions: [],
    coherence: { transfers: 0, falseSharing: 0, trueSharing: 0 },
  });
  round();
  expect(sim.stats().levels[1]).toMatchObject({ classes: { compulsory: 0 } });
});

test('a miss from before resetCounters is not counted again when it turns out to be true sharing', () => {
  const sim = new CacheSim({ levels: [L1, LL], cores: 2 });
  sim.read(0, 4, 0);
  sim.write(16, 4, 1);
  sim.read(0, 4, 0);
  expect(sim.stats().coherence).toMatchObject({ trueSharing: 0, falseSharing: 1 });
  sim.resetCounters();
  sim.read(16, 4, 0);
  expect(sim.stats().coherence).toMatchObject({ trueSharing: 0, falseSharing: 0 });
});

describe('as many cores as share lines at random', () => {
  const level = (name: string, size: number): Level => ({ name, size, ways: 2, line: 64 });
  const options: CacheSimOptions = {
    levels: [level('L1', 512), level('LL', 2048)],
    cores: 40,
    regions: [
      { name: 'low', start: 0, bytes: 1000 },
      { name: 'high', start: 1024, bytes: 512 },
    ],
    classify: true,
    usage: true,
    traffic: true,
    tlb: { data: { entries: 4, ways: 2 }, page: 512 },
  };
  type Access = ['read' | 'write' | 'fetch', address: number, bytes: number, core: number];
  const drawAccesses = (seed: number): Access[] => {
    const rng = random(seed);
    const cores = [0, 1, 31, 32, 39];
    return Array.from({ length: 400 }, () => {
      const kind = rng.pick(['read', 'read', 'write', 'fetch'] as const);
      return [kind, 4 * rng.below(500), rng.pick([1, 4, 8]), rng.pick(cores)];
    });
  };
  const play = (sim: CacheSim, accesses: readonly Access[]): number[] =>
    accesses.map(([kind, address, bytes, core]) => sim[kind](address, bytes, core));
  const seen = (sim: CacheSim): object => ({ stats: sim.stats(), lines: sim.sharedLines(1000), last: { ...sim.last } });
  const seeds = Array.from({ length: budget(100) }, (_, seed) => seed);

  test.each(seeds)('seed %d: after clear it is as new', (seed) => {
    const [used, fresh] = [new CacheSim(options), new CacheSim(options)];
    play(used, drawAccesses(seed + 1000));
    used.clear();
    const accesses = drawAccesses(seed);
    expect(play(used, accesses)).toEqual(play(fresh, accesses));
    expect(seen(used)).toEqual(seen(fresh));
  });

  test.each(seeds)('seed %d: after resetCounters only what follows is counted', (seed) => {
    const [reset, whole] = [new CacheSim(options), new CacheSim(options)];
    const before = drawAccesses(seed + 1000);
    play(reset, before);
    play(whole, before);
    reset.resetCounters();
    expect(reset.sharedLines()).toEqual([]);
    const earlier = whole.stats();
    const accesses = drawAccesses(seed);
    expect(play(reset, accesses)).toEqual(play(whole, accesses));
    const [now, all] = [reset.stats(), whole.stats()];
    for (const count of ['Ir', 'I1mr', 'ILmr', 'Dr', 'D1mr', 'DLmr', 'Dw', 'D1mw', 'DLmw'] as const) {
      expect(now[count], count).toBe(all[count] - earlier[count]);
    }
    for (const count of ['transfers', 'upgrades', 'invalidations'] as const) {
      expect(now.coherence![count], count).toBe(all.coherence![count] - earlier.coherence![count]);
    }
    // Each line is told, with all that lies on it and nothing else.
    const sums = { transfers: 0, upgrades: 0, invalidations: 0, trueSharing: 0, falseSharing: 0 };
    for (const line of reset.sharedLines(1000)) {
      for (const count of Object.keys(sums) as (keyof typeof sums)[]) sums[count] += line[count];
      const { address, fields } = line;
      const names = [...(address < 1000 ? ['low'] : []), ...(address >= 1024 && address < 1536 ? ['high'] : [])];
      expect(fields, String(address)).toEqual(names);
    }
    const { transfers, upgrades, trueSharing, falseSharing } = sums;
    expect(now.coherence).toMatchObject({ transfers, upgrades, trueSharing, falseSharing });
  });
});
