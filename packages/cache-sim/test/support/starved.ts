// What is simulated while the engine has no memory; compared with the same simulation and all the memory there is.
import type { Operation, Random } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import { CacheSim, type CacheSimOptions, ReuseDistance } from '../../src/index.ts';

const L1 = { name: 'L1', size: 512, ways: 2, line: 64 };
const LL = { name: 'LL', size: 4096, ways: 4, line: 64 };

/** One of each simulator, and each thing that is watched. */
const SIMULATIONS: CacheSimOptions[] = [
  // Narrow tags hold the lines of seven regions of 4 GiB only.
  {
    levels: [
      { name: 'L1', size: 64, ways: 2, line: 8 },
      { ...LL, line: 8 },
    ],
  },
  { levels: [L1, LL], classify: true },
  { levels: [L1, LL], instruction: { ...L1, name: 'I1' }, regions: [], usage: true },
  { levels: [L1, LL], cores: 3, classify: true, regions: [] },
  { levels: [L1, LL], tlb: { data: { entries: 4, ways: 2 } }, traffic: true },
  { levels: [L1, LL], compat: 'pycachesim' },
];

/** The same call on both sides. */
function both<T>(call: (subject: T, ...args: number[]) => unknown, args: (r: Random) => number[]): Operation<T, T> {
  return { weight: 10, args, subject: call as never, oracle: call as never };
}

/** Addresses near a few places, some of them on both sides of a region's end. */
function addresses(rng: Random): (r: Random) => number {
  const places = Array.from({ length: 12 }, (_, i) => (i % 3) * 0x1000 + Math.floor(rng.u32() / 2 ** 10) * 2 ** 20);
  return (r) => r.pick([...places, r.below(12) * 2 ** 32 - 4 + 2 ** 34]) + r.below(2 ** r.below(17));
}

export const SCENES: Record<string, StarvedScene> = {
  CacheSim: scene<CacheSim, CacheSim>({
    runs: 48,
    steps: 600,
    make: (rng) => {
      const options = rng.pick(SIMULATIONS);
      const address = addresses(rng);
      const access = (r: Random): number[] => [address(r), r.between(1, 200), r.below(options.cores ?? 1)];
      let regions = 0;
      return {
        subject: new CacheSim(options),
        oracle: new CacheSim(options),
        operations: {
          read: both((sim, ...where) => sim.read(where[0], where[1], where[2]), access),
          write: both((sim, ...where) => sim.write(where[0], where[1], where[2]), access),
          fetch: both((sim, ...where) => sim.fetch(where[0], where[1], where[2]), access),
          // What is played before memory ends stays played: an access at a time.
          play: both((sim, at, bytes, core) => {
            const batch = {
              kinds: Uint8Array.of(1),
              addresses: Float64Array.of(at),
              bytes: Int32Array.of(bytes),
              length: 1,
            };
            sim.play(batch, core);
          }, access),
          addRegion: {
            weight: options.regions === undefined ? 0 : 3,
            args: () => [{ name: `r${++regions}`, start: 2 ** 50 + regions * 1000, bytes: 10 }],
            subject: (sim, region: never) => sim.addRegion(region),
            oracle: (sim, region: never) => sim.addRegion(region),
          },
          flush: {
            ...both<CacheSim>(
              (sim) => sim.flush(),
              () => [],
            ),
            weight: 1,
          },
          clear: {
            ...both<CacheSim>(
              (sim, really) => (really === 0 ? sim.clear() : undefined),
              (r) => [r.below(30)],
            ),
            weight: 1,
          },
          resetCounters: {
            ...both<CacheSim>(
              (sim, really) => (really === 0 ? sim.resetCounters() : undefined),
              (r) => [r.below(9)],
            ),
            weight: 1,
          },
          stats: {
            ...both<CacheSim>(
              (sim) => sim.stats(),
              () => [],
            ),
            weight: 1,
          },
          lines: {
            ...both<CacheSim>(
              (sim) => sim.lines(),
              () => [],
            ),
            weight: 1,
          },
        },
        check: (subject, oracle) => {
          expect(subject.stats()).toEqual(oracle.stats());
          expect(subject.sharedLines()).toEqual(oracle.sharedLines());
        },
      };
    },
  }),

  ReuseDistance: scene<ReuseDistance, ReuseDistance>({
    runs: 16,
    steps: 12_000,
    make: (rng) => {
      const options = { line: rng.pick([16, 64]), rate: rng.pick([1, 0.3]) };
      const address = addresses(rng);
      const access = (r: Random): number[] => [address(r), r.between(1, 200)];
      const use = (distances: ReuseDistance, at: number, bytes: number): void => distances.use(at, bytes);
      return {
        subject: new ReuseDistance(options),
        oracle: new ReuseDistance(options),
        operations: {
          'use fetch read write play': { ...both(use, access), weight: 2000 },
          resetCounters: {
            ...both<ReuseDistance>(
              (d) => d.resetCounters(),
              () => [],
            ),
            weight: 1,
          },
          clear: {
            ...both<ReuseDistance>(
              (d, really) => (really === 0 ? d.clear() : undefined),
              (r) => [r.below(9)],
            ),
            weight: 1,
          },
        },
        check: (subject, oracle) => {
          expect([subject.refs, subject.lines, subject.histogram()]).toEqual([
            oracle.refs,
            oracle.lines,
            oracle.histogram(),
          ]);
        },
      };
    },
  }),
};
