import { inspect } from 'node:util';
import { budget, HANG_MS, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { XArray } from '../../src/index.ts';
import { SharedXArray, SharedXArrayError } from '../../src/shared/index.ts';
import { BUSY, LOCK, MAGIC, MAGIC_NUMBER, ROSTER, seatOf, WORDS } from '../../src/shared/layout.ts';
import { BOUNDARIES, contents, entryFor, expectEmpty, expectSound } from '../sound.ts';

const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof SharedXArrayError) return error.code;
    throw error;
  }
  return 'nothing';
};

describe('attach', () => {
  test('shows every object the same entries, whichever thread makes the tree grow and shrink', () => {
    const arrays = [new SharedXArray({ capacity: 254 })];
    for (let i = 0; i < 2; i++) arrays.push(SharedXArray.attach(arrays[0].handle, { lockFreeReads: i === 0 }));
    expect(arrays.map(({ owner }) => owner)).toEqual([1, 2, 3]);
    for (const [i, index] of BOUNDARIES.entries()) arrays[i % 3].store(index, entryFor(index));
    for (const array of arrays) {
      for (const index of BOUNDARIES) expect(array.load(index)).toBe(entryFor(index));
      expect([array.size, array.height]).toEqual([BOUNDARIES.length, 6]);
    }
    for (const [i, index] of BOUNDARIES.toReversed().entries())
      expect(arrays[i % 3].erase(index)).toBe(entryFor(index));
    for (const array of arrays) expectEmpty(array);
    expect(inspect(arrays[0])).toBe('SharedXArray(0) {}');
  });

  test.each([
    ['sparse', BOUNDARIES],
    ['dense', Array.from({ length: 200 }, (_, i) => i)],
  ])('random calls through three objects answer as one XArray does, %s', (_, indices) => {
    const rng = random(65);
    const arrays = [new SharedXArray({ alloc: 'from0', capacity: 254 })];
    for (let i = 0; i < 2; i++) arrays.push(SharedXArray.attach(arrays[0].handle));
    const oracle = new XArray({ alloc: 'from0' });
    type Call = (array: SharedXArray | XArray) => unknown;
    const calls: ((index: number, entry: number) => Call)[] = [
      (index, entry) => (array) => array.store(index, entry),
      (index, entry) => (array) => array.insert(index, entry),
      (index, entry) => (array) => array.cmpxchg(index, array.load(index), entry),
      (index) => (array) => array.erase(index),
      (index) => (array) => array.erase(index),
      (index) => (array) => array.reserve(index),
      (index) => (array) => array.release(index),
      (index, entry) => (array) => array.setMark(index, entry % 3),
      (index, entry) => (array) => array.alloc(entry, index),
      (index) => (array) => [array.find(index), array.findAbsent(index), array.size],
    ];
    for (let step = 0; step < budget(20_000); step++) {
      const index = rng.pick(indices);
      const call = rng.pick(calls)(index, step + 1);
      const where = `seed ${rng.seed}, step ${step}, index ${index}, ${call}`;
      expect(call(rng.pick(arrays)), where).toEqual(call(oracle));
      expect(rng.pick(arrays).load(index), where).toBe(oracle.load(index));
      if (step % 1000 === 0) expectSound(arrays[0]);
    }
    expect(contents(arrays[1])).toEqual(contents(oracle));
  });

  test('alloc gives the lowest free index, whichever thread freed it', () => {
    const mine = new SharedXArray({ alloc: 'from0' });
    const theirs = SharedXArray.attach(mine.handle);
    for (let i = 0; i < 10; i++) mine.alloc(5);
    for (const thread of [mine, theirs]) {
      thread.erase(6);
      thread.erase(3);
      expect([mine.alloc(6), theirs.alloc(6), theirs.alloc(6)]).toEqual([3, 6, thread === mine ? 10 : 11]);
    }
  });

  test('alloc gives each index once, to one thread', () => {
    const mine = new SharedXArray({ alloc: 'from1' });
    const theirs = SharedXArray.attach(mine.handle);
    const ids = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? theirs : mine).alloc(i + 1));
    expect(ids).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    theirs.erase(7);
    expect([mine.allocCyclic(5, 150), theirs.alloc(5), mine.alloc(5, 0, 100)]).toEqual([201, 7, -1]);
    expect(() => new SharedXArray().alloc(1)).toThrow('does not allocate');
  });

  test('forEach and the iterator go on where other threads change the array', () => {
    const array = new SharedXArray();
    for (let index = 0; index < 500; index++) array.store(index * 3, index + 1);
    const seen: number[] = [];
    array.forEach((entry, index) => {
      seen.push(index);
      array.erase(index);
      if (index < 1497) array.store(index + 1, entry);
    });
    expect(seen.filter((index) => index % 3 === 0)).toEqual(Array.from({ length: 500 }, (_, i) => i * 3));
    expect([...array].length).toBe(array.size);
  });

  test('a snapshot is one of XArray', () => {
    const array = new SharedXArray({ alloc: 'from0' });
    for (const index of BOUNDARIES) array.store(index, entryFor(index));
    array.setMark(65, 1);
    const copy = XArray.from(array.snapshot());
    expect(contents(copy)).toEqual(contents(array));
    expect([copy.getMark(65, 1), copy.alloc(9), array.alloc(9)]).toEqual([true, 6, 6]);
  });

  test('refuses what is not an array, another version, another size', () => {
    const attach = (change: (words: Int32Array) => void): string => {
      const { handle } = new SharedXArray({ capacity: 10 });
      change(new Int32Array(handle));
      return code(() => SharedXArray.attach(handle));
    };
    expect(attach(() => {})).toBe('nothing');
    expect(attach((words) => words.fill(0, MAGIC, 1))).toBe('bad-handle');
    expect(attach((words) => words.fill(MAGIC_NUMBER + 1, MAGIC, 1))).toBe('bad-version');
    expect(attach((words) => words.fill(words[WORDS] + 5, WORDS, WORDS + 1))).toBe('bad-size');
    expect(attach((words) => words.fill(-1, WORDS, WORDS + 16))).toBe('bad-size');
    for (const other of [undefined, null, 5, {}, new ArrayBuffer(100_000), new SharedArrayBuffer(3)]) {
      expect(
        code(() => SharedXArray.attach(other as SharedArrayBuffer)),
        inspect(other),
      ).toBe('bad-handle');
    }
  });

  test('gives 64 threads a seat, the one asked for if it is free', () => {
    const { handle } = new SharedXArray({ capacity: 1 });
    expect(SharedXArray.attach(handle, { owner: 64 }).owner).toBe(64);
    expect(code(() => SharedXArray.attach(handle, { owner: 64 }))).toBe('no-free-owner');
    const left = SharedXArray.attach(handle);
    left.detach();
    expect(SharedXArray.attach(handle).owner).toBe(left.owner);
  });

  test.each([false, true])(
    'a detached object answers alike on all machines (lock-free reads: %s): nothing but its properties',
    (lockFreeReads) => {
      const array = new SharedXArray({ capacity: 4 });
      array.store(7, 70);
      const left = SharedXArray.attach(array.handle, { lockFreeReads });
      left.load(7);
      left.detach();
      left.detach();
      const after = new Uint8Array(array.handle).slice();
      const calls: ((array: SharedXArray) => unknown)[] = [
        (array) => array.load(7),
        (array) => array.load(8),
        (array) => array.store(7, 1),
        (array) => array.store(7, 0),
        (array) => array.erase(7),
        (array) => array.insert(8, 1),
        (array) => array.cmpxchg(7, 70, 1),
        (array) => array.alloc(1),
        (array) => array.find(0),
        (array) => array.findLast(),
        (array) => [...array],
        (array) => array.forEach(() => {}),
        (array) => array.getMark(7, 0),
        (array) => array.setMark(7, 0),
        (array) => array.snapshot(),
        (array) => array.clear(),
        (array) => array.bury(9),
        (array) => array.bury(left.owner),
      ];
      expect(calls.map((call) => code(() => call(left)))).toEqual(calls.map(() => 'detached'));
      expect(new Uint8Array(array.handle)).toEqual(after);
      expect([left.size, left.height, left.byteLength, left.owner]).toEqual([1, 1, array.byteLength, 2]);
    },
  );
});

test('holds as many nodes as its capacity, and stays as it was when they are used up', () => {
  const array = new SharedXArray({ capacity: 14 });
  for (let leaf = 0; leaf < 13; leaf++) array.store(leaf * 64, leaf + 1);
  const before = array.snapshot();
  expect(code(() => array.store(13 * 64, 1))).toBe('full');
  expect(code(() => array.store(2 ** 31, 1))).toBe('full');
  expect([array.snapshot(), array.load(12 * 64)]).toEqual([before, 13]);
  array.clear();
  expectEmpty(array);
});

test('reserved memory is not taken until used', () => {
  const before = process.memoryUsage().rss;
  const array = new SharedXArray({ capacity: 2 ** 21 });
  array.store(5, 1);
  expect(array.byteLength).toBeGreaterThan(320 * 2 ** 21);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

test('a thread that waits for a dead one gives up with an error that names it, until it is buried', () => {
  const array = new SharedXArray({ timeoutMs: 5, capacity: 30 });
  SharedXArray.attach(array.handle, { owner: 9 });
  array.store(70, 1);
  new Int32Array(array.handle)[LOCK] = 9;
  expect(() => array.store(70, 2)).toThrow('waited 5 ms for the lock held by owner 9');
  expect(code(() => array.find(0))).toBe('lock-timeout');
  expect([array.load(70), array.size]).toEqual([1, 1]);
  expect([array.bury(9), array.bury(9), array.store(70, 3)]).toEqual([true, false, 1]);
  expect(() => array.bury(1)).toThrow('another than this thread');
});

test('a thread that waits for one that stopped amid a change of a leaf gives up likewise', () => {
  const array = new SharedXArray({ timeoutMs: 5, capacity: 30 });
  for (const index of [70, 71]) array.store(index, index);
  SharedXArray.attach(array.handle, { owner: 9 });
  const words = new Int32Array(array.handle);
  words[seatOf(9) | BUSY] = 1;
  expect(() => array.find(0)).toThrow('waited 5 ms for the lock held by owner 9');
  expect([array.store(70, 2), array.erase(71), array.size]).toEqual([70, 71, 1]);
  words[seatOf(9) | BUSY] = 0;
  expect(array.find(0)).toBe(70);
  words[seatOf(9) | BUSY] = 1;
  expect([array.bury(9), array.bury(9), array.find(71)]).toEqual([true, false, -1]);
  expectSound(array);
});

test.each([
  ['the lock', (words: Int32Array) => words.fill(8, LOCK, LOCK + 1)],
  ['a leaf', (words: Int32Array) => words.fill(1, seatOf(8) | BUSY, (seatOf(8) | BUSY) + 1)],
] as const)(
  'of two that died, one with %s: a thread that is told of them one after the other waits for neither',
  (_, die) => {
    const array = new SharedXArray({ capacity: 30, timeoutMs: 2 * HANG_MS });
    array.store(70, 1);
    for (const owner of [7, 8]) SharedXArray.attach(array.handle, { owner });
    die(new Int32Array(array.handle));
    const begin = performance.now();
    // The end of 8 is not known yet.
    const again = (): unknown => SharedXArray.attach(array.handle, { owner: 7, timeoutMs: 2 * HANG_MS });
    expect([array.bury(7), code(again)]).toEqual([true, 'no-free-owner']);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
    expect([array.bury(8), array.bury(8), array.bury(7), array.store(70, 2)]).toEqual([true, false, false, 1]);
    for (const owner of [7, 8]) expect(SharedXArray.attach(array.handle, { owner }).owner).toBe(owner);
    expectSound(array);
  },
);

test('no thread changes what a dead one left until it is in order, also if the one that was to do that gave up', () => {
  const array = new SharedXArray({ timeoutMs: 5, capacity: 30 });
  for (const index of [70, 71]) array.store(index, index);
  for (const owner of [8, 9]) SharedXArray.attach(array.handle, { owner });
  const words = new Int32Array(array.handle);
  // Owner 9 died under the lock and was buried; 8 is stopped amid a change.
  words[LOCK] = 9;
  words[ROSTER + 8] = 2;
  words[seatOf(8) | BUSY] = 1;
  expect(() => array.find(0)).toThrow('held by owner 8');
  expect([words[LOCK], array.load(70)]).toEqual([0, 70]);
  expect(() => array.store(70, 2)).toThrow('held by owner 8');
  words[seatOf(8) | BUSY] = 0;
  expect(array.store(70, 2)).toBe(70);
  expectSound(array);
});

test('nodes above are told of leaves that become full and cease to be', () => {
  const mine = new SharedXArray({ capacity: 30 });
  const theirs = SharedXArray.attach(mine.handle);
  for (let index = 0; index < 200; index++) {
    (index % 3 === 0 ? mine : theirs).store(index, 1);
    expectSound(mine);
    expect(theirs.findAbsent(0)).toBe(index + 1);
  }
  for (const index of [150, 70, 64, 63, 0]) {
    expect(mine.erase(index)).toBe(1);
    expectSound(theirs);
    expect(theirs.findAbsent(0)).toBe(index);
  }
});

test('refuses misuse, naming it, and gives the lock back', () => {
  const array = new SharedXArray({ capacity: 1 });
  expect(() => array.load(-1)).toThrow('index: got -1, expected an integer 0…4294967295');
  expect(() => array.store(0, -1)).toThrow('entry: got -1');
  expect(() => array.getMark(0, 3)).toThrow('mark: got 3');
  expect(() => array.forEach(() => {}, 1.5)).toThrow('from: got 1.5');
  for (const capacity of [0, 1.5, 2 ** 22 + 1])
    expect(() => new SharedXArray({ capacity })).toThrow('new SharedXArray: capacity: got');
  expect(() => new SharedXArray({ alloc: 'from2' as 'from1' })).toThrow("new SharedXArray: alloc: got 'from2'");
  expect(() => new SharedXArray({ timeoutMs: -1 })).toThrow('new SharedXArray: timeoutMs: got');
  expect(array.store(0, 5)).toBe(0);
});
