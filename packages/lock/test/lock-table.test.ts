// The lock table: one lock per key, whatever the number of keys; the same outcomes as of a mutex.
import { inspect } from 'node:util';
import { budget, HANG_MS, random } from '@idspace/testkit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LockTable, Roster } from '../src/index.ts';

const U32_MAX = 2 ** 32 - 1;
const INT_MAX = 2 ** 31 - 1;
const [GUARD, HAND] = [0, 4];
const wordsOf = (slots: number, more = 0): Int32Array =>
  new Int32Array(new SharedArrayBuffer((LockTable.wordsFor(slots) + more) * 4));
/** Calls, and says how long that took, milliseconds. */
const timed = <T>(call: () => T): [T, number] => {
  const begin = performance.now();
  return [call(), performance.now() - begin];
};

describe('LockTable', () => {
  test('has a lock for each key, and takes its own words only', () => {
    const words = wordsOf(8, 32);
    const [mine, theirs] = [1, 2].map((thread) => new LockTable(words, 16, 8, thread));
    const keys: [number, number, number][] = [
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
      [U32_MAX, U32_MAX, INT_MAX],
    ];
    for (const key of keys)
      expect([mine.holder(...key), mine.lock(...key), theirs.holder(...key)]).toEqual([0, true, 1]);
    for (const key of keys)
      expect([theirs.tryLock(...key), theirs.lock(...key, 0), mine.tryLock(...key)]).toEqual([false, false, false]);
    for (const key of keys) mine.unlock(...key);
    for (const key of keys)
      expect([theirs.lock(...key), theirs.unlock(...key), mine.holder(...key)]).toEqual([true, undefined, 0]);
    expect([...words.subarray(0, 16), ...words.subarray(16 + LockTable.wordsFor(8))]).toEqual(Array(32).fill(0));
  });

  test('serves more keys than it has slots, one after another, and as many as it has at the same time', () => {
    const table = new LockTable(wordsOf(4), 0, 4, 1);
    for (let id = 0; id < 1_000; id++) {
      expect(table.lock(7, 0, id)).toBe(true);
      table.unlock(7, 0, id);
    }
    for (let id = 0; id < 4; id++) expect(table.lock(7, 0, id)).toBe(true);
    expect(() => table.lock(7, 0, 4)).toThrow(
      'LockTable.lock: slots: got all 4 held, expected fewer keys locked at the same time',
    );
    expect(table.tryLock(7, 0, 3)).toBe(false);
    table.unlock(7, 0, 2);
    expect([table.lock(7, 0, 4), [0, 1, 2, 3, 4].map((id) => table.holder(7, 0, id))]).toEqual([true, [1, 1, 0, 1, 1]]);
  });

  test.each([1, 2, 7, 64])('against a Map: %i slots', (slots) => {
    const rng = random(12);
    const words = wordsOf(slots);
    const tables = [1, 2, 3].map((thread) => new LockTable(words, 0, slots, thread));
    const held = new Map<number, number>();
    for (let call = 0; call < budget(20_000); call++) {
      const id = rng.below(slots * 2);
      const thread = rng.between(1, 3);
      const table = tables[thread - 1];
      const where = `seed ${rng.seed}, call ${call}`;
      if (rng.chance(0.5)) {
        const isFull = held.size === slots && !held.has(id);
        if (isFull) expect(() => table.tryLock(5, U32_MAX, id), where).toThrow(/slots: got all \d+ held/);
        else expect(table.tryLock(5, U32_MAX, id), where).toBe(!held.has(id));
        if (!isFull && !held.has(id)) held.set(id, thread);
      } else if (held.get(id) === thread) {
        table.unlock(5, U32_MAX, id);
        held.delete(id);
      } else expect(() => table.unlock(5, U32_MAX, id), where).toThrow(/expected one that thread \d holds$/);
      if (call % 100 === 0) {
        for (let key = 0; key < slots * 2; key++) {
          expect(table.holder(5, U32_MAX, key), where).toBe(held.get(key) ?? 0);
        }
      }
    }
  });

  test('refuses an unlock by who does not hold it, and to wait for itself', () => {
    const words = wordsOf(4);
    const [mine, theirs] = [1, 2].map((thread) => new LockTable(words, 0, 4, thread));
    expect(() => mine.unlock(1, 2, 3)).toThrow(
      'LockTable.unlock: key: got (1, 2, 3), expected one that thread 1 holds',
    );
    mine.lock(1, 2, 3);
    expect(() => theirs.unlock(1, 2, 3)).toThrow(RangeError);
    expect(() => mine.lock(1, 2, 3)).toThrow('which holds the lock, expected one that does not');
    // Another handle of the same thread is the same thread.
    expect(() => new LockTable(words, 0, 4, 1).lock(1, 2, 3)).toThrow(
      'which holds the lock, expected one that does not',
    );
    expect([mine.holder(1, 2, 3), mine.unlock(1, 2, 3), theirs.tryLock(1, 2, 3)]).toEqual([1, undefined, true]);
  });

  test('refuses misuse, naming it', () => {
    const words = wordsOf(4);
    expect(() => LockTable.wordsFor(0)).toThrow('slots: got 0, expected an integer 1…65536');
    expect(() => new LockTable(words, 0, 5, 1)).toThrow('words.length: got 48, expected at least 56 for 5 slots');
    expect(() => new LockTable(words, 1, 4, 1)).toThrow('index: got 1, expected an integer 0…0');
    expect(() => new LockTable(words, 0, 4, 0)).toThrow('owner: got 0');
    const table = new LockTable(words, 0, 4, 1);
    expect(() => table.lock(-1, 0, 0)).toThrow('ownerLo: got -1, expected an integer 0…4294967295');
    expect(() => table.lock(0, 0.5, 0)).toThrow('ownerHi: got 0.5');
    expect(() => table.tryLock(0, 0, 2 ** 31)).toThrow('id: got 2147483648, expected an integer 0…2147483647');
    table.lock(0, 0, 0);
    expect(() => new LockTable(words, 0, 4, 2).lock(0, 0, 0, -1)).toThrow('timeoutMs: got -1');
  });

  test.each(['tryLock', 'lock', 'unlock', 'holder'] as const)('%s takes nothing for a key that is none', (call) => {
    const table = new LockTable(wordsOf(4), 0, 4, 1);
    table.lock(0, 0, 0);
    for (const bad of [null, undefined, '', '0', [], false, true, Number.NaN, -1, 0.5, 2 ** 32]) {
      const key = bad as number;
      // An object is named without running code of its own.
      const got = typeof bad === 'string' ? `'${bad}'` : Array.isArray(bad) ? '[object Array]' : String(bad);
      expect(() => table[call](key, 0, 0), inspect(bad)).toThrow(`ownerLo: got ${got}, expected an integer`);
      expect(() => table[call](0, key, 0), inspect(bad)).toThrow(`ownerHi: got ${got}, expected an integer`);
      expect(() => table[call](0, 0, key), inspect(bad)).toThrow(`id: got ${got}, expected an integer`);
    }
    expect([table.holder(0, 0, 0), table.guardHolder]).toEqual([1, 0]);
  });

  test('refuses memory that is another table’s', () => {
    const words = wordsOf(4);
    new LockTable(words, 0, 3, 1);
    expect(() => new LockTable(words, 0, 4, 2)).toThrow(
      'words: got a table of slot count 3, expected one of slot count 4, or zeroed words',
    );
    words[2]++;
    expect(() => new LockTable(words, 0, 3, 2)).toThrow(
      'words: got a table of layout 1280573443, expected one of layout',
    );
  });

  test('shows itself in one line, whichever thread holds the guard', () => {
    const words = wordsOf(4);
    const table = new LockTable(words, 0, 4, 7);
    table.lock(0, 0, 1);
    words[GUARD] = 3;
    expect(inspect(table)).toBe('LockTable { slots: 4, held: 1, owner: 7 }');
  });

  test('gives back what it holds while another thread is at its key’s chain', () => {
    const words = wordsOf(8);
    const table = new LockTable(words, 0, 8, 1);
    for (let id = 0; id < 8; id++) table.lock(7, 0, id);
    // As the chains are for a moment, while a thread moves a slot: word 4 of a slot is its next one, word 6 the first of a chain.
    for (let slot = 16; slot < words.length; slot += 8) words[slot + 4] = words[slot + 6] = 0;
    for (let id = 0; id < 8; id++) table.unlock(7, 0, id);
    for (let slot = 16; slot < words.length; slot += 8) expect(words[slot]).toBe(0);
  });

  test('lies in memory as it always did', () => {
    const words = wordsOf(2);
    const table = new LockTable(words, 0, 2, 3);
    table.lock(0x1111, 0xffff_ffff, 5);
    table.lock(0x2222, 0, 6);
    table.unlock(0x1111, 0xffff_ffff, 5);
    // The sixth word of a slot tells apart the lives of a thread number: as it comes.
    const slot = (n: number): number[] => [...words.subarray(16 + 8 * n, 24 + 8 * n)].toSpliced(5, 1);
    expect([...words.subarray(0, 16)]).toEqual([0, 0, 0x4c54_0002, 4, 1, 2, ...Array(10).fill(0)]);
    // Slots 2, 4, … come first, then 1, 3, …: two share a cache line.
    expect([slot(1), slot(0)]).toEqual([
      [0, 0x1111, -1, ~5, 0, 1, 0],
      [3, 0x2222, 0, ~6, 2, 0, 0],
    ]);
  });
});

describe('a table that was full', () => {
  /** Slots that a lock of a new key looks at and steps over. */
  const reads = (words: Int32Array, table: LockTable, id: number): number => {
    const before = inTurn(words[HAND]);
    table.lock(0, 1, id);
    table.unlock(0, 1, id);
    return (inTurn(words[HAND]) - before + 512) % 512;
  };
  /** Even numbers are looked at first, then the odd ones. */
  const inTurn = (number: number): number => (number >> 1) + (number % 2 === 0 ? 0 : 257);

  test('finds a slot for a new key as soon as ever, and its chains are short again', () => {
    const words = wordsOf(512);
    const table = new LockTable(words, 0, 512, 1);
    for (let lap = 0; lap < 3; lap++) {
      for (let id = 0; id < 512; id++) table.lock(lap, 0, id);
      expect(() => table.lock(9, 9, 9)).toThrow('got all 512 held');
      for (let id = 0; id < 512; id++) table.unlock(lap, 0, id);
      for (let id = 0; id < 2_000; id++) expect(reads(words, table, id)).toBeLessThanOrEqual(1);
    }
    // Every slot is in one chain: that of its key.
    const [next, head] = [4, 6];
    const seen: number[] = [];
    const lengths = Array.from({ length: 512 }, (_, home) => {
      let length = 0;
      for (let n = words[16 + 8 * home + head]; n !== 0; n = words[16 + 8 * (n - 1) + next]) {
        seen.push(n);
        length++;
      }
      return length;
    });
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 512 }, (_, i) => i + 1));
    expect(Math.max(...lengths)).toBeLessThan(9);
  });
});

describe('death', () => {
  const tables = (slots: number, dead: Set<number>, threads = [1, 2, 3]): [LockTable[], Int32Array] => {
    const words = wordsOf(slots);
    const alive = (other: number): boolean => !dead.has(other);
    return [threads.map((thread) => new LockTable(words, 0, slots, thread, { alive })), words];
  };

  test('is inherited by the key it concerns, once', () => {
    const dead = new Set<number>();
    const [[first, second]] = tables(2, dead);
    first.lock(0, 0, 5);
    expect(second.lock(0, 0, 5, 1)).toBe(false);
    dead.add(1);
    // The slot of the dead stays its key's until a thread takes it over.
    expect([second.lock(0, 0, 6), second.unlock(0, 0, 6), second.lock(0, 0, 7), second.unlock(0, 0, 7)]).toEqual([
      true,
      undefined,
      true,
      undefined,
    ]);
    expect([second.lock(0, 0, 5), second.unlock(0, 0, 5), second.lock(0, 0, 5)]).toEqual([
      'owner-died',
      undefined,
      true,
    ]);
  });

  test('with the guard: calls come back in time until it is known, and go on after', () => {
    const dead = new Set<number>();
    const [[, second], words] = tables(4, dead);
    words[GUARD] = 1;
    const [tried, tryMs] = timed(() => second.tryLock(0, 0, 1));
    const [locked, lockMs] = timed(() => second.lock(0, 0, 1, 30));
    expect([tried, locked, second.guardHolder, second.holder(0, 0, 1)]).toEqual([false, false, 1, 0]);
    expect(tryMs).toBeLessThan(HANG_MS);
    expect(lockMs).toBeLessThan(HANG_MS);
    expect([second.lock(0, 0, 1, 0), inspect(second)]).toEqual([false, 'LockTable { slots: 4, held: 0, owner: 2 }']);
    dead.add(1);
    expect([second.tryLock(0, 0, 1), second.guardHolder]).toEqual([true, 0]);
  });

  test('with the guard, told by bury to tables without `alive`', () => {
    const words = wordsOf(4);
    const mine = new LockTable(words, 0, 4, 2);
    words[GUARD] = 1;
    expect([mine.tryLock(0, 0, 1), mine.bury(1), mine.guardHolder, mine.tryLock(0, 0, 1)]).toEqual([
      false,
      [],
      0,
      true,
    ]);
  });

  test('a lock that is held can be given back whichever thread has the guard', () => {
    const [[first, second], words] = tables(4, new Set());
    first.lock(0, 0, 1);
    words[GUARD] = 3;
    expect([first.unlock(0, 0, 1), first.holder(0, 0, 1), second.bury.length]).toEqual([undefined, 0, 1]);
  });

  test('of all who hold its slots: who finds the table full is told whom to bury, and goes on', () => {
    const dead = new Set<number>();
    const [[first, second, third]] = tables(4, dead);
    for (const id of [0, 1, 2]) first.lock(7, U32_MAX, id);
    second.lock(7, 0, 3);
    expect(() => third.lock(8, 0, 0)).toThrow(/slots: got all 4 held, expected fewer keys locked at the same time$/);
    dead.add(1).add(2);
    expect(() => third.lock(8, 0, 0)).toThrow(
      'slots: got all 4 held, expected fewer keys locked at the same time, or bury(1), bury(2)',
    );
    expect(third.bury(1).sort()).toEqual([0, 1, 2].map((id) => [7, U32_MAX, id]));
    expect([third.bury(1), third.bury(2)]).toEqual([[], [[7, 0, 3]]]);
    for (let id = 0; id < 4; id++) expect(third.tryLock(8, 0, id)).toBe(true);
  });

  test('after bury, the next taker of each key is told, once, while there are other slots', () => {
    const dead = new Set([1]);
    const [[first, second, third]] = tables(300, dead);
    for (let id = 0; id < 100; id++) first.lock(0, 0, id);
    expect(second.bury(1).length).toBe(100);
    // As many keys come and go as there are slots, twice.
    for (let id = 1_000; id < 1_600; id++) {
      third.lock(0, 0, id);
      third.unlock(0, 0, id);
    }
    for (let id = 0; id < 100; id++) {
      expect([second.holder(0, 0, id), second.lock(0, 0, id), third.holder(0, 0, id)]).toEqual([0, 'owner-died', 2]);
      second.unlock(0, 0, id);
      expect([third.lock(0, 0, id), third.unlock(0, 0, id)]).toEqual([true, undefined]);
    }
  });

  test('a table full of what the dead left serves new keys as soon as another', () => {
    const words = wordsOf(512);
    const [first, second] = [1, 2].map((thread) => new LockTable(words, 0, 512, thread));
    for (let id = 0; id < 512; id++) first.lock(0, 0, id);
    second.bury(1);
    const looks = vi.spyOn(Atomics, 'load');
    onTestFinished(() => looks.mockRestore());
    for (let id = 0; id < 2_000; id++) {
      expect(second.lock(1, 0, id)).toBe(true);
      second.unlock(1, 0, id);
    }
    expect(looks.mock.calls.length / 2_000).toBeLessThan(10);
  });

  test('a number that comes again is told of what it left behind, and nothing is given to two', () => {
    const words = wordsOf(8);
    const roster = new Roster(new Int32Array(new SharedArrayBuffer(64)), 0, 4);
    const alive = (owner: number): boolean | undefined => roster.alive(owner);
    const make = (): LockTable => new LockTable(words, 0, 8, roster.join(2), { alive });
    const earlier = make();
    earlier.lock(0, 0, 1);
    words[GUARD] = 2;
    roster.bury(2);
    roster.leave(2);
    const later = make();
    // As in another thread: the life of this one.
    (later as unknown as { life: number }).life++;
    expect(() => later.unlock(0, 0, 1)).toThrow(/expected one that thread \d holds$/);
    expect([later.tryLock(0, 0, 1), later.guardHolder]).toEqual(['owner-died', 0]);
    expect(() => later.lock(0, 0, 1)).toThrow('which holds the lock, expected one that does not');
    later.unlock(0, 0, 1);
    expect(later.lock(0, 0, 1)).toBe(true);
  });

  test('buries no living thread, and takes nothing from one that no roster knows', () => {
    const words = wordsOf(2);
    const roster = new Roster(new Int32Array(new SharedArrayBuffer(64)), 0, 4);
    const mine = new LockTable(words, 0, 2, roster.join(), { alive: (owner) => roster.alive(owner) });
    for (const stranger of [2, 3, 9]) {
      const theirs = new LockTable(words, 0, 2, stranger);
      theirs.lock(0, 0, 1);
      expect([mine.tryLock(0, 0, 1), mine.lock(0, 0, 1, 1), mine.holder(0, 0, 1)]).toEqual([false, false, stranger]);
      theirs.unlock(0, 0, 1);
    }
    roster.join(2);
    expect(() => mine.bury(2)).toThrow('owner: got 2, expected one that has ended: `alive` says that it lives');
    expect(() => mine.bury(1)).toThrow('owner: got 1, expected another than this thread');
    for (const owner of [0, -1, 1.5, Number.NaN, 2 ** 31]) expect(() => mine.bury(owner)).toThrow(RangeError);
    roster.bury(2);
    expect(mine.bury(2)).toEqual([]);
  });

  test('a function that throws where it is asked who lives leaves nothing held', () => {
    const words = wordsOf(2);
    const alive = (): boolean => {
      throw new Error('no idea');
    };
    const [first, second] = [1, 2].map((thread) => new LockTable(words, 0, 2, thread, { alive }));
    first.lock(0, 0, 1);
    expect(() => second.tryLock(0, 0, 1)).toThrow('no idea');
    expect(() => second.lock(0, 0, 1)).toThrow('no idea');
    expect([second.guardHolder, second.tryLock(0, 0, 2)]).toEqual([0, true]);
    expect(() => first.lock(0, 0, 3)).toThrow('no idea');
    expect(first.guardHolder).toBe(0);
  });
});

describe('chains that no call makes', () => {
  const SLOTS = 8;
  /** Words of a slot, from the first one on; of them, what leads on and the head of a chain. */
  const [FIRST, SLOT, NEXT, HEAD] = [16, 8, 4, 6];

  test.each([
    ['lead in a circle', (slot: number) => 1 + ((slot + 1) % SLOTS), (slot: number) => slot + 1],
    ['lead nowhere', () => 12_345_678, () => -9],
  ])('%s: they are made again', (_, next, head) => {
    const words = new Int32Array(new SharedArrayBuffer(LockTable.wordsFor(SLOTS) * 4));
    const table = new LockTable(words, 0, SLOTS, 1);
    for (let id = 0; id < 3; id++) expect(table.lock(5, 6, id)).toBe(true);
    for (let slot = 0; slot < SLOTS; slot++) {
      words[FIRST + slot * SLOT + NEXT] = next(slot);
      words[FIRST + slot * SLOT + HEAD] = head(slot);
    }
    expect([0, 1, 2, 3].map((id) => table.holder(5, 6, id))).toEqual([1, 1, 1, 0]);
    const other = new LockTable(words, 0, SLOTS, 2);
    for (let id = 0; id < 3; id++) expect(other.lock(5, 6, id, 0)).toBe(false);
    for (let id = 3; id < SLOTS; id++) expect(other.lock(5, 6, id, 0)).toBe(true);
    for (let id = 0; id < 3; id++) table.unlock(5, 6, id);
    expect([0, 1, 2].map((id) => other.lock(5, 6, id, 0))).toEqual([true, true, true]);
  });
});
