// console.log of a shared array: what it shows, and that it neither locks, waits nor throws.
import { inspect } from 'node:util';
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { XArray } from '../../src/index.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { DAMAGED, LOCK, SLOTS } from '../../src/shared/layout.ts';
import { MAX_INDEX } from '../sound.ts';

/** The line of an XArray with the same content. */
const expected = (array: SharedXArray): string =>
  inspect(XArray.from(array.snapshot())).replace('XArray', 'SharedXArray');

test('shows what the array holds, at every height, and up to a hundred entries', () => {
  const rng = random(81);
  for (const lockFreeReads of [true, false]) {
    for (let bits = 0; bits <= 32; bits += 2) {
      const array = new SharedXArray({ alloc: 'from0', capacity: 1000, lockFreeReads });
      expect(inspect(array)).toBe('SharedXArray(0) {}');
      for (let n = rng.below(120); n >= 0; n--) array.store(rng.u32() >>> Math.min(32 - bits, 31), n);
      if (bits === 32) array.store(MAX_INDEX, 7);
      array.reserve(5);
      expect(inspect(array), `seed ${rng.seed}, ${bits} bits`).toBe(expected(array));
    }
  }
});

describe('answers without the lock', () => {
  const make = (): SharedXArray => {
    const array = new SharedXArray({ capacity: 10, timeoutMs: 60_000 });
    array.store(1, 9);
    array.store(70, 8);
    return array;
  };
  const LINE = 'SharedXArray(2) { 1 => 9, 70 => 8 }';

  test('after detach, and inside a larger object', () => {
    const array = make();
    array.detach();
    expect([inspect(array), inspect({ cache: array })]).toEqual([LINE, `{ cache: ${LINE} }`]);
  });

  test('while another thread holds the lock, or died with it', () => {
    const array = make();
    const header = new Int32Array(array.handle, 0, SLOTS);
    SharedXArray.attach(array.handle, { owner: 5 });
    for (const damaged of [0, 1]) {
      header[LOCK] = 5;
      header[DAMAGED] = damaged;
      expect(inspect(array)).toBe(LINE);
      expect([header[LOCK], header[DAMAGED]]).toEqual([5, damaged]);
    }
  });

  test('whatever a thread left in the middle of a change', () => {
    const rng = random(82);
    for (let round = 0; round < budget(200); round++) {
      const array = make();
      const words = new Int32Array(array.handle);
      for (let n = rng.below(50); n >= 0; n--) words[SLOTS + rng.below(words.length - SLOTS)] = rng.u32();
      expect(inspect(array), `seed ${rng.seed}, round ${round}`).toMatch(/^SharedXArray\(\d+\) \{.*\}$/);
    }
  });

  test('where nothing but reservations is', () => {
    const array = new SharedXArray({ capacity: 20_000 });
    for (let leaf = 0; leaf < 15_000; leaf++) array.reserve(leaf * 64);
    expect(inspect(array)).toBe('SharedXArray(0) {}');
  });
});
