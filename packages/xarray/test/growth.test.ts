// A call that finds no room for the nodes it needs throws, and leaves the array as it was.
import { budget, random } from '@idspace/testkit';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { XArray as Type } from '../src/index.ts';
import { expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

/** Handles there can be, the two that are always there included. */
const LIMIT = 40;

let XArray: typeof Type;

// A package of its own for this file: the other files' arrays keep the limit that ships.
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('../src/node-layout.ts', async (original) => ({ ...(await original<object>()), MAX_NODES: LIMIT }));
  ({ XArray } = await import('../src/index.ts'));
  vi.doUnmock('../src/node-layout.ts');
  vi.resetModules();
});

afterEach(() => void vi.unstubAllGlobals());

/** Calls that need nodes, anywhere. */
function calls(rng: ReturnType<typeof random>): (array: Type) => void {
  const index = rng.u32() >>> rng.below(32);
  const order = rng.below(33);
  return rng.pick<(array: Type) => void>([
    (array) => array.store(index, 1),
    (array) => array.insert(index, 0),
    (array) => array.cmpxchg(index, 0, 4),
    (array) => array.alloc(2, index, MAX_INDEX),
    (array) => array.storeOrder(index, order, 3),
    (array) => array.storeRange(Math.min(index, MAX_INDEX - index), Math.max(index, MAX_INDEX - index), 4),
    (array) => array.split(index, Math.max(0, array.getOrder(index) - 3)),
    (array) => array.setMark(array.find(0), 0),
    (array) => array.erase(Math.max(0, array.find(index))),
  ]);
}

test.each([1, 2, 3, 4])('check_xa_err: 2²⁵ nodes, here 38, used up (seed %d)', (seed) => {
  const rng = random(seed);
  const array = new XArray({ alloc: seed % 2 === 0 ? 'from0' : 'from1' });
  let refused = 0;
  for (let round = 0; round < budget(1500, 400); round++) {
    if (round % 200 === 0) array.clear();
    const call = calls(rng);
    const before = array.snapshot();
    try {
      call(array);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (!error.message.includes('nodes')) continue;
      refused++;
      expect(Buffer.compare(array.snapshot(), before), `seed ${rng.seed}, round ${round}`).toBe(0);
      if (refused % 10 === 0) expectSound(array);
    }
    expect(array.byteLength).toBeLessThanOrEqual(LIMIT * 320);
  }
  expect(refused).toBeGreaterThan(50);
});

test('check_xa_err: memory refused by the engine, at the first or the second of both allocations', () => {
  for (let fail = 1; fail <= 2; fail++) {
    const rng = random(10 + fail);
    const real = Int32Array;
    let left = Number.POSITIVE_INFINITY;
    const stub = class extends real {
      constructor(...args: [length: number]) {
        if (--left === 0) throw new RangeError('Array buffer allocation failed');
        super(...args);
      }
    };
    vi.stubGlobal('Int32Array', stub);
    let refused = 0;
    for (let round = 0; round < budget(300, 150); round++) {
      const array = new XArray({ alloc: 'from1', capacity: 3 });
      for (let n = rng.below(4); n > 0; n--) array.store(rng.below(200), 5);
      const before = array.snapshot();
      const call = calls(rng);
      left = fail;
      try {
        call(array);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        if (error.message.includes('allocation failed')) refused++;
        left = Number.POSITIVE_INFINITY;
        expect(Buffer.compare(array.snapshot(), before), `seed ${rng.seed}, round ${round}`).toBe(0);
      }
      left = Number.POSITIVE_INFINITY;
    }
    expect(refused).toBeGreaterThan(50);
  }
});

test('after a refusal the room that is there can be used, and what was there can be freed', () => {
  const array = new XArray();
  const stored: number[] = [];
  for (let index = 63; array.nodeCount < LIMIT - 4; index += 64) {
    array.store(index, 1);
    stored.push(index);
  }
  expect(() => array.storeOrder(2 ** 31, 31, 5)).toThrow('more than 40 nodes');
  expect(() => array.store(MAX_INDEX, 5)).toThrow('more than 40 nodes');
  expect(array.store(0, 6)).toBe(0);
  array.erase(0);
  for (const index of stored) expect(array.erase(index)).toBe(1);
  expectEmpty(array);
  array.store(MAX_INDEX, 5);
  expect(array.load(MAX_INDEX)).toBe(5);
});

test('check_align_2: a store where an index was reserved needs no memory', () => {
  for (const index of [0, 1, 63, 64, 4096, MAX_INDEX]) {
    const array = new XArray({ capacity: 0 });
    array.reserve(index);
    const bytes = array.byteLength;
    expect(array.store(index, 5)).toBe(0);
    expect([array.load(index), array.byteLength]).toEqual([5, bytes]);
    array.erase(index);
    expectEmpty(array);
  }
});
