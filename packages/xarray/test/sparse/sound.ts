// Walks all that is under a SparseXArray and fails at the first thing that is not as it must be.
import { expect } from 'vitest';
import type { SparseXArray } from '../../src/sparse/index.ts';

const STOP = 0x7fff_ffff;

/** The fields, as they are beneath the types. */
interface Inside {
  leaves: Int32Array;
  leafMeta: Int32Array;
  directory: Int32Array;
  directoryMeta: Int32Array;
  leafTop: number;
  directoryTop: number;
  count: number;
  freeLeaf: number;
  freeDirectory: number;
}

/** Adds up what a part of the array holds. */
interface Sum {
  entries: number;
  marks: [boolean, boolean, boolean];
}

/** Fails unless the structure is sound; returns how many leaves and directories are in use. */
export function expectSound(array: SparseXArray): { leaves: number; directories: number } {
  const inside = array as unknown as Inside;
  const { leaves: words, leafMeta, directory, directoryMeta } = inside;
  const leaves = new Set<number>();
  const directories = new Set<number>();

  const bit = (at: number, kind: number, slot: number): boolean =>
    ((directoryMeta[at * 8 + kind + (slot >> 5)]! >>> (slot & 31)) & 1) === 1;

  const leafSum = (leaf: number, low: number, high: number): Sum => {
    expect(leaves.has(leaf), `leaf ${leaf} is met once`).toBe(false);
    leaves.add(leaf);
    const count = words[leaf * 64 + 31]!;
    expect(count, `leaf ${leaf}: 1…31 keys`).toSatisfy((n: number) => n >= 1 && n <= 31);
    let before = low - 1;
    for (let place = 0; place < 31; place++) {
      const key = words[leaf * 64 + place]!;
      const entry = words[leaf * 64 + 32 + place]!;
      if (place >= count) {
        if (key !== STOP || entry !== 0) expect.fail(`leaf ${leaf}, place ${place}: ${key}, ${entry} behind the last`);
        continue;
      }
      const index = (key ^ (1 << 31)) >>> 0;
      if (index <= before || index > high || entry <= 0) {
        expect.fail(`leaf ${leaf}, place ${place}: ${index} => ${entry} after ${before}, at most ${high}`);
      }
      before = index;
    }
    expect(words[leaf * 64 + 63], `leaf ${leaf}: the last word`).toBe(0);
    const marks = [1, 2, 3].map((word) => leafMeta[leaf * 4 + word]!);
    for (const word of marks)
      expect(count === 31 ? word >>> 31 : word >>> count, `leaf ${leaf}: marks of keys`).toBe(0);
    return { entries: count, marks: marks.map((word) => word !== 0) as Sum['marks'] };
  };

  const directorySum = (at: number, low: number, shift: number): Sum => {
    expect(directories.has(at), `directory ${at} is met once`).toBe(false);
    directories.add(at);
    const sum: Sum = { entries: 0, marks: [false, false, false] };
    for (let slot = 0; slot < 64; ) {
      const child = directory[at * 64 + slot]!;
      const size = child > 0 ? 2 ** leafMeta[child * 4]! : 1;
      const first = low + slot * 2 ** shift;
      expect(slot % size, `directory ${at}, slot ${slot}: aligned`).toBe(0);
      const last = first + size * 2 ** shift - 1;
      const part: Sum =
        child < 0
          ? directorySum(~child, first, shift - 6)
          : child > 0
            ? leafSum(child, first, last)
            : { entries: 0, marks: [false, false, false] };
      expect(part.entries > 0, `directory ${at}, slot ${slot}: leads to entries or nowhere`).toBe(child !== 0);
      for (let s = slot; s < slot + size; s++) {
        if (directory[at * 64 + s] !== child) expect.fail(`directory ${at}, slot ${s}: leads to ${child}`);
        const bits = [0, 2, 4, 6].map((kind) => bit(at, kind, s)).join();
        const wanted = [child !== 0, ...part.marks].join();
        if (bits !== wanted) expect.fail(`directory ${at}, slot ${s}: bits ${bits}, expected ${wanted}`);
      }
      sum.entries += part.entries;
      part.marks.forEach((marked, i) => {
        sum.marks[i] ||= marked;
      });
      slot += size;
    }
    return sum;
  };

  expect(directorySum(0, 0, 26).entries).toBe(inside.count);
  const used = { leaves: leaves.size, directories: directories.size };
  for (let leaf = inside.freeLeaf; leaf !== 0; leaf = words[leaf * 64 + 31]!) {
    expect(leaves.has(leaf), `free leaf ${leaf} is in no use`).toBe(false);
    leaves.add(leaf);
  }
  for (let at = inside.freeDirectory; at !== 0; at = directory[at * 64]!) {
    expect(directories.has(at), `free directory ${at} is in no use`).toBe(false);
    directories.add(at);
  }
  expect(leaves.size, 'leaves in use or free').toBe(inside.leafTop - 1);
  expect(directories.size, 'directories in use or free').toBe(inside.directoryTop);
  return used;
}

/** Fails unless nothing is left, not even a leaf. */
export function expectEmpty(array: SparseXArray): void {
  expect(expectSound(array)).toEqual({ leaves: 0, directories: 1 });
  expect([array.size, array.find(0), [...array]]).toEqual([0, -1, []]);
  expect([0, 1, 2].map((mark) => array.marked(mark))).toEqual([false, false, false]);
}
