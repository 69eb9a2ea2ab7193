// compat: 'pycachesim' against a model written again from its description: queues of lines, loads and stores that call each other.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheStats, type Level } from '../src/index.ts';

interface Entry {
  line: number;
  dirty: boolean;
}

/** Its words. */
interface Counts {
  LOAD: number;
  STORE: number;
  HIT: number;
  MISS: number;
  EVICT: number;
}

/** A cache as pycachesim's documentation has it: a queue for each set, the latest first. */
class Queue {
  readonly counts: Counts = { LOAD: 0, STORE: 0, HIT: 0, MISS: 0, EVICT: 0 };
  private readonly sets: Entry[][];
  private readonly level: Level;
  private readonly next: Queue | undefined;

  constructor(level: Level, next: Queue | undefined) {
    this.level = level;
    this.next = next;
    this.sets = Array.from({ length: level.size / level.ways / level.line }, () => []);
  }

  load(first: number, last: number): void {
    for (const line of this.lines(first, last)) {
      this.counts.LOAD++;
      const queue = this.setOf(line);
      const at = queue.findIndex((entry) => entry.line === line);
      if (at < 0) {
        this.counts.MISS++;
        this.next?.load(line * this.level.line, (line + 1) * this.level.line - 1);
        this.inject(line);
      } else {
        this.counts.HIT++;
        if (this.level.policy !== 'fifo') queue.unshift(...queue.splice(at, 1));
      }
    }
  }

  store(first: number, last: number): void {
    const { line: size, write } = this.level;
    for (const line of this.lines(first, last)) {
      this.counts.STORE++;
      if (!this.setOf(line).some((entry) => entry.line === line)) this.load(line * size, (line + 1) * size - 1);
      if (write === 'through') this.next?.store(Math.max(first, line * size), Math.min(last, (line + 1) * size - 1));
      else this.setOf(line).find((entry) => entry.line === line)!.dirty = true;
    }
  }

  private inject(line: number): void {
    const queue = this.setOf(line);
    queue.unshift({ line, dirty: false });
    const victim = queue.length > this.level.ways ? queue.pop() : undefined;
    if (victim?.dirty) this.writeBack(victim);
  }

  private writeBack(entry: Entry): void {
    entry.dirty = false;
    this.counts.EVICT++;
    this.next?.store(entry.line * this.level.line, (entry.line + 1) * this.level.line - 1);
  }

  private lines(first: number, last: number): number[] {
    const lines: number[] = [];
    for (let byte = first; byte <= last; byte++) {
      const line = Math.floor(byte / this.level.line);
      if (lines.at(-1) !== line) lines.push(line);
    }
    return lines;
  }

  private setOf(line: number): Entry[] {
    return this.sets[line % this.sets.length]!;
  }
}

/** A level's counts in its words. */
const inItsWords = ({ levels }: CacheStats): Counts[] =>
  // biome-ignore format: what belongs together stands in a row
  levels.map(({ reads, readMisses, writes, writeMisses, traffic }) => ({
    LOAD: reads + writeMisses, STORE: writes,
    HIT: reads - readMisses, MISS: readMisses + writeMisses, EVICT: traffic!.writebacks,
  }));

test('the example of its README', () => {
  const level = (name: string, sets: number, ways: number): Level => ({ name, size: sets * ways * 64, ways, line: 64 });
  const levels = [level('L1', 64, 8), level('L2', 512, 8), level('L3', 16384, 16)]; // L3 has 20,480 sets there
  const sim = new CacheSim({ levels, compat: 'pycachesim' });
  sim.read(2342);
  sim.write(512, 8); // "will also be a load miss (due to write-allocate)"
  sim.read(512, 8);
  sim.flush();
  expect(inItsWords(sim.stats())).toEqual([
    { HIT: 1, MISS: 2, LOAD: 3, STORE: 1, EVICT: 1 },
    { HIT: 0, MISS: 2, LOAD: 2, STORE: 1, EVICT: 1 },
    { HIT: 0, MISS: 2, LOAD: 2, STORE: 1, EVICT: 1 },
  ]);
});

test('what is written back is brought into the second level again, which may have lost it', () => {
  const levels = [
    { name: 'L1', size: 128, ways: 2, line: 64 },
    { name: 'L2', size: 128, ways: 2, line: 64 },
  ];
  const misses = (compat?: 'pycachesim'): number => {
    const sim = new CacheSim({ levels, ...(compat && { compat }) });
    sim.write(0);
    for (const address of [64, 0, 128, 0, 192]) sim.read(address); // 0 stays in the first level and leaves the second
    for (const address of [256, 320]) sim.read(address); // 0 is written back
    const { readMisses, writeMisses } = sim.stats().levels[1];
    return readMisses + writeMisses;
  };
  // 0, 64, 128, 192, 256, 320 miss in any case; with its rules line 0 misses once more, when it is written back.
  expect([misses(), misses('pycachesim')]).toEqual([6, 7]);
});

const SEEDS = budget(1000);

describe.each(['lru', 'fifo'] as const)('%s', (policy) => {
  test(`${SEEDS} random hierarchies and traces: every count of every level`, () => {
    let beyond = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const rng = random(seed);
      const level = (name: string): Level => {
        const [ways, line] = [rng.between(1, 4), 2 ** rng.between(3, 6)];
        const shape = { name, ways, line, size: 2 ** rng.between(0, 3) * ways * line, policy };
        return rng.chance(0.2) ? { ...shape, write: 'through' } : shape;
      };
      const levels = Array.from({ length: rng.between(1, 3) }, (_, at) => level(`L${at + 1}`));
      const sim = new CacheSim({ levels, compat: 'pycachesim' });
      const queues: Queue[] = [];
      for (const one of [...levels].reverse()) queues.unshift(new Queue(one, queues[0]));
      const span = 2 ** rng.between(6, 11);
      for (let step = 0; step < 200; step++) {
        const [address, bytes] = [rng.below(span), rng.pick([1, 4, 8, 8, 70])];
        const before = queues.map(({ counts }) => counts.MISS);
        if (rng.chance(0.6)) {
          const served = sim.read(address, bytes);
          queues[0]!.load(address, address + bytes - 1);
          const missed = queues.map(({ counts }, at) => counts.MISS > before[at]!);
          expect(served === 0, `seed ${seed}, step ${step}`).toBe(!missed[0]);
        } else {
          sim.write(address, bytes);
          queues[0]!.store(address, address + bytes - 1);
        }
      }
      expect(inItsWords(sim.stats()), `seed ${seed}`).toEqual(queues.map(({ counts }) => counts));
      beyond += sim.stats().levels[1]?.writeMisses ?? 0;
    }
    expect(beyond).toBeGreaterThan(SEEDS); // lines are brought in by what is written back
  });
});

test('fetches are loads, counts can be set to zero, and everything can be forgotten', () => {
  const level = { name: 'L1', size: 1024, ways: 2, line: 64 };
  const sim = new CacheSim({
    levels: [level, { ...level, name: 'L2' }],
    instruction: { ...level, name: 'I1' },
    compat: 'pycachesim',
  });
  expect([sim.fetch(0, 4), sim.fetch(0, 4), sim.read(0, 4), sim.read(0, 4)]).toEqual([2, 0, 1, 0]);
  const { Ir, I1mr, ILmr, Dr, D1mr, DLmr } = sim.stats();
  expect([Ir, I1mr, ILmr, Dr, D1mr, DLmr]).toEqual([2, 1, 1, 2, 1, 0]);
  expect(sim.last).toEqual({ tlb: 0, transferred: false, upgraded: false, invalidated: 0, lost: false });
  sim.write(0, 4);
  const written = (): number[] => sim.stats().levels.map(({ traffic }) => traffic!.writebacks);
  const flushed = [1, 2].map(() => {
    sim.flush();
    return written();
  });
  // What was written back is clean, and stays.
  expect(flushed).toEqual([flushed[0], flushed[0]]);
  expect(flushed[0]).toEqual([1, 1]);
  sim.resetCounters();
  expect([sim.read(0, 4), sim.stats().Dr, sim.stats().D1mr]).toEqual([0, 1, 0]);
  sim.clear();
  expect([sim.read(0, 4), sim.stats().Dr]).toEqual([2, 1]);
});

test.each([
  [{ classify: true }, /compat: got 'pycachesim' beside classify, expected one of them/],
  [{ cores: 2 }, /beside cores/],
  [{ inclusive: true }, /beside inclusive/],
  [{ regions: [] }, /beside regions/],
])('%j does not go with it', (options, message) => {
  const levels = [{ name: 'L1', size: 1024, ways: 2, line: 64 }];
  expect(() => new CacheSim({ levels, compat: 'pycachesim', ...options })).toThrow(message);
  expect(() => new CacheSim({ levels: [{ ...levels[0]!, allocate: false }], compat: 'pycachesim' })).toThrow(
    /L1: got another habit/,
  );
});
