// Words that no call writes: every call ends, with an answer or the error damaged, and the next call finds a table again.
import { describe, expect, test } from 'vitest';
import { SharedHashTable, SharedHashTableError } from '../../src/shared/index.ts';
import {
  BUCKETS,
  ENTRY_WORDS,
  entriesAt,
  FREE_COUNT,
  FREE_HEAD,
  HEAD,
  NEXT,
  POOL,
  POOL_LOCK,
  SEATS,
  UNUSED,
} from '../../src/shared/layout.ts';

const BITS = 3;
const BUCKET_LOCKING = 2;
const KEYS = 40;
const FIRST = entriesAt(BITS, BUCKET_LOCKING);
const place = (entry: number): number => FIRST + entry * ENTRY_WORDS;
const head = (bucket: number): number => BUCKETS + 2 * bucket + HEAD;

function answer<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof SharedHashTableError && ['damaged', 'full'].includes(error.code)) return undefined;
    throw error;
  }
}

function callAll(table: SharedHashTable): void {
  for (let id = 0; id < KEYS + 8; id++) {
    answer(() => table.find(1, 2, id));
    answer(() => table.replace(1, 2, id, 5));
    answer(() => table.insert(1, 2, id, 5));
    answer(() => table.remove(1, 2, id));
    answer(() => table.insertNew(1, 2, id + 1000, 6));
  }
  answer(() => table.forEach(() => {}));
  answer(() => table.chainStats());
  answer(() => table.retain((_, __, id) => id % 2 === 0));
}

const DAMAGES: Record<string, (words: Int32Array) => void> = {
  'an entry that leads to itself': (words) => {
    for (let entry = 0; entry < KEYS; entry++) words[place(entry) + NEXT] = place(entry);
  },
  'a chain that leads back': (words) => {
    words[place(KEYS - 1) + NEXT] = place(0);
    words[place(0) + NEXT] = place(KEYS - 1);
    words.fill(0, BUCKETS, BUCKETS + 16);
    for (let bucket = 0; bucket < 8; bucket++) words[head(bucket)] = place(0);
  },
  'one chain for all buckets': (words) => {
    for (let entry = 0; entry < KEYS; entry++) words[place(entry) + NEXT] = entry === 0 ? 0 : place(entry - 1);
    for (let bucket = 0; bucket < 8; bucket++) words[head(bucket)] = place(KEYS - 1);
  },
  'heads that lead out of the memory': (words) => {
    words[head(1)] = 2 ** 30;
    words[head(2)] = -7;
    words[head(3)] = words.length - 1;
  },
  'free entries in a circle': (words) => {
    words[SEATS + FREE_HEAD] = place(KEYS + 1);
    words[place(KEYS + 1) + NEXT] = place(KEYS + 1);
  },
  'free entries that are none': (words) => {
    words[SEATS + FREE_HEAD] = 3;
    words[POOL] = -4;
  },
  'a longer free list than there is': (words) => {
    words[SEATS + FREE_COUNT] = 2 ** 30;
  },
  'unused entries that are none': (words) => {
    words[SEATS + FREE_HEAD] = 0;
    words[UNUSED] = 3;
  },
  'a lock that no thread can hold': (words) => {
    words[POOL_LOCK] = 2 ** 30;
    words[SEATS + FREE_HEAD] = 0;
  },
};

describe.each(Object.entries(DAMAGES))('%s', (_, damage) => {
  test.each([true, false])('reads without a lock: %s', (lockFreeReads) => {
    const table = new SharedHashTable({ buckets: 1 << BITS, capacity: 100, timeoutMs: 0, lockFreeReads });
    for (let id = 0; id < KEYS; id++) table.insert(1, 2, id, id + 1);
    damage(new Int32Array(table.handle));
    callAll(table);
    table.clear();
    for (let id = 0; id < KEYS; id++) table.insert(1, 2, id, id + 1);
    expect(Array.from({ length: KEYS }, (_, id) => table.find(1, 2, id))).toEqual(
      Array.from({ length: KEYS }, (_, id) => id + 1),
    );
    expect(table.size).toBe(KEYS);
  });
});

test('damaged says where, and the next call goes on with what is left', () => {
  const table = new SharedHashTable({ buckets: 1, capacity: 8, locking: 'global' });
  for (let id = 0; id < 4; id++) table.insert(1, 2, id, id + 1);
  const words = new Int32Array(table.handle);
  words[entriesAt(0, 0) + NEXT] = words[BUCKETS + HEAD]!;
  expect(() => table.find(1, 2, 9)).toThrow(
    'SharedHashTable: memory: got a chain of bucket 0 without an end, or with keys of another one, expected a sound table',
  );
  expect([0, 1, 2, 3, 9].map((id) => table.find(1, 2, id))).toEqual([1, 2, 3, 4, 0]);
});
