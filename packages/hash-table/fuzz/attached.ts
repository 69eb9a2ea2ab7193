// A shared table whose memory is written to outside of its calls: answers may be wrong, but every call ends, with an answer or an error.
import { corrupt, corruptions, type FuzzTargets, memoryOf } from '@idspace/testkit/fuzz';
import { SharedHashTable, SharedHashTableError, type SharedHashTableOptions } from '../src/shared/index.ts';

const KEYS = 40;

/** Tables to begin with: of each kind of locks, with short chains and long ones, and one that is full. */
const MEMORIES: readonly Uint8Array[] = (
  [
    { buckets: 8, capacity: 100 },
    { buckets: 1, capacity: 100, locking: 'global' },
    { buckets: 64, capacity: 80, locking: 'striped', hash: 'jhash2' },
    { buckets: 4, capacity: 40 },
  ] satisfies SharedHashTableOptions[]
).map((options) => {
  const table = new SharedHashTable(options);
  for (let id = 0; id < KEYS; id++) table.insert(id & 3, 7, id, id + 1);
  if (options.capacity > KEYS) for (let id = 0; id < KEYS; id += 3) table.remove(id & 3, 7, id);
  const bytes = new Uint8Array(table.handle).slice();
  table.detach();
  return bytes;
});

/** @throws What is no documented outcome. */
function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    // Of a lock or a seat that is another's by then.
    const isLost = error instanceof RangeError && /^(unlockWord|Roster\.leave): /.test(error.message);
    if (!(error instanceof SharedHashTableError || isLost)) throw error;
  }
}

const PARTS: readonly ((table: SharedHashTable, id: number) => unknown)[] = [
  (table, id) => table.find(id & 3, 7, id),
  (table, id) => table.insert(id & 3, 7, id, 5),
  (table, id) => table.replace(id & 3, 7, id, 6),
  (table, id) => table.compareExchange(id & 3, 7, id, 6, 9),
  (table, id) => table.remove(id & 3, 7, id),
  (table, id) => table.insertNew(id & 3, 7, id + 100, 8),
];

const WHOLE: readonly ((table: SharedHashTable) => unknown)[] = [
  (table) => table.size + table.byteLength + table.locks.acquired,
  (table) => table.forEach(() => {}),
  (table) => table.chainStats(),
  (table) => table.retain((_, __, id) => id % 2 === 0),
  (table) => table.bury(table.owner === 2 ? 3 : 2),
];

/** What must work on any memory: after `clear`, what is put in is found. */
function startAgain(table: SharedHashTable): void {
  try {
    table.clear();
    for (let id = 0; id < 20; id++) table.insert(1, 2, id, id + 1);
    for (let id = 0; id < 20; id++)
      if (table.find(1, 2, id) !== id + 1) throw new Error('a table that was cleared does not find its keys');
  } catch (error) {
    if (!(error instanceof SharedHashTableError && error.code === 'lock-timeout')) throw error;
  }
}

export const TARGETS: FuzzTargets = {
  'attached-table': {
    seeds: () => MEMORIES.map((_, memory) => Uint8Array.of(memory)),
    structures: [corruptions],
    longest: 256,
    milliseconds: 500,
    run: (input) => {
      const bytes = MEMORIES[memoryOf(input, MEMORIES.length)]!;
      const handle = new SharedArrayBuffer(bytes.length);
      new Uint8Array(handle).set(bytes);
      const words = new Int32Array(handle);
      corrupt(words, input, 0);
      for (const lockFreeReads of [true, false]) {
        attempt(() => {
          const table = SharedHashTable.attach(handle, { timeoutMs: 0, lockFreeReads, hash: () => 3 });
          PARTS.forEach((part, stage) => {
            corrupt(words, input, lockFreeReads ? stage + 1 : stage + 8);
            for (let id = 0; id < KEYS + 5; id += 3) attempt(() => part(table, id));
          });
          for (const part of WHOLE) attempt(() => part(table));
          startAgain(table);
          table.detach();
        });
      }
    },
  },
};
