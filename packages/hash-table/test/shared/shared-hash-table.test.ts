import { inspect } from 'node:util';
import { CrewWorker } from '@idspace/testkit/crew';
import { describe, expect, test } from 'vitest';
import { SharedHashTable, SharedTableError } from '../../src/shared/index.ts';
import { LOCKS, MAGIC, MAGIC_NUMBER, POOL_LOCK, WORDS } from '../../src/shared/layout.ts';
import type { Job, Outcome } from '../../stress/job.ts';
import type { RoomJob, RoomOutcome } from './room-worker.ts';

const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof SharedTableError) return error.code;
    throw error;
  }
  return 'nothing';
};

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

  test('needs the function again if the hash is one', () => {
    const hash = (_lo: number, _hi: number, id: number): number => id;
    const mine = new SharedHashTable({ hash, capacity: 10 });
    mine.insert(0, 0, 5, 6);
    expect(() => SharedHashTable.attach(mine.handle)).toThrow(
      'hash is undefined, expected the function that the table',
    );
    expect(SharedHashTable.attach(mine.handle, { hash }).find(0, 0, 5)).toBe(6);
  });

  test('refuses what is no table, another version, another size', () => {
    const attach = (change: (words: Int32Array) => void): string => {
      const { handle } = new SharedHashTable({ capacity: 10 });
      change(new Int32Array(handle));
      return code(() => SharedHashTable.attach(handle));
    };
    expect(attach(() => {})).toBe('nothing');
    expect(attach((words) => words.fill(0, MAGIC, 1))).toBe('HANDLE');
    expect(attach((words) => words.fill(MAGIC_NUMBER + 1, MAGIC, 1))).toBe('VERSION');
    expect(attach((words) => words.fill(words[WORDS] + 5, WORDS, WORDS + 1))).toBe('SIZE');
    expect(attach((words) => words.fill(-1, WORDS, WORDS + 16))).toBe('SIZE');
    const longer = new SharedArrayBuffer(new SharedHashTable({ capacity: 10 }).byteLength + 4);
    new Int32Array(longer).set(new Int32Array(new SharedHashTable({ capacity: 10 }).handle));
    expect(code(() => SharedHashTable.attach(longer))).toBe('SIZE');
    for (const other of [undefined, null, 5, {}, new ArrayBuffer(100_000), new SharedArrayBuffer(3)]) {
      expect(
        code(() => SharedHashTable.attach(other as SharedArrayBuffer)),
        inspect(other),
      ).toBe('HANDLE');
    }
  });

  test('gives 64 threads a seat, the one asked for if it is free', () => {
    const { handle } = new SharedHashTable({ capacity: 1 });
    expect(SharedHashTable.attach(handle, { owner: 64 }).owner).toBe(64);
    expect(code(() => SharedHashTable.attach(handle, { owner: 64 }))).toBe('OWNERS');
    const rest = Array.from({ length: 62 }, () => SharedHashTable.attach(handle));
    expect(code(() => SharedHashTable.attach(handle))).toBe('OWNERS');
    rest[4].detach();
    rest[4].detach();
    expect(SharedHashTable.attach(handle).owner).toBe(rest[4].owner);
    expect([code(() => rest[4].insert(0, 0, 0, 1)), rest[4].find(0, 0, 0)]).toEqual(['DETACHED', 0]);
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
          for (let id = 0; id < capacity; id++) expect(tables[(id * 7 + lap) % 5].insert(0, 0, id, 1)).toBe(true);
          expect([tables[0].size, code(() => tables[1].insert(0, 0, capacity, 1))]).toEqual([capacity, 'FULL']);
          // What is there needs no room.
          expect(tables[2].insert(0, 0, 0, 2)).toBe(false);
          for (let id = 0; id < capacity; id++) expect(tables[(id * 3 + lap) % 5].remove(0, 0, id)).toBe(1);
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

  test('bury gives the seat back and counts what is there', async () => {
    const table = new SharedHashTable({ buckets: 2, capacity: 40 });
    await killed(table, 7);
    expect(code(() => SharedHashTable.attach(table.handle, { owner: 7 }))).toBe('OWNERS');
    expect([table.bury(7), table.bury(7)]).toEqual([true, false]);
    let keys = 0;
    table.forEach(() => {
      keys++;
    });
    expect(table.size).toBe(keys);
    expect(SharedHashTable.attach(table.handle, { owner: 7 }).owner).toBe(7);
    for (let id = 100; keys < 40; id++) keys += Number(table.insert(0, 0, id, 1));
    expect(code(() => table.insert(0, 0, 99, 1))).toBe('FULL');
  });

  test('whoever waits for the dead gives up with an error that names it, until it is buried', () => {
    const table = new SharedHashTable({ locking: 'global', capacity: 100, patienceMs: 5 });
    const words = new Int32Array(table.handle);
    SharedHashTable.attach(table.handle, { owner: 9 });
    table.insert(0, 0, 1, 1);
    words[LOCKS] = 9;
    expect(() => table.insert(0, 0, 2, 1)).toThrow('waited 5 ms for a lock held by owner 9');
    expect(code(() => table.remove(0, 0, 1))).toBe('LOCK_TIMEOUT');
    expect([table.find(0, 0, 1), table.size]).toEqual([1, 1]);
    words[POOL_LOCK] = 9;
    expect([table.bury(9), words[LOCKS], words[POOL_LOCK]]).toEqual([true, 0, 0]);
    expect([table.remove(0, 0, 1), table.locks.contended]).toEqual([1, 3]);
  });

  test('no thread buries itself', () => {
    const table = new SharedHashTable({ capacity: 1 });
    expect(() => table.bury(1)).toThrow('owner is 1, expected another than this thread');
    expect(() => table.bury(65)).toThrow(RangeError);
  });
});

test('refuses misuse, naming it', () => {
  for (const capacity of [0, -1, 1.5, 2 ** 26 + 1]) {
    expect(() => new SharedHashTable({ capacity })).toThrow(`capacity is ${capacity}, expected an integer 1…2²⁶`);
  }
  expect(() => new SharedHashTable({ locking: 'none' as 'global' })).toThrow(
    "expected 'global', 'striped' or 'bucket'",
  );
  expect(() => new SharedHashTable({ buckets: 3 })).toThrow('buckets is 3');
  expect(() => new SharedHashTable({ patienceMs: -1 })).toThrow('patienceMs is -1');
  const table = new SharedHashTable({ capacity: 5 });
  expect(() => table.find(-1, 0, 0)).toThrow('ownerLo is -1');
  expect(() => table.insert(0, 0, 0, 0)).toThrow('handle is 0, expected an integer 1…2147483647');
  expect(() => table.remove(0, 2 ** 32, 0)).toThrow('ownerHi is 4294967296');
});
