// Marked iteration: 1 % of n entries are marked; the figure is per hit. Bit sets iterate a set that holds the hits alone.

import type { Contestants, Workload } from '@idspace/testkit/bench';
import { XArray } from '@idspace/xarray';
import { shuffled } from './keys.ts';
import { FastBitSet, RoaringBitmap32 } from './peers.ts';

const NAME = 'iterate 1 % marked, per hit';
const hitsOf = (n: number): Uint32Array => shuffled('dense', n).subarray(0, n / 100);

let total = 0;

function add(id: number): void {
  total = (total + id) | 0;
}

function addIndex(_entry: unknown, index: number): void {
  add(index);
}

function addMarked(mark: boolean, id: number): void {
  if (mark) add(id);
}

/** Prepares once, then goes over the hits. */
function iterate(prepare: (n: number) => () => number): Workload {
  let go: (() => number) | undefined;
  let made = 0;
  return ({ n: size }) => {
    const n = Number(size);
    if (!go || made !== n) go = prepare(n);
    made = n;
    return { ops: n / 100, run: go };
  };
}

function overSet(
  set: { add(id: number): unknown; forEach(fn: (id: number) => void): unknown },
  n: number,
): () => number {
  for (const id of hitsOf(n)) set.add(id);
  return () => {
    total = 0;
    set.forEach(add);
    return total;
  };
}

export const markContestants: Contestants = {
  XArray: {
    [NAME]: iterate((n) => {
      const xa = new XArray();
      for (let i = 0; i < n; i++) xa.store(i, i + 1);
      for (const id of hitsOf(n)) xa.setMark(id, 0);
      return () => {
        total = 0;
        xa.forEach(addIndex, 0, n, 0);
        return total;
      };
    }),
  },
  roaring: { [NAME]: iterate((n) => overSet(new RoaringBitmap32(), n)) },
  typedfastbitset: { [NAME]: iterate((n) => overSet(new FastBitSet(), n)) },
  Map: {
    [NAME]: iterate((n) => {
      const marked = new Map<number, boolean>();
      const hits = new Set(hitsOf(n));
      for (let i = 0; i < n; i++) marked.set(i, hits.has(i));
      return () => {
        total = 0;
        marked.forEach(addMarked);
        return total;
      };
    }),
  },
};
