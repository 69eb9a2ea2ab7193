// What is kept of written lines is what the rule says, and bounded by the caches, whatever the size of a workload.
import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { WrittenLines } from '../src/evaluate/written-lines.ts';

/** The rule with nothing forgotten: a version for each write, and the version that each core has. */
class EveryWrite {
  private readonly written = new Map<number, { core: number; version: number; at: number }>();
  private readonly seen = new Map<string, number>();
  private readonly accesses: number[];
  private readonly capacity: number;

  constructor(cores: number, capacity: number) {
    this.capacity = capacity;
    this.accesses = Array.from({ length: cores }, () => 0);
  }

  step(core: number): void {
    this.accesses[core]++;
  }

  use(core: number, line: number, isWrite: boolean): boolean {
    const last = this.written.get(line);
    const isCurrent = last === undefined || last.core === core || this.seen.get(`${core} ${line}`) === last.version;
    const isElsewhere = !isCurrent && this.accesses[last.core] - last.at < this.capacity;
    if (isWrite) this.written.set(line, { core, version: (last?.version ?? 0) + 1, at: this.accesses[core] });
    else if (last !== undefined) this.seen.set(`${core} ${line}`, last.version);
    return isElsewhere;
  }
}

test.each([2, 3, 40])('%i cores: the same as a version for every write ever made', (cores) => {
  for (let seed = 1; seed <= 5; seed++) {
    const rng = random(seed);
    const capacity = rng.pick([1, 30, 600]);
    const lines = new WrittenLines(cores, capacity);
    const every = new EveryWrite(cores, capacity);
    const span = rng.pick([20, 3000]);
    for (let step = 0; step < 20_000; step++) {
      const [core, line] = [rng.below(cores), rng.below(span) * rng.pick([1, 2 ** 33])];
      for (const one of [lines, every]) one.step(core);
      const isWrite = rng.chance(0.4);
      const [got, expected] = [lines.use(core, line, isWrite), every.use(core, line, isWrite)];
      if (got !== expected) throw new Error(`seed ${rng.seed}, step ${step}: got ${got}, expected ${expected}`);
    }
  }
});

test('a million lines leave no more than the caches of the cores hold', () => {
  const [cores, capacity] = [4, 512];
  const lines = new WrittenLines(cores, capacity);
  for (let line = 0; line < 1e6; line++) {
    lines.step(line % cores);
    lines.use(line % cores, line, true);
  }
  // 22 bytes a place with one word of cores, and at most eight places for each line that a core may hold.
  expect(lines.byteLength).toBeLessThanOrEqual(8 * cores * capacity * 22);
});
