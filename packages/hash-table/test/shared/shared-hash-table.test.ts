import { inspect } from 'node:util';
import { expectSame, HANG_MS } from '@idspace/testkit';
import { CrewWorker, killsEndThreads } from '@idspace/testkit/crew';
import { describe, expect, test } from 'vitest';
import { SharedHashTable, SharedHashTableError } from '../../src/shared/index.ts';
import {
  bucketLocksAt,
  KEYS,
  KIND,
  LOCKING,
  LOCKS,
  MAGIC,
  MAGIC_NUMBER,
  POOL_LOCK,
  SEATS,
  WORDS,
} from '../../src/shared/layout.ts';
import type { Job, Outcome } from '../../stress/job.ts';
import LAYOUT from './layout-3.json' with { type: 'json' };
import type { RoomJob, RoomOutcome } from './room-worker.ts';

/** The lock of the first of two buckets, in a table that has one for each. */
const LOCK_OF_BUCKET_0 = bucketLocksAt(1);

const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof SharedHashTableError) return error.code;
    throw error;
  }
  return 'nothing';
};

const UINT_MAX = 2 ** 32 - 1;
const LOCKINGS = ['global', 'striped', 'bucket'] as const;
/** The words of one table, as layout version 3 has them. */
const LAYOUT_3: Record<(typeof LOCKINGS)[number], Record<string, number>> = LAYOUT;

describe('attach', () => {
  test('shows every object the same keys, counts and sizes', () => {
    const locked = { lockFreeReads: false };
    const mine = new SharedHashTable({ buckets: 8, locking: 'striped', hash: 'jhash2', capacity: 100, ...locked });
    const theirs = SharedHashTable.attach(mine.handle, locked);
    expect([mine.owner, theirs.owner]).toEqual([1, 2]);
    expect([theirs.buckets, theirs.locking, theirs.hash, theirs.capacity]).toEqual([8, 'striped', 'jhash2', 100]);
    expect([mine.insert(1, 2, 3, 4), theirs.insert(1, 2, 3, 5), theirs.find(1, 2, 3)]).toEqual([true, false, 4]);
    expect([theirs.remove(1, 2, 3), mine.find(1, 2, 3), mine.size, theirs.size]).toEqual([4, 0, 0, 0]);
    expect(mine.locks).toEqual({ acquired: 5, contended: 0 });
    expect(inspect(theirs)).toBe("SharedHashTable(0) { buckets: 8, hash: 'jhash2', locking: 'striped', owner: 2 }");
  });

  test.each([64, 100, 200, 1000])(
    'of %d entries, an owner that has removed its keys keeps none from the others',
    (capacity) => {
      const mine = new SharedHashTable({ buckets: 16, capacity });
      const theirs = SharedHashTable.attach(mine.handle);
      for (let round = 0; round < 3; round++) {
        for (let id = 0; id < capacity; id++) expectSame(mine.insert(1, 1, id, 1), true);
        expect(() => mine.insert(1, 1, capacity, 1)).toThrow(SharedHashTableError);
        for (let id = 0; id < capacity; id++) expectSame(mine.remove(1, 1, id), 1);
        for (let id = 0; id < capacity; id++) expectSame(theirs.insert(2, 2, id, 2), true);
        for (let id = 0; id < capacity; id++) expectSame(theirs.remove(2, 2, id), 2);
      }
    },
  );

  test('needs the function again if the hash is one', () => {
    const hash = (_lo: number, _hi: number, id: number): number => id;
    const mine = new SharedHashTable({ hash, capacity: 10 });
    mine.insert(0, 0, 5, 6);
    expect(() => SharedHashTable.attach(mine.handle)).toThrow(
      'hash: got undefined, expected the function that the table',
    );
    expect(SharedHashTable.attach(mine.handle, { hash }).find(0, 0, 5)).toBe(6);
    expect(() => SharedHashTable.attach(mine.handle, { hash: 5 as never })).toThrow('hash');
  });

  test('the size is right after more keys than an owner can count', () => {
    const mine = new SharedHashTable({ buckets: 2, capacity: 4 });
    const theirs = SharedHashTable.attach(mine.handle);
    const words = new Int32Array(mine.handle);
    // One has added 2³¹ − 1 keys, the other has removed them.
    words[SEATS + KEYS] = 2 ** 31 - 1;
    words[SEATS + 16 + KEYS] = -(2 ** 31 - 1);
    expect([mine.insert(0, 0, 1, 1), mine.insert(0, 0, 2, 2), mine.size]).toEqual([true, true, 2]);
    expect([theirs.remove(0, 0, 1), theirs.remove(0, 0, 2), theirs.size]).toEqual([1, 2, 0]);
  });

  test('refuses what is not a table, another version, another size', () => {
    const attach = (change: (words: Int32Array) => void): string => {
      const { handle } = new SharedHashTable({ capacity: 10 });
      change(new Int32Array(handle));
      return code(() => SharedHashTable.attach(handle));
    };
    expect(attach(() => {})).toBe('nothing');
    expect(attach((words) => words.fill(0, MAGIC, 1))).toBe('bad-handle');
    expect(attach((words) => words.fill(MAGIC_NUMBER + 1, MAGIC, 1))).toBe('bad-version');
    expect(attach((words) => words.fill(words[WORDS] + 5, WORDS, WORDS + 1))).toBe('bad-size');
    expect(attach((words) => words.fill(-1, WORDS, WORDS + 16))).toBe('bad-size');
    for (const word of [KIND, LOCKING]) expect(attach((words) => words.fill(4, word, word + 1))).toBe('bad-size');
    expect(attach((words) => words.fill(0x5348_5402, MAGIC, 1))).toBe('bad-version');
    const longer = new SharedArrayBuffer(new SharedHashTable({ capacity: 10 }).byteLength + 4);
    new Int32Array(longer).set(new Int32Array(new SharedHashTable({ capacity: 10 }).handle));
    expect(code(() => SharedHashTable.attach(longer))).toBe('bad-size');
    for (const other of [undefined, null, 5, {}, new ArrayBuffer(100_000), new SharedArrayBuffer(3)]) {
      expect(
        code(() => SharedHashTable.attach(other as SharedArrayBuffer)),
        inspect(other),
      ).toBe('bad-handle');
    }
  });

  test('gives 64 threads a seat, the one asked for if it is free', () => {
    const { handle } = new SharedHashTable({ capacity: 1 });
    expect(SharedHashTable.attach(handle, { owner: 64 }).owner).toBe(64);
    expect(code(() => SharedHashTable.attach(handle, { owner: 64 }))).toBe('no-free-owner');
    const rest = Array.from({ length: 62 }, () => SharedHashTable.attach(handle));
    expect(code(() => SharedHashTable.attach(handle))).toBe('no-free-owner');
    rest[4].detach();
    rest[4].detach();
    expect(SharedHashTable.attach(handle).owner).toBe(rest[4].owner);
  });
});

describe('capacity', () => {
  test.each(['global', 'striped', 'bucket'] as const)(
    '%s: exactly as many keys as said, from several threads',
    (locking) => {
      for (const capacity of [1, 31, 32, 33, 500]) {
        const tables = [new SharedHashTable({ buckets: 16, capacity, locking })];
        for (let i = 0; i < 4; i++) tables.push(SharedHashTable.attach(tables[0].handle));
        for (let lap = 0; lap < 3; lap++) {
          for (let id = 0; id < capacity; id++) expectSame(tables[(id * 7 + lap) % 5].insert(0, 0, id, 1), true);
          expectSame([tables[0].size, code(() => tables[1].insert(0, 0, capacity, 1))], [capacity, 'full']);
          // What is there needs no room.
          expectSame(tables[2].insert(0, 0, 0, 2), false);
          for (let id = 0; id < capacity; id++) expectSame(tables[(id * 3 + lap) % 5].remove(0, 0, id), 1);
          if (lap === 1) tables[3].clear();
        }
      }
    },
  );

  test.each(['global', 'striped', 'bucket'] as const)(
    '%s: threads that need all of it find the last free entries among those of others',
    async (locking) => {
      const [workers, keys] = [4, 5];
      const table = new SharedHashTable({ buckets: 16, capacity: workers * keys, locking });
      const crew = Array.from(
        { length: workers },
        () => new CrewWorker<RoomJob, RoomOutcome>(new URL('./room-worker.ts', import.meta.url)),
      );
      const jobs = crew.map((worker, i) =>
        worker.run({ handle: table.handle, owner: i + 2, workers, keys, laps: 5000 }),
      );
      const ended = await Promise.all(jobs);
      await Promise.all(crew.map((worker) => worker.kill()));
      expect(ended).toEqual(jobs.map(() => ({ result: { refused: null } })));
      expect(table.size).toBe(0);
    },
  );

  test('insertNew takes the last room, wherever it is, and says when there is none', () => {
    const [one, two] = [new SharedHashTable({ buckets: 2, capacity: 40 })].flatMap((table) => [
      table,
      SharedHashTable.attach(table.handle),
    ]);
    for (let id = 0; id < 40; id++) (id % 2 === 0 ? one : two).insertNew(0, 0, id, id + 1);
    expect([code(() => one.insertNew(0, 0, 40, 1)), code(() => two.insertNew(0, 0, 0, 1)), one.size]).toEqual([
      'full',
      'full',
      40,
    ]);
    one.remove(0, 0, 7);
    two.insertNew(0, 0, 41, 1);
    expect(code(() => one.insertNew(0, 0, 42, 1))).toBe('full');
  });

  test('has as many buckets by default as its keys need', () => {
    const buckets = (capacity: number): number => new SharedHashTable({ capacity }).buckets;
    expect([1, 2, 3, 100, 512, 513, 2 ** 16, 2 ** 16 + 1].map(buckets)).toEqual([
      1,
      2,
      4,
      128,
      512,
      1024,
      2 ** 16,
      2 ** 17,
    ]);
    const table = new SharedHashTable();
    expect([table.capacity, table.buckets]).toEqual([2 ** 20, 2 ** 20]);
    expect(new SharedHashTable({ buckets: undefined as unknown as number, capacity: 9 }).buckets).toBe(16);
    // Dense IDs of a few owners, as processes have them: chains as short as in a table made for it.
    for (let id = 0; id < 2 ** 15; id++)
      for (let owner = 0; owner < 8; owner++) table.insertNew(owner * 1152, 0, id, 1);
    expect([table.size, table.chainStats().max < 16]).toEqual([2 ** 18, true]);
  });

  test('more buckets than locks: those that share one do not wait for themselves', () => {
    const table = new SharedHashTable({ buckets: 2 ** 14, capacity: 20_000 });
    for (let id = 0; id < 20_000; id++) expectSame(table.insert(1, 0, id, id + 1), true);
    const other = SharedHashTable.attach(table.handle);
    for (let id = 0; id < 20_000; id++) if (other.remove(1, 0, id) !== id + 1) throw new Error(`ID ${id} is lost`);
    expect([table.size, table.bury(other.owner), table.locks.contended]).toEqual([0, true, 0]);
  });

  test('a thousand million bytes are reserved, and not taken until used', () => {
    const before = process.memoryUsage().rss;
    const table = new SharedHashTable({ capacity: 2 ** 25 });
    expect(table.byteLength).toBeGreaterThan(20 * 2 ** 25);
    table.insert(0, 0, 1, 1);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

describe('death', () => {
  /** A worker that was killed while it changed the table without end. */
  async function killed(table: SharedHashTable, owner: number): Promise<void> {
    const worker = new CrewWorker<Job, Outcome>(new URL('../../stress/worker.ts', import.meta.url));
    const log = new Int32Array(new SharedArrayBuffer(8 + 28 * 1e6));
    void worker.run({
      handle: table.handle,
      owner,
      lockFreeReads: true,
      log,
      clock: log,
      calls: 1e6,
      keys: 9,
      seed: 1,
    });
    while (Atomics.load(log, 0) < 1000) await new Promise((resolve) => setTimeout(resolve, 1));
    await worker.kill();
  }

  test('bury gives the seat back and counts what is there', async ({ skip }) => {
    if (!(await killsEndThreads())) skip();
    const table = new SharedHashTable({ buckets: 2, capacity: 40 });
    await killed(table, 7);
    expect(code(() => SharedHashTable.attach(table.handle, { owner: 7 }))).toBe('no-free-owner');
    expect([table.bury(7), table.bury(7)]).toEqual([true, false]);
    let keys = 0;
    table.forEach(() => {
      keys++;
    });
    expect(table.size).toBe(keys);
    expect(SharedHashTable.attach(table.handle, { owner: 7 }).owner).toBe(7);
    for (let id = 100; keys < 40; id++) keys += Number(table.insert(0, 0, id, 1));
    expect(code(() => table.insert(0, 0, 99, 1))).toBe('full');
  });

  test('a thread that waits for a dead one gives up with an error that names it, until it is buried', () => {
    const table = new SharedHashTable({ locking: 'global', capacity: 100, timeoutMs: 5 });
    const words = new Int32Array(table.handle);
    SharedHashTable.attach(table.handle, { owner: 9 });
    table.insert(0, 0, 1, 1);
    words[LOCKS] = 9;
    expect(() => table.insert(0, 0, 2, 1)).toThrow('waited 5 ms for a lock held by owner 9');
    expect(code(() => table.remove(0, 0, 1))).toBe('lock-timeout');
    expect(code(() => table.find(0, 0, 1))).toBe('nothing');
    expect(table.size).toBe(1);
    words[POOL_LOCK] = 9;
    expect([table.bury(9), words[LOCKS], words[POOL_LOCK]]).toEqual([true, 0, 0]);
    expect([table.remove(0, 0, 1), table.locks.contended]).toEqual([1, 3]);
  });

  test('of two at a time: a thread that is told of them one after the other waits for neither', () => {
    const table = new SharedHashTable({ buckets: 2, capacity: 40, timeoutMs: 2 * HANG_MS });
    const words = new Int32Array(table.handle);
    for (const owner of [7, 8]) SharedHashTable.attach(table.handle, { owner }).insert(0, 0, owner, 1);
    for (const owner of [7, 8]) {
      // As after a death: it held a lock, and had not counted its key.
      words[LOCK_OF_BUCKET_0 + owner - 7] = owner;
      words[SEATS + 16 * (owner - 1) + KEYS]--;
    }
    expect(code(() => SharedHashTable.attach(table.handle, { owner: 7 }))).toBe('no-free-owner');
    const begin = performance.now();
    const again = (): unknown => SharedHashTable.attach(table.handle, { owner: 7, timeoutMs: 2 * HANG_MS });
    expect([table.bury(7), code(again)]).toEqual([true, 'no-free-owner']);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
    expect([table.bury(8), table.bury(8), table.bury(7), table.size]).toEqual([true, false, false, 2]);
    for (const owner of [7, 8]) expect(SharedHashTable.attach(table.handle, { owner }).owner).toBe(owner);
    for (let id = 100; id < 138; id++) table.insert(0, 0, id, 1);
    expect(code(() => table.insert(0, 0, 99, 1))).toBe('full');
  });

  test('no thread buries itself', () => {
    const table = new SharedHashTable({ capacity: 1 });
    expect(() => table.bury(1)).toThrow('owner: got 1, expected another than this thread');
    expect(() => table.bury(65)).toThrow(RangeError);
  });
});

test('refuses misuse, naming it', () => {
  for (const capacity of [0, -1, 1.5, 2 ** 26 + 1]) {
    expect(() => new SharedHashTable({ capacity })).toThrow(
      `capacity: got ${capacity}, expected an integer 1…67108864`,
    );
  }
  expect(() => new SharedHashTable({ locking: 'none' as 'global' })).toThrow(
    "expected 'global', 'striped' or 'bucket'",
  );
  expect(() => new SharedHashTable({ buckets: 3 })).toThrow('buckets: got 3');
  expect(() => new SharedHashTable({ timeoutMs: -1 })).toThrow('timeoutMs: got -1');
  const table = new SharedHashTable({ capacity: 5 });
  expect(() => table.bury(0)).toThrow('owner: got 0, expected an integer 1…64');
});

describe('console.log', () => {
  test('takes no lock, waits for nothing and does not throw, whatever became of the table', () => {
    const table = new SharedHashTable({ buckets: 2, capacity: 4, lockFreeReads: false });
    table.insert(0, 0, 1, 1);
    const words = new Int32Array(table.handle);
    const locks = words.subarray(LOCK_OF_BUCKET_0, LOCK_OF_BUCKET_0 + 2).fill(9);
    words[POOL_LOCK] = 9;
    const before = words.slice();
    expect(inspect({ table })).toContain(
      "SharedHashTable(1) { buckets: 2, hash: 'hash32', locking: 'bucket', owner: 1 }",
    );
    expect(words).toEqual(before);
    locks.fill(0);
    table.detach();
    expect(inspect([table])).toContain('SharedHashTable(1)');
    // A thread that adds counts later than the one that removes.
    words[SEATS + KEYS] = -1;
    expect(inspect(table)).toContain('SharedHashTable(0)');
  });

  test.each([false, true])(
    'a detached object answers alike on all machines (lock-free reads: %s): nothing but its properties',
    (lockFreeReads) => {
      const table = new SharedHashTable({ buckets: 2, capacity: 4 });
      table.insert(0, 0, 7, 70);
      const left = SharedHashTable.attach(table.handle, { lockFreeReads });
      left.find(0, 0, 7);
      left.detach();
      left.detach();
      const after = new Uint8Array(table.handle).slice();
      const calls: ((table: SharedHashTable) => unknown)[] = [
        (table) => table.find(0, 0, 7),
        (table) => table.find(0, 0, 8),
        (table) => table.insert(0, 0, 7, 1),
        (table) => table.insert(0, 0, 8, 1),
        (table) => table.insertNew(0, 0, 8, 1),
        (table) => table.replace(0, 0, 7, 1),
        (table) => table.replace(0, 0, 8, 1),
        (table) => table.compareExchange(0, 0, 7, 70, 1),
        (table) => table.compareExchange(0, 0, 8, 70, 1),
        (table) => table.remove(0, 0, 7),
        (table) => table.remove(0, 0, 8),
        (table) => table.retain(() => false),
        (table) => table.forEach(() => {}),
        (table) => table.snapshot(),
        (table) => table.chainLengths(),
        (table) => table.chainStats(),
        (table) => table.clear(),
        (table) => table.bury(9),
        (table) => table.bury(left.owner),
      ];
      expect(calls.map((call) => code(() => call(left)))).toEqual(calls.map(() => 'detached'));
      expect(new Uint8Array(table.handle)).toEqual(after);
      expect([left.size, left.byteLength, left.owner]).toEqual([1, table.byteLength, 2]);
    },
  );

  test('attach makes an object of the class that it is called on', () => {
    class Timers extends SharedHashTable {}
    const { handle } = new Timers({ capacity: 4 });
    const attached = Timers.attach(handle);
    expect([attached instanceof Timers, inspect(attached).startsWith('Timers(0) {')]).toEqual([true, true]);
    const { attach } = SharedHashTable;
    expect(attach.call(undefined, handle)).toBeInstanceOf(SharedHashTable);
    class Narrow extends SharedHashTable {
      constructor() {
        super({ capacity: 4 });
      }
    }
    expect(() => Narrow.attach(handle)).toThrow('the constructor of the subclass must hand on all its arguments');
  });
});

describe('the layout', () => {
  /** A table's words that are not 0, by their place. */
  const wordsOf = (table: SharedHashTable): Record<string, number> => {
    const words = new Int32Array(table.handle);
    return Object.fromEntries([...words.keys()].filter((at) => words[at] !== 0).map((at) => [at, words[at]]));
  };

  test.each(LOCKINGS)('%s: lies in memory as the version says; a change takes another version', (locking) => {
    const table = new SharedHashTable({ buckets: 4, capacity: 5, locking, seed: 2 ** 40 + 3 });
    SharedHashTable.attach(table.handle, { owner: 64 }).insert(-1, 0xffff_8881, 7, 42);
    for (let id = 0; id < 3; id++) table.insert(0x00ea_9a00, 0xffff_8881, id, id + 100);
    table.remove(0x00ea_9a00, 0xffff_8881, 1);
    expect(wordsOf(table)).toEqual(LAYOUT_3[locking]);
  });

  test.each(LOCKINGS)('%s: is read again from its bytes', (locking) => {
    const words = Object.entries(LAYOUT_3[locking]).map(([at, word]) => [Number(at), word] as const);
    const memory = new SharedArrayBuffer(4 * words.find(([at]) => at === WORDS)![1]);
    for (const [at, word] of words) new Int32Array(memory)[at] = word;
    const table = SharedHashTable.attach(memory);
    expect([table.owner, table.size, table.hash, table.locking]).toEqual([2, 3, 'halfsiphash', locking]);
    expect([table.find(UINT_MAX, 0xffff_8881, 7), table.remove(0x00ea_9a00, 0xffff_8881, 2)]).toEqual([42, 102]);
    expect([table.insert(0, 0, 1, 1), table.insert(0, 0, 2, 1), table.bury(64), table.size]).toEqual([
      true,
      true,
      true,
      4,
    ]);
    expect([table.insert(0, 0, 3, 1), code(() => table.insert(0, 0, 4, 1))]).toEqual([true, 'full']);
  });
});

test.each(['global', 'striped', 'bucket'] as const)(
  'clear leaves no key, and room for as many others, %s',
  (locking) => {
    const table = new SharedHashTable({ buckets: 4, capacity: 100, locking });
    for (let lap = 0; lap < 3; lap++) {
      const keys = Array.from({ length: 100 }, (_, i) => lap * 100 + i);
      for (const id of keys) expect(table.insert(0, 7, id, id + 1)).toBe(true);
      table.clear();
      expect([table.size, keys.filter((id) => table.find(0, 7, id) !== 0)]).toEqual([0, []]);
    }
  },
);
