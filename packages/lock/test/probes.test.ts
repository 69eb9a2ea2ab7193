// How many words a lock table looks at, by how many of its slots are held: counted in what the code does to its memory.
import { random } from '@idspace/testkit';
import { recordAccesses } from '@idspace/testkit/explore';
import { expect, test } from 'vitest';
import { LockTable } from '../src/index.ts';

const SLOTS = 128;
const CALLS = 200;

/** Accesses to shared words for an `unlock` of a held key, drawn at random, and a `lock` of a new one. */
function accessesPerPair(held: number, handles: number): { mean: number; most: number } {
  const memory = new SharedArrayBuffer(LockTable.wordsFor(SLOTS) * 4);
  const counts: number[] = [];
  let accesses = 0;
  const run = (): void => {
    const words = new Int32Array(memory);
    const tables = Array.from({ length: handles }, (_, i) => new LockTable(words, 0, SLOTS, i + 1));
    const rng = random(7);
    const ids = Array.from({ length: held }, (_, id) => id);
    for (const id of ids) tables[id % handles]!.lock(5, 6, id);
    // First until free slots lie anywhere.
    for (let call = 0; call < 4 * SLOTS + CALLS; call++) {
      const at = rng.below(held);
      accesses = 0;
      tables[at % handles]!.unlock(5, 6, ids[at]!);
      tables[at % handles]!.lock(5, 6, held + call);
      ids[at] = held + call;
      if (call >= 4 * SLOTS) counts.push(accesses);
    }
  };
  recordAccesses(memory, () => accesses++, run);
  return { mean: counts.reduce((sum, count) => sum + count) / CALLS, most: Math.max(...counts) };
}

test.each([1, 4])('LockTable looks at as many words nearly full as nearly empty: %i handles', (handles) => {
  const [empty, ...full] = [0.1, 0.95, 1].map((load) => accessesPerPair(Math.floor(load * SLOTS), handles));
  expect(empty!.mean).toBeLessThan(42);
  for (const { mean, most } of full) {
    expect(mean / empty!.mean).toBeLessThan(1.1);
    expect(most).toBeLessThan(80);
  }
});
