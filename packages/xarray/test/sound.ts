import { expectSame } from '@idspace/testkit';
import { XArray } from '../src/index.ts';
import type { SharedXArray } from '../src/shared/index.ts';

/** Fails unless the structure under an array is sound: `from` verifies every node of a snapshot. */
export function expectSound(array: XArray | SharedXArray): void {
  const copy = XArray.from(array.snapshot());
  expectSame(copy.size, array.size);
  expectSame(copy.nodeCount, array.nodeCount);
}

/** Fails unless nothing is left in an array, not even a node. */
export function expectEmpty(array: XArray | SharedXArray): void {
  expectSound(array);
  expectSame(
    { size: array.size, height: array.height, nodeCount: array.nodeCount },
    {
      size: 0,
      height: 0,
      nodeCount: 0,
    },
  );
  expectSame(array.find(0), -1);
  expectSame(
    [0, 1, 2].map((mark) => array.marked(mark)),
    [false, false, false],
  );
}

/** An entry that tells its index, so that one in a wrong slot shows; never 0. */
export function entryFor(index: number): number {
  return (index & 0x7fff_ffff) | 1;
}

/** All `[index, entry]` pairs. */
export function contents(array: XArray | SharedXArray): [number, number][] {
  return [...array];
}

/** The highest index. */
export const MAX_INDEX = 0xffff_ffff;

/** 2ᵏ−1, 2ᵏ and 2ᵏ+1 for all k, as far as they are indices. */
export const BOUNDARIES: number[] = [
  ...new Set(Array.from({ length: 33 }, (_, k) => [2 ** k - 1, 2 ** k, 2 ** k + 1]).flat()),
].filter((index) => index <= MAX_INDEX);
