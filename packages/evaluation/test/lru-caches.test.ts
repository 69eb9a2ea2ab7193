// The caches of many cores against CacheSim, which has one simulation for each.
import { CacheSim, type Geometry } from '@idspace/cache-sim';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { CoreCaches } from '../src/evaluate/core-caches.ts';
import { LruCaches } from '../src/evaluate/lru-caches.ts';
import { PassedLines } from '../src/evaluate/passed-lines.ts';
import { Prefetcher } from '../src/evaluate/prefetcher.ts';
import { READ, References } from '../src/evaluate/references.ts';
import { Tally } from '../src/evaluate/tally.ts';
import { UsedLines } from '../src/evaluate/used-lines.ts';
import type { Watcher } from '../src/evaluate/watcher.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';

const GEOMETRIES: readonly Geometry[] = [
  { name: 'direct', size: 1024, ways: 1, line: 64 },
  { name: 'L1d', size: 48 * 1024, ways: 12, line: 64 },
  { name: 'one set', size: 512, ways: 8, line: 64 },
  // A set is searched four places at a time: what is left over, of each number.
  { name: '6 ways', size: 6 * 64 * 16, ways: 6, line: 64 },
  { name: '7 ways', size: 7 * 64 * 8, ways: 7, line: 64 },
  { name: '20 ways', size: 20 * 64 * 32, ways: 20, line: 64 },
  { name: 'long lines', size: 16 * 1024, ways: 4, line: 256 },
];
const CORES = 3;

test.each(GEOMETRIES)('$name: hits, lines held and bytes used are those of CacheSim', (geometry) => {
  // At the beginning, around 4 GiB, and at the upper end of what the caches take.
  const end = (geometry.size / geometry.ways) * 2 ** 31;
  const bases = [0, Math.min(2 ** 32, end) - 300_000, end - 300_000];
  for (let run = 0; run < budget(10); run++) {
    const rng = random(run + 1);
    const caches = new LruCaches(geometry, CORES);
    const used = new UsedLines(geometry, CORES);
    const sims = Array.from({ length: CORES }, () => new CacheSim({ levels: [geometry], usage: true }));
    for (let step = 0; step < 3000; step++) {
      const core = rng.below(CORES);
      const address = rng.pick(bases) + rng.below(rng.pick([500, 5000, 200_000]));
      const bytes = rng.between(1, 64);
      const [first, last] = [address, address + bytes - 1].map((at) => Math.floor(at / geometry.line));
      used.use(core, address, bytes);
      expect(caches.useAll(core, first, last), `seed ${rng.seed}, step ${step}`).toBe(
        sims[core].read(address, bytes) === 0,
      );
      if (rng.below(1000) > 0) continue;
      used.reset();
      for (const sim of sims) sim.resetCounters();
    }
    for (const [core, sim] of sims.entries()) expect(caches.lines(core).sort()).toEqual(sim.lines().sort());
    const usages = sims.map((sim) => sim.stats().usage!);
    const lines = usages.reduce((sum, usage) => sum + usage.lines, 0);
    const bytes = usages.reduce((sum, usage) => sum + usage.bytes, 0);
    expect(used.mean).toBe(lines === 0 ? 0 : bytes / lines);
    expect(lines).toBeGreaterThan(0);
  }
});

test.each(GEOMETRIES)('$name: many lines at a time leave what they leave one by one', (geometry) => {
  for (let run = 0; run < budget(20); run++) {
    const rng = random(run + 1);
    const [one, many] = [new LruCaches(geometry, 1), new LruCaches(geometry, 1)];
    const room = geometry.size / geometry.line;
    for (let round = 0; round < 4; round++) {
      const length = rng.below(rng.pick([2, room, 6 * room]));
      const range = rng.pick([room / 2, 2 * room, 20 * room]) + 1;
      const lines = Float64Array.from({ length }, () => 2 ** 20 + rng.below(range));
      for (const line of lines) one.use(0, line);
      if (round % 2 === 0) many.useMany(lines, length);
      else many.useEach(0, lines, length);
      expect(many.lines(0), `seed ${rng.seed}, round ${round}`).toEqual(one.lines(0));
    }
  }
});

test('lines of skipped operations, shown core by core, leave what they leave in their order', () => {
  // Small enough for many lines to be left for the last level, and for it to be shown some of them meanwhile.
  const levels: readonly Geometry[] = [
    { name: 'L1', size: 1024, ways: 2, line: 64 },
    { name: 'L2', size: 4096, ways: 4, line: 64 },
    { name: 'LL', size: 16_384, ways: 8, line: 64 },
  ];
  for (let run = 0; run < budget(10); run++) {
    const rng = random(run + 1);
    const caches = new CoreCaches(levels, CORES);
    const passed = new PassedLines(CORES);
    const each = levels.map((level, i) => new LruCaches(level, i < 2 ? CORES : 1));
    const levelOf = (core: number, line: number): number => {
      const level = each.findIndex((cache, i) => cache.use(i < 2 ? core : 0, line));
      return level < 0 ? levels.length : level;
    };
    const prefetchers = Array.from({ length: CORES }, () => new Prefetcher());
    const prefetched = Array.from({ length: CORES }, () => new Prefetcher());
    const watched: number[][] = Array.from({ length: CORES }, () => []);
    const shown: number[][] = Array.from({ length: CORES }, () => []);
    const watcher: Watcher = {
      watch: () => 0,
      pass: (core, lines, length) => watched[core].push(...lines.subarray(0, length)),
    };
    for (let round = 0; round < 10; round++) {
      const seen = rng.below(2) === 0;
      passed.seen = seen;
      for (let operation = rng.below(200); operation >= 0; operation--) {
        const core = rng.below(CORES);
        const touched = passed.by(core);
        for (let i = rng.below(20); i > 0; i--) {
          const line = rng.below(rng.pick([30, 1000]));
          touched.add(line);
          const level = levelOf(core, line);
          if (seen) shown[core].push(line);
          if (seen && level > 0) prefetched[core].covers(line);
        }
      }
      if (!passed.isEmpty) caches.pass(passed, prefetchers, watcher);
      expect(passed.isEmpty).toBe(true);
      if (round % 3 > 0) continue;
      expect(watched).toEqual(shown);
      for (let core = 0; core < CORES; core++) expect(caches.lines(core)).toEqual(each[0].lines(core));
      expect(prefetchers).toEqual(prefetched);
      const references = new References(new Tally([hardwareNamed(HARDWARE_NAMES[0])]), 64);
      const lines = Array.from({ length: 100 }, () => rng.below(1000));
      const core = rng.below(CORES);
      references.begin(core, new Tally([hardwareNamed(HARDWARE_NAMES[0])]));
      for (const line of lines) references.add(READ, 0, line * 64, 8, 0, 0);
      caches.play(references);
      expect([...references.levels.subarray(0, 100)], `seed ${rng.seed}`).toEqual(
        lines.map((line) => levelOf(core, line)),
      );
    }
  }
});
