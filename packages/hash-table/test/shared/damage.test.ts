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
  'unused entries before the first': (words) => {
    words[SEATS + FREE_HEAD] = 0;
    words[UNUSED] = place(-2);
  },
  'unused entries behind the last': (words) => {
    words[SEATS + FREE_HEAD] = 0;
    words[UNUSED] = place(102);
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

test('an entry is given out nowhere but among the entries', () => {
  const table = new SharedHashTable({ buckets: 1 << BITS, capacity: 100, timeoutMs: 0, locking: 'bucket' });
  const words = new Int32Array(table.handle);
  words[UNUSED] = place(-2);
  const heads = (): number[] => Array.from({ length: 1 << BITS }, (_, bucket) => words[head(bucket)]! || FIRST);
  for (let id = 0; id < 100; id++) {
    table.insert(1, 2, id, id + 1);
    expect(Math.min(...heads())).toBeGreaterThanOrEqual(FIRST);
  }
  expect([table.size, table.find(1, 2, 99)]).toEqual([100, 100]);
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

describe.each([true, false])('reads without a lock: %s', (lockFreeReads) => {
  const options = { buckets: 4, capacity: 6, lockFreeReads } as const;
  // Of owner 4, 8 the bucket is the ID modulo 4.
  const hash = (lo: number, hi: number, id: number): number => lo ^ hi ^ id;

  test('chains that lead into each other end a visit', () => {
    const table = new SharedHashTable({ ...options, hash });
    for (let id = 0; id < 6; id++) table.insert(4, 8, id, id + 1);
    const words = new Int32Array(table.handle);
    // Two keys in buckets 0 and 1 each, one in 2 and 3: the third chain is now the first one, and so is the fourth.
    words[head(2)] = words[head(0)]!;
    words[head(3)] = words[head(0)]!;
    expect(() => table.forEach(() => {})).toThrow('with keys of another one, expected a sound table');
  });

  test('more keys than there is room for are met where they come while they are visited', () => {
    const table = new SharedHashTable({ ...options, hash });
    for (let id = 0; id < 6; id++) table.insert(4, 8, id, id + 1);
    const met: number[] = [];
    table.forEach((_, __, id) => {
      met.push(id);
      // The key that was just met goes on to the last bucket.
      if (id < 3) expect([table.remove(4, 8, id), table.insert(4, 8, 7 + 4 * id, 9)]).toEqual([id + 1, true]);
    });
    expect(met.length).toBe(9);
    expect(met.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 15]);
  });

  test('a chain of all keys there is room for is sound', () => {
    const table = new SharedHashTable({ buckets: 1, capacity: 6, lockFreeReads });
    for (let id = 0; id < 6; id++) table.insert(4, 8, id, id + 1);
    expect([table.remove(4, 8, 9), table.find(4, 8, 9), table.replace(4, 8, 9, 1)]).toEqual([0, 0, 0]);
    expect([table.insert(4, 8, 5, 1), table.size, table.find(4, 8, 5)]).toEqual([false, 6, 6]);
  });
});
