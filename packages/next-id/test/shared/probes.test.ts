// How many words a shared pool looks at where all IDs but few are taken: counted in what the code does to its memory.
import { random } from '@idspace/testkit';
import { recordAccesses } from '@idspace/testkit/explore';
import { expect, test } from 'vitest';
import { SharedIdPool } from '../../src/shared/index.ts';

const CALLS = 200;

/** Most accesses of a `free`, of the `allocate` that takes the ID again, and of an `allocate` that finds none. */
function accesses(ids: number, reuse: 'lowest' | 'cyclic'): { free: number; allocate: number; none: number } {
  const full = new SharedIdPool({ max: ids - 1, reuse });
  for (let id = 0; id < ids; id++) full.allocate();
  const most = { free: 0, allocate: 0, none: 0 };
  let count = 0;
  const counted = (call: keyof typeof most, run: () => unknown): unknown => {
    count = 0;
    const answer = run();
    most[call] = Math.max(most[call], count);
    return answer;
  };
  const run = (): void => {
    const pool = SharedIdPool.attach(full.handle);
    const rng = random(5);
    for (let call = 0; call < CALLS; call++) {
      const id = rng.below(ids);
      expect(counted('free', () => pool.free(id))).toBe(true);
      expect(counted('allocate', () => pool.allocate())).toBe(id);
      expect(counted('none', () => pool.allocate())).toBe(-1);
    }
  };
  recordAccesses(full.handle, () => count++, run);
  return most;
}

test('a full pool is searched by its levels, not its words', () => {
  // Bitmaps of 1, 8, 64, 4,096 and 32,768 words: 1, 1, 2, 4 and 5 levels above them.
  const sizes = { 32: 1, 256: 1, 2048: 2, 131072: 4, 1048576: 5 };
  for (const [ids, levels] of Object.entries(sizes)) {
    expect(accesses(Number(ids), 'lowest')).toEqual({ free: 3 + 5 * levels, allocate: 3 + 5 * levels, none: 3 });
    // What follows the cursor is looked at first, then the whole.
    const cyclic = accesses(Number(ids), 'cyclic');
    expect(cyclic.free).toBe(3 + 5 * levels);
    expect(cyclic.allocate).toBeLessThanOrEqual(6 + 6 * levels);
    expect(cyclic.none).toBeLessThanOrEqual(7 + 2 * levels);
  }
});
