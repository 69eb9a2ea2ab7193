// The scenarios of the kernel's own suites for its ID allocators, under their names: IDA on Ida, IDR on XArray's alloc.
// See kernel-scenarios-ida.md for the list.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Ida, XArray } from '../src/index.ts';
import { contents, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

const MAX_ID = 2 ** 31 - 1;
/** IDs in a leaf, here as in the kernel. */
const LEAF = 1024;

/** Fails unless nothing is taken. */
function expectNone(ida: Ida): void {
  expect([ida.size, ida.findFirst(), [...ida]]).toEqual([0, -1, []]);
}

function allocateAll(ida: Ida, from: number, to: number): void {
  for (let id = from; id < to; id++) if (ida.allocate(from) !== id) expect.fail(`ID ${id} did not come`);
}

function freeBackwards(ida: Ida, count: number): void {
  for (let id = count - 1; id >= 0; id--) if (!ida.free(id)) expect.fail(`ID ${id} was not taken`);
}

describe('IDA', () => {
  test('ida_check_alloc: lowest first, and min is respected though lower IDs are free', () => {
    const ida = new Ida();
    allocateAll(ida, 0, 10_000);
    ida.free(20);
    ida.free(21);
    expect([ida.allocate(), ida.allocate(), ida.allocate()]).toEqual([20, 21, 10_000]);
    for (let id = 0; id < 5000; id++) ida.free(id);
    expect(ida.allocate(5000)).toBe(10_001);
    ida.clear();
    expectNone(ida);
  });

  test('ida_check_destroy: of an empty one, and of one ID anywhere', () => {
    const ida = new Ida();
    ida.clear();
    expectNone(ida);
    for (const base of [0, 1, LEAF - 1, LEAF, 12_345_678]) {
      expect(ida.allocate(base)).toBe(base);
      ida.clear();
      expectNone(ida);
    }
  });

  test('ida_check_leaf: a full leaf that is destroyed leaves no trace', () => {
    for (const base of [0, LEAF, LEAF * 64]) {
      const ida = new Ida();
      allocateAll(ida, base, base + LEAF);
      ida.clear();
      expectNone(ida);
      expect(ida.allocate()).toBe(0);
      ida.clear();
      expectNone(ida);
    }
  });

  test('ida_check_max: the last IDs below 2³¹ all come, and then none', () => {
    for (let j = 1; j <= 65_536; j *= 2) {
      const ida = new Ida();
      const base = 2 ** 31 - j;
      allocateAll(ida, base, base + j);
      expect([ida.allocate(base), ida.size]).toEqual([-1, j]);
      ida.clear();
      expectNone(ida);
    }
  });

  test('ida_check_conv: few IDs of a leaf, all, and back', () => {
    const ida = new Ida();
    for (let base = 0; base < LEAF * 2; base += LEAF) {
      expect([ida.allocate(base + 1), ida.allocate(base + 64)]).toEqual([base + 1, base + 64]);
      ida.free(base + 1);
      ida.free(base + 64);
      expectNone(ida);
    }
    for (const count of [LEAF * 2, LEAF + 60]) {
      allocateAll(ida, 0, count);
      freeBackwards(ida, count);
      expectNone(ida);
    }
  });

  test('ida_check_bad_free: what is not taken is harmless to free, in a tree of any height', () => {
    const odd = [-1, 0, 31, 32, 62, 63, 64, LEAF - 1, LEAF, 1_000_000, MAX_ID, 2 ** 31];
    for (const taken of [[], [3], [3, 1000], [3, 65, 2000], [3, 70_000_000]]) {
      const ida = new Ida();
      for (const id of taken) ida.allocate(id);
      for (const id of odd) expect(ida.free(id)).toBe(false);
      expect([...ida]).toEqual(taken);
      for (const id of taken) expect([ida.free(id), ida.free(id)]).toEqual([true, false]);
      expectNone(ida);
    }
  });

  test('ida_check_find_first: has and findFirst, with limits, in a tree of any height', () => {
    const ida = new Ida();
    expect([ida.findFirst(), ida.has(0), ida.has(3), ida.has(63), ida.has(1023)]).toEqual([
      -1,
      false,
      false,
      false,
      false,
    ]);
    const ids = [3, 63, 1023, 1 << 20, MAX_ID];
    for (const id of ids) expect([ida.allocate(id), ida.has(id), ida.findFirst()]).toEqual([id, true, 3]);
    for (const [i, id] of ids.entries()) {
      const before = ids[i - 1] ?? -1;
      expect([ida.findFirst(before + 1), ida.findFirst(id), ida.findFirst(id, id)]).toEqual([id, id, id]);
      expect([ida.findFirst(before + 1, id - 1), ida.findFirst(id, before + 1)]).toEqual([
        -1,
        before + 1 === id ? id : -1,
      ]);
    }
    // −EINVAL for a minimum above INT_MAX is a RangeError here.
    expect(() => ida.findFirst(2 ** 31)).toThrow(RangeError);
    for (const [i, id] of ids.entries()) {
      expect([ida.free(id), ida.has(id), ida.findFirst()]).toEqual([true, false, ids[i + 1] ?? -1]);
    }
    expectNone(ida);
  });

  test('ida_check_random: IDs taken if free, freed if taken', () => {
    const rng = random(81);
    const ida = new Ida();
    const taken = new Uint8Array(2048);
    for (let step = 0; step < budget(200_000); step++) {
      const id = rng.below(2048);
      const got = taken[id] ? ida.free(id) : ida.allocate(id, id) === id;
      expect(got, `seed ${rng.seed}, step ${step}`).toBe(true);
      taken[id] ^= 1;
    }
    expect(ida.size).toBe(taken.reduce((sum, bit) => sum + bit, 0));
    for (let id = 0; id < 2048; id++) ida.free(id);
    expectNone(ida);
  });

  test('ida_simple_get_remove: 10,000 IDs, freed in order; a minimum above the maximum gives none', () => {
    const ida = new Ida();
    allocateAll(ida, 0, 10_000);
    expect(ida.allocate(5, 4)).toBe(-1);
    for (let id = 0; id < 10_000; id++) ida.free(id);
    expectNone(ida);
  });
});

/** An allocating array that holds entries 1… at indices from `min` on. */
function filled(count: number, min = 0): XArray {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < count; i++) array.alloc(entryFor(min + i), min);
  return array;
}

describe('IDR', () => {
  test('idr_alloc_test: cyclic, up to a limit and around it', () => {
    const array = new XArray({ alloc: 'from0' });
    expect(array.allocCyclic(7, 0, 0, 0x3ffd)).toBe(0);
    array.erase(0);
    expect(array.allocCyclic(7, 1, 0x3ffd, MAX_ID)).toBe(0x3ffd);
    array.erase(0x3ffd);
    let next = 0x3ffe;
    for (const id of [0x3ffe, 0x3fff, 1, 2, 3]) {
      expect(array.allocCyclic(7, next, 1, 0x3fff)).toBe(id);
      array.erase(id);
      next = id + 1;
    }
    expectEmpty(array);
  });

  test('idr_replace_test: another entry, the same ID', () => {
    const array = new XArray({ alloc: 'from0' });
    array.alloc(1, 10, 10);
    expect([array.store(10, 2), array.load(10), array.alloc(3), array.cmpxchg(10, 2, 4), array.load(10)]).toEqual([
      1, 2, 0, 2, 4,
    ]);
    // idr_replace gives −ENOENT for an ID that is not taken: cmpxchg does nothing.
    expect([array.cmpxchg(11, 2, 4), array.load(11), array.size]).toEqual([0, 0, 2]);
  });

  test('idr_null_test: NULL takes an ID, and the lowest free one comes around holes', () => {
    const array = new XArray({ alloc: 'from0' });
    expect([array.alloc(0), array.nodeCount > 0]).toEqual([0, true]);
    array.erase(0);
    expectEmpty(array);

    expect([array.alloc(0), array.alloc(5), array.store(0, 5), array.store(1, 0)]).toEqual([0, 1, 0, 5]);
    array.erase(0);
    expect([array.alloc(0), array.alloc(0), array.load(1)]).toEqual([0, 2, 0]);
    array.erase(1);
    expect([array.alloc(0), array.alloc(6), array.alloc(7)]).toEqual([1, 3, 4]);
    for (const id of [0, 1, 2]) array.erase(id);
    expect([array.alloc(8), array.alloc(9), array.alloc(10), array.alloc(11)]).toEqual([0, 1, 2, 5]);
    for (let id = 0; id <= 5; id++) array.erase(id);
    expectEmpty(array);
  });

  test.each([0, 4])('idr_get_next_test: iteration meets what is taken, in order, from base %d', (base) => {
    const array = new XArray({ alloc: 'from0' });
    const ids = [1, 2, 5, 9, 65, 1025, 70_000].map((id) => id + base);
    for (const id of ids) expect(array.alloc(entryFor(id), id)).toBe(id);
    let next = 0;
    for (const [i, id] of ids.entries()) {
      expect(array.find(next)).toBe(id);
      expect(array.load(id)).toBe(entryFor(id));
      next = id + 1;
      if (i % 2 === 0) array.erase(id);
    }
    expect(array.find(next)).toBe(-1);
    expect(contents(array).map(([id]) => id)).toEqual(ids.filter((_, i) => i % 2 === 1));
  });

  test.each([0, 1, 2 ** 31 - 1, 2 ** 31, MAX_INDEX - 1, MAX_INDEX])('idr_u32_test: ID %d comes once', (id) => {
    const array = new XArray({ alloc: 'from0' });
    expect([array.alloc(5, id, id), array.alloc(6, id, id)]).toEqual([id, -1]);
    expect([array.load(id), array.find(0), contents(array)]).toEqual([5, id, [[id, 5]]]);
    expect([array.erase(id), array.erase(id), array.load(id)]).toEqual([5, 0, 0]);
    expectEmpty(array);
  });

  test('idr_checks: many IDs out and in, at the end of the domain too', () => {
    const array = filled(10_000);
    for (const [id, entry] of array) if (id % 3 === 0) expect(array.erase(id)).toBe(entry);
    expectSound(array);
    for (let id = 0; id < 5000; id += 3) expect(array.alloc(entryFor(id), id)).toBe(id);
    array.clear();
    expectEmpty(array);

    for (let id = MAX_ID - 2000; id <= MAX_ID; id++) expect(array.alloc(1, MAX_ID - 2000)).toBe(id);
    expect([array.alloc(1, MAX_ID - 2000), array.alloc(1, MAX_ID), array.alloc(1, MAX_ID, MAX_ID + 1)]).toEqual([
      -1,
      -1,
      MAX_ID + 1,
    ]);
    array.clear();
    expectEmpty(array);
  });

  test('idr_checks: limits that are negative, too large or upside down', () => {
    const array = filled(10, 100);
    for (const bad of [-1, -(2 ** 31), 2 ** 32]) {
      expect(() => array.alloc(1, bad)).toThrow(RangeError);
      expect(() => array.alloc(1, 0, bad)).toThrow(RangeError);
      expect(() => array.erase(bad)).toThrow(RangeError);
      expect(() => array.load(bad)).toThrow(RangeError);
    }
    expect([array.alloc(1, 5, 4), array.size]).toEqual([-1, 10]);
    for (const [id] of array) array.erase(id);
    expectEmpty(array);
  });

  test('idr_checks: random ranges, each answer the lowest free ID of its range', () => {
    const rng = random(82);
    const array = new XArray({ alloc: 'from0' });
    const taken = new Set<number>();
    for (let step = 0; step < budget(20_000); step++) {
      const min = rng.below(3000);
      const max = min + rng.below(100);
      let lowest = min;
      while (taken.has(lowest)) lowest++;
      if (lowest > max) lowest = -1;
      expect(array.alloc(entryFor(step), min, max), `seed ${rng.seed}, step ${step}`).toBe(lowest);
      if (lowest >= 0) taken.add(lowest);
      const id = rng.below(3100);
      expect(array.erase(id) !== 0).toBe(taken.delete(id));
    }
    expect(contents(array).map(([id]) => id)).toEqual([...taken].sort((a, b) => a - b));
    expectSound(array);
  });
});
