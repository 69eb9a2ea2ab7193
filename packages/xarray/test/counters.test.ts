// What size, height, nodeCount and byteLength say. The node counts are those of the kernel's xarray for the same indices.
import { expectSame, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { entryFor, expectEmpty, expectSound } from './sound.ts';

const upTo = (n: number, stride = 1): number[] => Array.from({ length: n }, (_, i) => i * stride);

test.each<[string, number[], number]>([
  ['0…2047', upTo(2048), 33],
  ['2048 at a stride of 64', upTo(2048, 64), 2081],
  ['2048 at a stride of 512', upTo(2048, 512), 2309],
  ['0…99,999', upTo(100_000), 1589],
  ['INT_MAX', [2 ** 31 - 1], 6],
  ['2³²−1', [2 ** 32 - 1], 6],
  ['63', [63], 1],
  ['64', [64], 2],
  ['0', [0], 0],
])('%s: as many nodes as the kernel', (_, indices, nodes) => {
  const array = new XArray();
  for (const index of indices) array.store(index, entryFor(index));
  expect(array.nodeCount).toBe(nodes);
  expect(array.size).toBe(indices.length);
  expectSound(array);
  for (const index of indices) array.erase(index);
  expectEmpty(array);
});

test('an array from 1 counts the node for the index 0 it keeps', () => {
  const array = new XArray({ alloc: 'from1' });
  array.store(64, 1);
  expect(array.nodeCount).toBe(3);
  array.erase(64);
  expectEmpty(array);
});

test.each([
  [0, 0],
  [1, 1],
  [63, 1],
  [64, 2],
  [2 ** 12, 3],
  [2 ** 18, 4],
  [2 ** 24, 5],
  [2 ** 30 - 1, 5],
  [2 ** 30, 6],
  [2 ** 32 - 1, 6],
])('an entry at %d needs a height of %d', (index, height) => {
  const array = new XArray();
  array.store(index, 1);
  expect(array.height).toBe(height);
  expect(array.load(index)).toBe(1);
  expect(array.load((index ^ 1) >>> 0)).toBe(0);
});

test('byteLength is 320 per node there is room for, and grows by doubling', () => {
  expect(new XArray().byteLength).toBe(0);
  expect(new XArray({ capacity: 1589 }).byteLength).toBe(1591 * 320);
  const array = new XArray();
  array.store(0, 1);
  expect(array.byteLength).toBe(4 * 320);
  for (let i = 0; i < 100_000; i++) array.store(i, 1);
  expect(array.byteLength).toBe(2048 * 320);
  array.clear();
  expect(array.byteLength).toBe(0);
});

test('capacity is enough room for that many nodes', () => {
  const array = new XArray({ capacity: 33 });
  for (let i = 0; i < 2048; i++) array.store(i, 1);
  expect(array.byteLength).toBe(35 * 320);
  const none = new XArray({ capacity: 0 });
  none.store(5, 6);
  expect(none.load(5)).toBe(6);
});

test('compact leaves content, marks and free list sound, and 5.2 bytes per dense entry', () => {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < 300_000; i++) array.alloc(entryFor(i));
  for (let i = 0; i < 200_000; i++) array.erase((i * 7919) % 300_000);
  for (let i = 0; i < 100_000; i++) array.alloc(5);
  for (let i = 0; i < 100_000; i += 64) array.setMark(i, 2);
  for (let i = 200_000; i < 300_000; i++) array.erase(i);
  const before = [...array].concat([...array].filter(([index]) => array.getMark(index, 2)));
  const nodes = array.nodeCount;
  array.compact();
  expectSame([...array].concat([...array].filter(([index]) => array.getMark(index, 2))), before);
  expect([array.nodeCount, array.byteLength]).toEqual([nodes, (nodes + 2) * 320]);
  expectSound(array);
  while (array.size < 200_000) array.alloc(6);
  array.compact();
  expect(array.byteLength / array.size).toBeLessThan(5.2);
  expect(array.alloc(7)).toBe(200_000);
  for (let i = 0; i <= 200_000; i++) array.erase(i);
  expectEmpty(array);
  array.compact();
  expectEmpty(array);
  expect(array.byteLength).toBe(0);
});

test('100,000 keys spread over 2³¹ take about 637 bytes each, runs of R far apart about 370 / R', () => {
  const spread = new XArray();
  const rng = random(41);
  for (let i = 0; i < 100_000; i++) spread.store(rng.u32() >>> 1, 1);
  expect((spread.nodeCount * 320) / spread.size).toBeCloseTo(637, -1);
  for (const run of [1, 4, 16]) {
    const runs = new XArray();
    for (let i = 0; i < 10_000; i++) for (let j = 0; j < run; j++) runs.store(640 * i + j, 1);
    expect((runs.nodeCount * 320 * run) / runs.size).toBeCloseTo(371, -1);
  }
});

test('nodes are recycled: churn does not grow the memory', () => {
  const array = new XArray();
  for (let i = 0; i < 1000; i++) array.store(i * 64, 1);
  const bytes = array.byteLength;
  for (let i = 1000; i < 50_000; i++) {
    array.erase((i - 1000) * 64);
    array.store(i * 64, 1);
  }
  expect(array.byteLength).toBe(bytes);
  expectSound(array);
});
