// The counts in the words of a shared pool, where they come to their ends: deaths, calls and IDs beyond what they can hold.
import { expect, test } from 'vitest';
import { SharedIdPool } from '../../src/shared/index.ts';
import { endAmidFree } from '../support/protocols.ts';

/** In the header: the first count of IDs taken, and where the bitmap of a pool with 64 counts begins. */
const SIZES = 32;
const BITS = SIZES + 64 * 16;
/** Calls begun and ended by owner 1 of a pool of few IDs. */
const SEAT = 64;

/** How many IDs a pool hands out until it has none. */
function drain(pool: SharedIdPool): number {
  let taken = 0;
  while (pool.allocate() >= 0) taken++;
  return taken;
}

test.each([1, 254, 255, 256, 300])('%i threads that ended amid `free` of the same word: nothing is lost', (deaths) => {
  const pool = new SharedIdPool({ max: 287 });
  drain(pool);
  for (let i = 0; i < deaths; i++) endAmidFree(pool.handle);
  const words = new Int32Array(pool.handle);
  // The first summary, behind the nine words of the bitmap, counts no more deaths than it can.
  expect((words[57]! >>> 8) & 0xff).toBe(Math.min(deaths, 255));
  for (const freed of [[0], [3, 40, 287], Array.from({ length: 288 }, (_, id) => id)]) {
    expect(freed.map((id) => pool.free(id))).not.toContain(false);
    expect(pool.size).toBe(288 - freed.length);
    expect(drain(pool)).toBe(freed.length);
  }
});

test.each([0, 2 ** 31 - 2, -2])(
  'a thread amid a call after %i others is seen there, and one that died amid it is not',
  (calls) => {
    const pool = new SharedIdPool({ max: 9, owners: 3, owner: 2 });
    const thread = SharedIdPool.attach(pool.handle, { owner: 1 });
    new Int32Array(pool.handle)[SEAT] = calls;
    const { signatures } = thread as unknown as { signatures: { sign(bit: number): void } };
    // Another one buries a third, just before this one signs what it took.
    const sign = signatures.sign.bind(signatures);
    signatures.sign = (bit) => {
      pool.bury(3);
      sign(bit);
    };
    expect([thread.allocate(), pool.heldBy(1)]).toEqual([0, [0]]);
    signatures.sign = () => {
      throw new Error('killed');
    };
    expect(() => thread.allocate()).toThrow('killed');
    expect([pool.has(1), pool.bury(1), pool.has(1), pool.size]).toEqual([true, [0], false, 0]);
  },
);

test.each([2 ** 32 - 1, 2 ** 32 - 2, 2 ** 31])('a pool with the highest ID %i knows its size', (max) => {
  const pool = new SharedIdPool({ max });
  const ids = max + 1;
  const words = new Int32Array(pool.handle);
  expect(pool.size).toBe(0);
  pool.reserve(max);
  expect(pool.size).toBe(1);
  pool.free(max);
  // As after deaths: fewer counted than taken.
  words[SIZES] = -3;
  expect(pool.size).toBe(0);
  // As if all were taken: the first words are, and the count says so.
  words.fill(-1, BITS, BITS + 4096);
  for (const [counted, size] of [
    [ids, ids],
    [ids - 1, ids - 1],
    [ids + 3, ids],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ] as const) {
    words[SIZES] = counted;
    expect(pool.size).toBe(size);
  }
});
