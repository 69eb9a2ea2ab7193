// Snapshots of tables, their checksums made right, read as a table of one thread and as a shared one.
import { deepStrictEqual } from 'node:assert';
import { type FuzzTargets, finished, words } from '@idspace/testkit/fuzz';
import { seal } from '../src/checksum.ts';
import { HashTable, HashTableError } from '../src/index.ts';
import { SharedHashTable } from '../src/shared/index.ts';

const AT_CHECKSUM = 14; // word
const BLOCK_BYTES = 64;

function repair(bytes: Uint8Array): void {
  if (bytes.length >= BLOCK_BYTES && bytes.length % BLOCK_BYTES === 0)
    seal(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), AT_CHECKSUM);
}

function tables(): HashTable[] {
  const options = [
    { buckets: 8 },
    { buckets: 4, hash: 'jhash2' },
    { buckets: 4, hash: 'halfSipHash' },
    { buckets: 2, locking: 'bucket' },
  ];
  return options.flatMap((one) => {
    try {
      const table = new HashTable(one as never);
      for (let id = 0; id < 12; id++) table.insert(id & 3, 7, id * 5, id + 1);
      table.remove(1, 7, 5);
      return [table];
    } catch {
      return [];
    }
  });
}

function entriesOf(table: { forEach(fn: (...entry: number[]) => void): void }): string[] {
  const entries: string[] = [];
  table.forEach((...entry) => {
    entries.push(entry.slice(0, 4).join(' '));
  });
  return entries.sort();
}

export const TARGETS: FuzzTargets = {
  table: {
    seeds: () => tables().map((table) => table.snapshot()),
    structures: [finished(words, repair)],
    longest: 2 ** 15,
    run: (input) => {
      let table: HashTable;
      try {
        table = HashTable.from(input);
      } catch (error) {
        if (error instanceof HashTableError || (error instanceof RangeError && /hash/.test(error.message))) return;
        throw error;
      }
      const bytes = table.snapshot();
      deepStrictEqual(HashTable.from(bytes).snapshot(), bytes, 'a copy has another snapshot');
      const entries = entriesOf(table);
      deepStrictEqual(entries.length, table.size);
      if (table.buckets <= 4096) {
        const shared = SharedHashTable.from(input, { capacity: 256 });
        deepStrictEqual(entriesOf(shared), entries, 'a shared table has other entries');
        shared.detach();
      }
      for (let id = 100; id < 110; id++) table.insert(1, 2, id, 3);
      for (let id = 100; id < 110; id++) deepStrictEqual(table.remove(1, 2, id), 3);
      deepStrictEqual(entriesOf(table), entries);
    },
  },
};
