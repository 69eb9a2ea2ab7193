// Snapshots against copying the same bytes.

import type { Contestants, Workload } from '@idspace/testkit/bench';
import { XArray } from '@idspace/xarray';

const REPEAT = 8;

/** Fills a dense array once, then repeats `act` on it; the figure is per call. */
function repeat(act: (xa: XArray, bytes: Uint8Array) => unknown): Workload {
  let xa: XArray;
  let bytes: Uint8Array;
  let made = 0;
  return ({ n: size }) => {
    const n = Number(size);
    if (made !== n) {
      xa = new XArray();
      for (let i = 0; i < n; i++) xa.store(i, i + 1);
      bytes = xa.snapshot();
      made = n;
    }
    return {
      ops: REPEAT,
      run: () => {
        for (let i = 0; i < REPEAT; i++) act(xa, bytes);
      },
    };
  };
}

export const snapshotContestants: Contestants = {
  XArray: {
    snapshot: repeat((xa) => xa.snapshot()),
    'from, trusted': repeat((_xa, bytes) => XArray.from(bytes, { trusted: true })),
    'from, verified': repeat((_xa, bytes) => XArray.from(bytes)),
  },
  'bytes.slice()': Object.fromEntries(
    ['snapshot', 'from, trusted', 'from, verified'].map((name) => [name, repeat((_xa, bytes) => bytes.slice())]),
  ),
};
