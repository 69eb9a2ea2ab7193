// FairMutex, Semaphore, ReadWriteLock and Condition: outcomes, misuse and death, in one thread and between workers.
import { describe, expect, test } from 'vitest';
import { Condition, FairMutex, LockTable, Mutex, ReadWriteLock, Semaphore } from '../src/index.ts';

const sharedWords = (length = 64): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));
const soon = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('FairMutex', () => {
  const mutexes = (count: number, options = {}): [FairMutex[], Int32Array] => {
    const words = sharedWords(FairMutex.wordsFor(count));
    return [Array.from({ length: count }, (_, i) => new FairMutex(words, 0, count, i + 1, options)), words];
  };

  interface Insides {
    sitDown(call: string): void;
    takeInTurn(): unknown;
    firstSeat(): number;
  }
  const inside = (lock: FairMutex): Insides => lock as unknown as Insides;
  /** A thread that comes while the lock is held, up to its sleep. */
  const arrive = (lock: FairMutex): void => {
    inside(lock).sitDown('');
    expect(inside(lock).takeInTurn()).toBeTypeOf('number');
  };

  test('is handed over in the order of arrival, and is not for those that came later', async () => {
    const [[holder, late, ...others], words] = mutexes(6) as [FairMutex[], Int32Array];
    holder!.lock();
    const order: number[] = [];
    for (const lock of others) arrive(lock);
    holder!.unlock();
    expect([late!.tryLock(), late!.lock(0), late!.holder]).toEqual([false, false, 0]);
    while (order.length < others.length) {
      // Each looks for itself, the first one last.
      for (const [i, lock] of [...others.entries()].reverse()) {
        if (order.includes(i)) continue;
        const taken = inside(lock).takeInTurn();
        if (typeof taken === 'number') continue;
        expect([taken, late!.tryLock()]).toEqual([true, false]);
        order.push(i);
        lock.unlock();
      }
    }
    expect([order, late!.tryLock(), words[1]! > 0]).toEqual([[0, 1, 2, 3], true, true]);
  });

  test('is handed over to the owner with the lowest number as well', () => {
    const [[waiter, holder, late]] = mutexes(3) as [FairMutex[], Int32Array];
    holder!.lock();
    arrive(waiter!);
    holder!.unlock();
    expect([late!.tryLock(), inside(waiter!).takeInTurn(), waiter!.holder]).toEqual([false, true, 1]);
    waiter!.unlock();
    expect(late!.tryLock()).toBe(true);
  });

  test('passes over a waiter that died: robust ones by themselves, others after bury', () => {
    const dead = new Set<number>();
    for (const options of [{ alive: (owner: number) => !dead.has(owner) }, {}]) {
      const [[holder, first, second]] = mutexes(3, options) as [FairMutex[], Int32Array];
      dead.clear();
      holder!.lock();
      arrive(first!);
      dead.add(2);
      holder!.unlock();
      if (!('alive' in options)) {
        expect(second!.lock(5)).toBe(false);
        expect(second!.bury(2)).toBe(false);
      }
      expect(second!.lock(1_000)).toBe(true);
    }
  });

  test('a holder that died is told of once, to the first in line', () => {
    let dead = 0;
    const [[holder, mine, theirs]] = mutexes(3, { alive: (owner: number) => owner !== dead }) as [
      FairMutex[],
      Int32Array,
    ];
    holder!.lock();
    expect(mine!.lock(5)).toBe(false);
    dead = 1;
    expect([mine!.lock(), mine!.holder]).toEqual(['owner-died', 2]);
    mine!.unlock();
    expect([theirs!.lock(), theirs!.tryLock()]).toEqual([true, false]);
    theirs!.unlock();
    const [[one, other]] = mutexes(2) as [FairMutex[], Int32Array];
    one!.lock();
    expect([other!.bury(1), other!.bury(1), other!.tryLock()]).toEqual([true, false, 'owner-died']);
  });

  test('refuses what it does not hold, itself, and owners that have no seat', () => {
    const [[mine, theirs], words] = mutexes(2) as [FairMutex[], Int32Array];
    mine!.lock();
    expect(() => mine!.lock()).toThrow('FairMutex.lock: owner: got 1, which holds the lock');
    expect(() => theirs!.unlock()).toThrow('FairMutex.unlock: lock: got one that owner 1 holds');
    mine!.unlock();
    expect(() => mine!.unlock()).toThrow('FairMutex.unlock: lock: got one that is free');
    expect(() => new FairMutex(words, 0, 2, 3)).toThrow('new FairMutex: owner: got 3, expected an integer 1…2');
    expect(() => new FairMutex(words, 1, 2, 1)).toThrow('new FairMutex: index: got 1, expected an integer 0…0');
    expect(() => new FairMutex(words, 0, 1025, 1)).toThrow('owners: got 1025');
    expect(() => new FairMutex(words, 0, 2, 1, { fair: 1 } as never)).toThrow("got the key 'fair'");
    expect(FairMutex.wordsFor(2)).toBe(words.length);
  });
});

describe('Semaphore', () => {
  const handles = (count: number, options: { permits: number; alive?: (owner: number) => boolean }): Semaphore[] => {
    const words = sharedWords(Semaphore.wordsFor(count));
    return Array.from({ length: count }, (_, i) => new Semaphore(words, 0, count, i + 1, options));
  };

  test('gives so many permits, several to one thread or task, and counts them', async () => {
    const [mine, theirs] = handles(2, { permits: 3 }) as [Semaphore, Semaphore];
    expect([mine.lock(), mine.lock(), theirs.tryLock(), theirs.tryLock(), theirs.lock(5)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect([mine.free, mine.heldBy(1), mine.heldBy(2), mine.permits]).toEqual([0, 2, 1, 3]);
    let most = 0;
    let inside = 0;
    let met = (): void => {};
    const meeting = new Promise<void>((resolve) => (met = resolve));
    mine.unlock();
    const tasks = Array.from({ length: 6 }, () =>
      theirs.withLockAsync(async () => {
        most = Math.max(most, ++inside);
        if (inside === 2) met();
        await meeting;
        await soon(1);
        inside--;
      }),
    );
    while (inside < 1) await soon(1);
    mine.unlock();
    await Promise.all(tasks);
    expect([most, mine.free]).toEqual([2, 2]);
  });

  test("a dead thread's permits come back, and the taker of one of them is told", () => {
    const dead = new Set<number>();
    const [one, other] = handles(2, { permits: 2, alive: (owner) => !dead.has(owner) }) as [Semaphore, Semaphore];
    one.lock();
    one.lock();
    expect(other.lock(5)).toBe(false);
    dead.add(1);
    expect([other.heldBy(1), other.lock(), other.tryLock(), other.heldBy(1)]).toEqual([2, 'owner-died', true, 0]);
    const [mine, theirs] = handles(2, { permits: 2 }) as [Semaphore, Semaphore];
    mine.lock();
    mine.lock();
    expect([theirs.tryLock(), theirs.bury(1), theirs.bury(1), theirs.free]).toEqual([false, true, false, 2]);
    expect([theirs.lock(), theirs.lock()]).toEqual(['owner-died', true]);
  });

  test('refuses to wait for itself, to give back what it has not, and other memory', () => {
    const words = sharedWords(16);
    const mine = new Semaphore(words, 0, 4, 1, { permits: 1 });
    expect(() => mine.unlock()).toThrow('Semaphore.unlock: owner: got 1, which holds no permit');
    mine.lock();
    expect(() => mine.lock()).toThrow('Semaphore.lock: owner: got 1, which holds all 1 permits');
    expect(() => new Semaphore(words, 0, 4, 1, { permits: 2 })).toThrow('expected a semaphore of 2 permits');
    expect(() => new ReadWriteLock(words, 0, 4, 1)).toThrow('expected those of a ReadWriteLock');
    expect(() => new Semaphore(words, 0, 4, 1, {} as never)).toThrow('permits: got undefined');
    expect(() => new Semaphore(words, 9, 4, 1, { permits: 1 })).toThrow('index: got 9, expected an integer 0…8');
    expect(() => mine.heldBy(5)).toThrow('Semaphore.heldBy: owner: got 5');
    expect(() => mine.bury(1)).toThrow('Semaphore.bury: owner: got 1, expected another than this thread');
  });
});

describe('ReadWriteLock', () => {
  const handles = (count: number, options = {}): ReadWriteLock[] => {
    const words = sharedWords(ReadWriteLock.wordsFor(count));
    return Array.from({ length: count }, (_, i) => new ReadWriteLock(words, 0, count, i + 1, options));
  };

  test('many read or one writes; a writer that waits keeps new readers out', async () => {
    const [one, two, three] = handles(3) as [ReadWriteLock, ReadWriteLock, ReadWriteLock];
    expect([one.read.lock(), one.read.lock(), two.read.tryLock(), three.write.tryLock()]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([one.readers, one.writer, one.heldBy(1), one.heldBy(3)]).toEqual([3, 0, 'read', null]);
    const writing = three.write.holdAsync();
    await soon();
    expect([two.read.tryLock(), one.read.lock(5)]).toEqual([false, false]);
    for (const { read } of [one, one, two]) read.unlock();
    const held = await writing;
    expect([held?.outcome, one.writer, one.heldBy(3), one.read.tryLock(), one.write.tryLock()]).toEqual([
      true,
      3,
      'write',
      false,
      false,
    ]);
    held!.unlock();
    expect([one.read.tryLock(), one.readers, one.writer]).toEqual([true, 1, 0]);
  });

  test('a writer that gives up lets readers in again', async () => {
    const [one, two, three] = handles(3) as [ReadWriteLock, ReadWriteLock, ReadWriteLock];
    one.read.lock();
    expect([two.write.lock(5), three.read.tryLock()]).toEqual([false, true]);
    const controller = new AbortController();
    const writing = two.write.lockAsync({ signal: controller.signal });
    await soon();
    expect(three.read.tryLock()).toBe(false);
    controller.abort(new Error('enough'));
    await expect(writing).rejects.toThrow('enough');
    expect(three.read.tryLock()).toBe(true);
  });

  test('dead readers and waiting writers are gone; a dead writer is told of until a writer has given the lock back', () => {
    const dead = new Set<number>();
    const [one, two, three] = handles(3, { alive: (owner: number) => !dead.has(owner) }) as ReadWriteLock[];
    one!.read.lock();
    dead.add(1);
    expect(two!.write.lock()).toBe(true);
    dead.clear();
    dead.add(2);
    expect([three!.read.lock(), one!.read.lock()]).toEqual(['owner-died', 'owner-died']);
    for (const lock of [three!, one!]) lock.read.unlock();
    expect(three!.write.lock()).toBe('owner-died');
    three!.write.unlock();
    expect([three!.read.lock(), one!.read.tryLock()]).toEqual([true, true]);
    const [mine, theirs] = handles(2) as [ReadWriteLock, ReadWriteLock];
    mine.write.lock();
    expect([theirs.heldBy(1), theirs.read.tryLock(), theirs.bury(1), theirs.read.tryLock()]).toEqual([
      'write',
      false,
      true,
      'owner-died',
    ]);
  });

  test('refuses to wait for itself and to give back what it has not', () => {
    const [mine] = handles(1) as [ReadWriteLock];
    mine.read.lock();
    expect(() => mine.write.lock()).toThrow('ReadWriteLock.write.lock: owner: got 1, which holds the lock');
    expect(() => mine.write.unlock()).toThrow('ReadWriteLock.write.unlock: owner: got 1, which does not hold it');
    mine.read.unlock();
    expect(() => mine.read.unlock()).toThrow('ReadWriteLock.read.unlock: owner: got 1, which does not hold it');
    mine.write.lock();
    expect(() => mine.read.lock()).toThrow('ReadWriteLock.read.lock: owner: got 1, which holds the lock');
  });

  test('a thread reads at most 536,870,911 times at the same time', async () => {
    const words = sharedWords(ReadWriteLock.wordsFor(2));
    const [mine, theirs] = [1, 2].map((owner) => new ReadWriteLock(words, 0, 2, owner)) as [
      ReadWriteLock,
      ReadWriteLock,
    ];
    words[4] = 2 ** 29 - 2;
    expect([mine.read.lock(), mine.readers]).toEqual([true, 2 ** 29 - 1]);
    const why = 'owner: got 1, which reads 536870911 times, expected one that reads fewer times';
    expect(() => mine.read.lock()).toThrow(`ReadWriteLock.read.lock: ${why}`);
    expect([mine.read.tryLock(), await mine.read.lockAsync(0), mine.readers]).toEqual([false, false, 2 ** 29 - 1]);
    expect([theirs.read.tryLock(), theirs.write.tryLock(), mine.heldBy(1)]).toEqual([true, false, 'read']);
    mine.read.unlock();
    expect(mine.read.tryLock()).toBe(true);
  });
});

describe('Condition', () => {
  test('waitAsync gives the lock back, waits, and has it again: in time, too late or stopped', async () => {
    const words = sharedWords();
    const [mine, theirs] = [new Mutex(words, 0, 1), new Mutex(words, 0, 2)];
    const condition = new Condition(words, 1);
    mine.lock();
    const waiting = condition.waitAsync(mine);
    expect(theirs.tryLock()).toBe(true);
    condition.notifyOne();
    await soon(1);
    expect(mine.holder).toBe(2);
    theirs.unlock();
    expect([await waiting, mine.holder]).toEqual([true, 1]);
    expect([await condition.waitAsync(mine, 5), condition.wait(mine, 5), mine.holder]).toEqual([false, false, 1]);
    const controller = new AbortController();
    const stopped = condition.waitAsync(mine, { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(stopped).rejects.toThrow('stop');
    expect(mine.holder).toBe(1);
  });

  test('notifyAll ends every wait', async () => {
    const words = sharedWords();
    const condition = new Condition(words, 1);
    const waits = [1, 2, 3].map(async (owner) => {
      const mutex = new Mutex(words, 0, owner);
      mutex.lock();
      const isNotified = await condition.waitAsync(mutex);
      mutex.unlock();
      return isNotified;
    });
    condition.notifyAll();
    expect(await Promise.all(waits)).toEqual([true, true, true]);
  });

  test('refuses what is not a lock', async () => {
    const condition = new Condition(sharedWords(), 1);
    for (const bad of [undefined, null, {}, 'lock', new ReadWriteLock(sharedWords(), 0, 2, 1)]) {
      const expected = /^Condition\.wait(Async)?: lock: got .*, expected a lock$/;
      expect(() => condition.wait(bad as never)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(expected) }),
      );
      await expect(condition.waitAsync(bad as never)).rejects.toThrow(expected);
    }
  });

  test('a wait that none ends takes its whole time', async () => {
    const words = sharedWords();
    const lock = new Mutex(words, 0, 1);
    const condition = new Condition(words, 1);
    lock.lock();
    for (const wait of [() => condition.wait(lock, 60), () => condition.waitAsync(lock, 60)]) {
      const began = performance.now();
      expect(await wait()).toBe(false);
      expect(performance.now() - began).toBeGreaterThanOrEqual(60);
    }
  });

  test('what is not held is not waited with, and bad waits give nothing back', async () => {
    const words = sharedWords();
    const lock = new Mutex(words, 0, 1);
    const condition = new Condition(words, 1);
    expect(() => condition.wait(lock)).toThrow('Condition.wait: lock: got one that is free');
    lock.lock();
    expect(() => condition.wait(lock, -1)).toThrow('Condition.wait: timeoutMs: got -1');
    await expect(condition.waitAsync(lock, { timeoutMs: Number.NaN })).rejects.toThrow('timeoutMs: got NaN');
    expect(lock.holder).toBe(1);
    expect(() => new Condition(words, 64)).toThrow('new Condition: index: got 64, expected an integer 0…63');
  });
});

test.each([
  ['FairMutex', (owners: number) => FairMutex.wordsFor(owners), (owners: number) => 2 + owners],
  ['Semaphore', (owners: number) => Semaphore.wordsFor(owners), (owners: number) => 4 + owners],
  ['ReadWriteLock', (owners: number) => ReadWriteLock.wordsFor(owners), (owners: number) => 4 + owners],
  ['LockTable', (slots: number) => LockTable.wordsFor(slots), (slots: number) => 8 * slots + 16],
])('%s takes the words that it says, and no more', (_, wordsFor, expected) => {
  for (const count of [1, 2, 64, 1024]) expect(wordsFor(count)).toBe(expected(count));
});
