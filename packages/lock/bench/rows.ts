// The headline rows: `pnpm bench keep lock`, `pnpm bench compare REV lock`.
import { LockTable } from '@idspace/lock';
import { random } from '@idspace/testkit';
import type { Prepared, Row } from '@idspace/testkit/bench';
import { CONTESTANTS } from './contestants.ts';

const CALLS = 50_000;
const FLOOR = 'compareExchange + exchange';

const SLOTS = 4096;

/** Gives back one of the keys held, drawn at random, and takes a new one. */
function replaceKeys(table: LockTable, ids: Float64Array, at: Int32Array, first: number): void {
  for (let i = 0; i < CALLS; i++) {
    table.unlock(1, 2, ids[at[i]!]!);
    ids[at[i]!] = first + i;
    table.lock(1, 2, first + i);
  }
}

/** A table of which a part of the slots is held; it goes on from run to run. */
function holding(load: number): () => Prepared {
  let state: { table: LockTable; ids: Float64Array; at: Int32Array; next: number } | undefined;
  return () => {
    if (state === undefined) {
      const table = new LockTable(new Int32Array(new SharedArrayBuffer(LockTable.wordsFor(SLOTS) * 4)), 0, SLOTS, 1);
      const ids = Float64Array.from({ length: Math.floor(SLOTS * load) }, (_, id) => id);
      for (const id of ids) table.lock(1, 2, id);
      const rng = random(1);
      state = { table, ids, at: Int32Array.from({ length: CALLS }, () => rng.below(ids.length)), next: SLOTS };
    }
    const { table, ids, at, next } = state;
    state.next += CALLS;
    return { ops: CALLS, run: () => replaceKeys(table, ids, at, next) };
  };
}

const uncontended: Row[] = ['SpinLock', 'Mutex', 'Mutex, robust', 'lockWord', 'LockTable'].map((name) => ({
  name: `${name}: lock and unlock, uncontended`,
  setup: () => ({ ops: CALLS, run: () => CONTESTANTS[name]!(CALLS) }),
  peer: { name: FLOOR, setup: () => ({ ops: CALLS, run: () => CONTESTANTS[FLOOR]!(CALLS) }) },
}));

export const rows: readonly Row[] = [
  ...uncontended,
  ...[0.95, 0.99].map((load) => ({
    name: `LockTable: unlock one key and lock another, ${load * 100} % of the slots held`,
    setup: holding(load),
    peer: { name: 'the same, 10 % held', setup: holding(0.1) },
  })),
];
