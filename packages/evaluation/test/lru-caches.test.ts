// The caches of many cores against CacheSim, which has one simulation for each.
import { CacheSim, type Geometry } from '@idspace/cache-sim';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { LruCaches } from '../src/evaluate/lru-caches.ts';
import { UsedLines } from '../src/evaluate/used-lines.ts';

const GEOMETRIES: readonly Geometry[] = [
  { name: 'direct', size: 1024, ways: 1, line: 64 },
  { name: 'L1d', size: 48 * 1024, ways: 12, line: 64 },
  { name: 'one set', size: 512, ways: 8, line: 64 },
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
