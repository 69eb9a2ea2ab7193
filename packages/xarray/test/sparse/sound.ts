// Walks all that is under a SparseXArray and fails at the first thing that is not as it must be.
import { expectSame } from '@idspace/testkit';
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
  held: number;
  freeLeaf: number;
  freeDirectory: number;
  guide: Int32Array;
  guideShift: number;
}

/** Adds up what a part of the array holds. */
interface Sum {
  entries: number;
  marks: [boolean, boolean, boolean];
}

function fail(what: string): never {
  throw new Error(what);
}

/** Takes no arrays: a walk asks hundreds of thousands of times. */
function must(ok: boolean, what: string): void {
  if (!ok) fail(what);
}

/** Fails unless the structure is sound; returns how many leaves and directories are in use. */
export function expectSound(array: SparseXArray): { leaves: number; directories: number } {
  const inside = array as unknown as Inside;
  const { leaves: words, leafMeta, directory, directoryMeta } = inside;
  const leaves = new Set<number>();
  const directories = new Set<number>();
  /** The first and last index of each leaf and directory, in ascending order of leaves. */
  const leafRanges: { leaf: number; low: number; high: number }[] = [];
  const directoryRanges = new Map<number, { shift: number; low: number; high: number }>();

  const bit = (at: number, kind: number, slot: number): boolean =>
    ((directoryMeta[at * 8 + kind + (slot >> 5)]! >>> (slot & 31)) & 1) === 1;

  const leafSum = (leaf: number, low: number, high: number): Sum => {
    must(!leaves.has(leaf), `leaf ${leaf} is met once`);
    leaves.add(leaf);
    leafRanges.push({ leaf, low, high });
    const count = words[leaf * 64 + 31]!;
    must(count >= 1 && count <= 31, `leaf ${leaf}: 1…31 keys`);
    let before = low - 1;
    for (let place = 0; place < 31; place++) {
      const key = words[leaf * 64 + place]!;
      const entry = words[leaf * 64 + 32 + place]!;
      if (place >= count) {
        if (key !== STOP || entry !== 0) fail(`leaf ${leaf}, place ${place}: ${key}, ${entry} behind the last`);
        continue;
      }
      const index = (key ^ (1 << 31)) >>> 0;
      if (index <= before || index > high || entry <= 0) {
        fail(`leaf ${leaf}, place ${place}: ${index} => ${entry} after ${before}, at most ${high}`);
      }
      before = index;
    }
    must(words[leaf * 64 + 63] === 0, `leaf ${leaf}: the last word`);
    const marks = [1, 2, 3].map((word) => leafMeta[leaf * 4 + word]!);
    for (const word of marks) must(word >>> count === 0, `leaf ${leaf}: marks of keys`);
    return { entries: count, marks: marks.map((word) => word !== 0) as Sum['marks'] };
  };

  const directorySum = (at: number, low: number, shift: number): Sum => {
    must(!directories.has(at), `directory ${at} is met once`);
    directories.add(at);
    directoryRanges.set(at, { shift, low, high: low + 2 ** (shift + 6) - 1 });
    const sum: Sum = { entries: 0, marks: [false, false, false] };
    for (let slot = 0; slot < 64; ) {
      const child = directory[at * 64 + slot]!;
      const size = child > 0 ? 2 ** leafMeta[child * 4]! : 1;
      const first = low + slot * 2 ** shift;
      must(slot % size === 0, `directory ${at}, slot ${slot}: aligned`);
      const last = first + size * 2 ** shift - 1;
      const part: Sum =
        child < 0
          ? directorySum(~child, first, shift - 6)
          : child > 0
            ? leafSum(child, first, last)
            : { entries: 0, marks: [false, false, false] };
      must(part.entries > 0 === (child !== 0), `directory ${at}, slot ${slot}: leads to entries or nowhere`);
      for (let s = slot; s < slot + size; s++) {
        must(directory[at * 64 + s] === child, `directory ${at}, slot ${s}: leads to ${child}`);
        must(bit(at, 0, s) === (child !== 0), `directory ${at}, slot ${s}: present`);
        for (let i = 0; i < 3; i++)
          must(bit(at, 2 + 2 * i, s) === part.marks[i], `directory ${at}, slot ${s}: mark ${i}`);
      }
      sum.entries += part.entries;
      part.marks.forEach((marked, i) => {
        sum.marks[i] ||= marked;
      });
      slot += size;
    }
    return sum;
  };

  expectSame(directorySum(0, 0, 26).entries, inside.held);
  const { guide, guideShift } = inside;
  let next = 0;
  for (let cell = 0; cell < guide.length; cell++) {
    const low = cell * 2 ** guideShift;
    const high = low + 2 ** guideShift - 1;
    while (next < leafRanges.length && leafRanges[next]!.high < low) next++;
    const first = leafRanges[next];
    const child = guide[cell]!;
    if (child > 0) must(first?.leaf === child && first.low <= low && first.high >= high, `cell ${cell}: leaf ${child}`);
    else if (child === 0) must(first === undefined || first.low > high, `cell ${cell}: no leaf`);
    else {
      const directory = directoryRanges.get(~child >> 5);
      if (!directory) return fail(`cell ${cell}: a directory in use`);
      must(directory.shift === (~child & 31), `cell ${cell}: the shift of its directory`);
      must(directory.low <= low && directory.high >= high, `cell ${cell}: a directory of all its indices`);
    }
  }
  const used = { leaves: leaves.size, directories: directories.size };
  for (let leaf = inside.freeLeaf; leaf !== 0; leaf = words[leaf * 64 + 31]!) {
    must(!leaves.has(leaf), `free leaf ${leaf} is in no use`);
    leaves.add(leaf);
  }
  for (let at = inside.freeDirectory; at !== 0; at = directory[at * 64]!) {
    must(!directories.has(at), `free directory ${at} is in no use`);
    directories.add(at);
  }
  expectSame(leaves.size, inside.leafTop - 1, 'leaves in use or free');
  expectSame(directories.size, inside.directoryTop, 'directories in use or free');
  return used;
}

/** Fails unless nothing is left, not even a leaf. */
export function expectEmpty(array: SparseXArray): void {
  expectSame(expectSound(array), { leaves: 0, directories: 1 });
  expectSame([array.size, array.find(0), [...array]], [0, -1, []]);
  expectSame(
    [0, 1, 2].map((mark) => array.marked(mark)),
    [false, false, false],
  );
}
