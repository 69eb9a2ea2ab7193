// What becomes of a table in calls that look at fields.
import { testLines, testRefusedCopies } from '@idspace/testkit/copies-tests';
import { HashTable } from '../src/index.ts';
import { SharedHashTable } from '../src/shared/index.ts';

const shared = (): SharedHashTable => new SharedHashTable({ capacity: 9 });

testRefusedCopies(
  { HashTable: () => new HashTable(), SharedHashTable: shared },
  '@idspace/hash-table: send its snapshot or handle',
);

testLines({
  "HashTable(0) { buckets: 512, hash: 'hash32', locking: 'global' }": () => new HashTable(),
  "SharedHashTable(0) { buckets: 16, hash: 'hash32', locking: 'bucket', owner: 1 }": shared,
});
