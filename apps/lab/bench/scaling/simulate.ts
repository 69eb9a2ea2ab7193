// Says how many cache lines an operation must get from other cores, by the number of cores that do it at the same time.
//
// The code is the shipped code: testkit records each access that it makes to shared memory, and cache-sim plays it on the caches of
// the core that makes the operation. Cores take turns in an order that is drawn, a whole operation each: so the counts are what
// no order of threads can avoid, without what waiting for a lock adds.
import { CacheSim, type Region } from '@idspace/cache-sim';
import { recordAccesses } from '@idspace/testkit/explore';

/** What cores do. */
export interface Workload {
  /** Makes the shared memory, with what is in it before any core runs. */
  make(cores: number): SharedArrayBuffer;
  /** The names of its parts, as regions of a simulation: addresses are bytes from its beginning. */
  regions(memory: SharedArrayBuffer): Region[];
  /** Attaches a core, 0…cores − 1; returns what makes one operation. `below(n)` draws 0…n − 1. */
  attach(memory: SharedArrayBuffer, core: number, below: (n: number) => number): () => unknown;
}

/** What was counted. */
export interface Scaling {
  /** Lines that an operation gets from other cores, or takes from them to write: misses on lines lost to another core's write, and upgrades. */
  lines: number;
  /** The same of the line that has most of them: the other cores' operations wait for that one. */
  hottest: number;
  /** What is on that line: 'region' or 'region.field', or '' if no line is shared. */
  hottestAt: string;
  /** Where most of the misses on lost lines are: 'region.field', or '' if there are none. */
  blamed: string;
}

/** Operations of each core before counting: by then it has had most of what it uses. */
const WARM_UP = 128;
/** Operations of all cores that are counted. */
const COUNTED = 2048;
/** As in the cores of today's servers: large enough that what is shared stays in it. */
const CACHE = { name: 'L2', size: 1 << 20, ways: 8, line: 64 };

/** Simulates a workload on so many cores. */
export function simulate(workload: Workload, cores: number): Scaling {
  const memory = workload.make(cores);
  const sim = new CacheSim({ levels: [CACHE], cores, regions: workload.regions(memory) });
  const below = numbers();
  let core = 0;
  const sink = (address: number, bytes: number, isWrite: boolean): void =>
    void sim[isWrite ? 'write' : 'read'](address, bytes, core);
  recordAccesses(memory, sink, () => {
    const operations: (() => unknown)[] = [];
    for (core = 0; core < cores; core++) operations.push(workload.attach(memory, core, below));
    const run = (count: number): void => {
      for (let turn = 0; turn < count; turn++) {
        core = below(cores);
        operations[core]!();
      }
    };
    run(WARM_UP * cores);
    sim.resetCounters();
    run(COUNTED);
  });
  const { coherence, regions } = sim.stats();
  const { upgrades, trueSharing, falseSharing } = coherence!;
  const [line] = sim.sharedLines(1);
  const worst = regions!
    .map((of) => ({
      name: of.field === '' ? of.region : `${of.region}.${of.field}`,
      misses: of.trueSharing + of.falseSharing,
    }))
    .sort((a, b) => b.misses - a.misses)[0];
  const blamed = worst === undefined || worst.misses === 0 ? '' : worst.name;
  return {
    lines: (trueSharing + falseSharing + upgrades) / COUNTED,
    hottest: line === undefined ? 0 : (line.trueSharing + line.falseSharing + line.upgrades) / COUNTED,
    hottestAt: line === undefined ? '' : line.fields.includes(blamed) ? blamed : line.fields.at(-1)!,
    blamed,
  };
}

/** A seeded generator (xorshift32). Its own: the counts are the same, whatever seed tests run with. */
function numbers(): (n: number) => number {
  let x = 0x9e37_79b9;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return Math.floor(((x >>> 0) / 2 ** 32) * n);
  };
}
