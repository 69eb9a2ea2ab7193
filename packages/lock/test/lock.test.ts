// What one thread can see of both locks: states, outcomes, refusals.
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { holderOf, Mutex, SpinLock } from '../src/index.ts';
import { kinds, makeLock } from './support/kinds.ts';

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const sharedWords = (length = 4): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

describe.each(kinds)('%s', (kind) => {
  test('is free in zeroed memory, held by one owner, and writes its own word only', () => {
    const words = sharedWords();
    const [mine, theirs] = [makeLock(kind, words, 2, 7), makeLock(kind, words, 2, INT_MAX)];
    expect(holderOf(words, 2)).toBe(0);
    expect([mine.lock(), holderOf(words, 2)]).toEqual([true, 7]);
    expect([...words]).toEqual([0, 0, 7, 0]);
    expect([theirs.tryLock(), theirs.lock(0), theirs.lock(2)]).toEqual([false, false, false]);
    expect(holderOf(words, 2)).toBe(7);
    mine.unlock();
    expect([theirs.tryLock(), mine.tryLock(), holderOf(words, 2)]).toEqual([true, false, INT_MAX]);
    theirs.unlock();
    expect([...words]).toEqual([0, 0, 0, 0]);
  });

  test('locks in different words do not know each other', () => {
    const words = sharedWords();
    const locks = [0, 1, 2, 3].map((index) => makeLock(kind, words, index, 9));
    expect(locks.map((lock) => lock.tryLock())).toEqual([true, true, true, true]);
    locks[1].unlock();
    expect([...words]).toEqual([9, 0, 9, 9]);
  });

  test('refuses an unlock by who does not hold it, and changes nothing', () => {
    const words = sharedWords();
    const [mine, theirs] = [makeLock(kind, words, 0, 1), makeLock(kind, words, 0, 2)];
    expect(() => mine.unlock()).toThrow('lock: got one that is free, expected one that owner 1 holds');
    mine.lock();
    expect(() => theirs.unlock()).toThrow('lock: got one that owner 1 holds, expected one that owner 2 holds');
    expect([...words]).toEqual([1, 0, 0, 0]);
    mine.unlock();
    expect(() => mine.unlock()).toThrow(RangeError);
  });

  test('refuses to wait for itself', () => {
    const words = sharedWords();
    const lock = makeLock(kind, words, 0, 1);
    lock.lock();
    expect(() => lock.lock()).toThrow('owner: got 1, which holds the lock, expected one that does not hold it');
    expect([lock.tryLock(), holderOf(words, 0)]).toEqual([false, 1]);
    lock.unlock();
    expect(lock.lock()).toBe(true);
  });

  test('refuses to wait for no such time', () => {
    const words = sharedWords();
    makeLock(kind, words, 0, 1).lock();
    for (const timeoutMs of [-1, Number.NaN]) {
      expect(() => makeLock(kind, words, 0, 2).lock(timeoutMs)).toThrow(
        `timeoutMs: got ${timeoutMs}, expected milliseconds, 0 or more`,
      );
    }
  });

  test('inherits from an owner that died, once, and leaves alone one that lives', () => {
    const words = sharedWords();
    const dead = new Set<number>();
    const asked: number[] = [];
    const alive = (owner: number): boolean => {
      asked.push(owner);
      return !dead.has(owner);
    };
    const [first, second, third] = [1, 2, 3].map((owner) => makeLock(kind, words, 0, owner, { alive }));
    expect([first.tryLock(), second.tryLock(), third.lock(1)]).toEqual([true, false, false]);
    expect(new Set(asked)).toEqual(new Set([1]));
    dead.add(1);
    expect([second.tryLock(), third.tryLock(), holderOf(words, 0)]).toEqual(['owner-died', false, 2]);
    expect(() => first.unlock()).toThrow('lock: got one that owner 2 holds, expected one that owner 1 holds');
    dead.add(2);
    expect([third.lock(), holderOf(words, 0)]).toEqual(['owner-died', 3]);
    third.unlock();
    expect([...words]).toEqual([0, 0, 0, 0]);
    expect(third.lock()).toBe(true);
  });

  test('a free lock is not inherited', () => {
    const words = sharedWords();
    const lock = makeLock(kind, words, 0, 1, { alive: () => false });
    expect([lock.tryLock(), lock.unlock(), lock.lock(), lock.unlock()]).toEqual([true, undefined, true, undefined]);
  });
});

describe.each([{ Kind: SpinLock }, { Kind: Mutex }])('new $Kind.name', ({ Kind }) => {
  test('refuses misuse, naming it', () => {
    const words = sharedWords();
    expect(() => new Kind(new Int32Array(4), 0, 1)).toThrow(
      'words.buffer: got [object ArrayBuffer], expected a SharedArrayBuffer',
    );
    expect(() => new Kind(new Uint32Array(4) as unknown as Int32Array, 0, 1)).toThrow(RangeError);
    for (const index of [-1, 4, 0.5, Number.NaN]) {
      expect(() => new Kind(words, index, 1)).toThrow(`index: got ${index}, expected an integer 0…3`);
    }
    for (const owner of [0, -1, 1.5, 2 ** 31]) {
      expect(() => new Kind(words, 0, owner)).toThrow(`owner: got ${owner}, expected an integer 1…2147483647`);
    }
    expect(() => new Kind(words, 0, 1, { alive: true as never })).toThrow('alive: got true, expected a function');
  });

  test('shows itself in one line', () => {
    const lock = new Kind(sharedWords(), 3, 5);
    lock.lock();
    expect(inspect(lock)).toBe(`${Kind.name} { index: 3, owner: 5, holder: 5 }`);
  });
});

describe.each([{ Kind: SpinLock }, { Kind: Mutex }])('bury of $Kind.name', ({ Kind }) => {
  test('takes the lock away from a thread that has ended; the next taker is told, robust or not', () => {
    const words = sharedWords();
    const [first, second] = [new Kind(words, 0, 1), new Kind(words, 0, 2)];
    expect(second.bury(1)).toBe(false);
    first.lock();
    expect([second.bury(3), second.holder, second.bury(1), second.bury(1), second.holder]).toEqual([
      false,
      1,
      true,
      false,
      0,
    ]);
    expect([second.tryLock(), second.unlock(), second.tryLock()]).toEqual(['owner-died', undefined, true]);
    for (const take of [() => first.lock(), () => first.lock(5), () => first.tryLock()]) {
      expect(first.bury(2)).toBe(true);
      expect([take(), first.holder]).toEqual(['owner-died', 1]);
      first.unlock();
      second.lock();
    }
  });

  test('lets the number be used again, by another thread that holds nothing', () => {
    const words = sharedWords();
    const mine = new Kind(words, 0, 1);
    mine.lock();
    new Kind(words, 0, 2).bury(1);
    expect(() => mine.unlock()).toThrow('lock: got one that is free');
    expect(mine.lock()).toBe('owner-died');
  });

  test('wakes one who sleeps until it is given back', () => {
    const words = sharedWords();
    words[0] = INT_MIN | 9;
    const notify = vi.spyOn(Atomics, 'notify');
    onTestFinished(() => notify.mockRestore());
    expect([new Kind(words, 0, 1).bury(9), notify.mock.calls.length]).toEqual([true, 1]);
  });

  test('refuses the living, naming them', () => {
    const words = sharedWords();
    const lock = new Kind(words, 0, 1, { alive: (owner) => (owner === 4 ? undefined : owner !== 3) });
    words[0] = 2;
    expect(() => lock.bury(2)).toThrow('owner: got 2, expected one that has ended: `alive` says that it lives');
    expect(() => lock.bury(1)).toThrow('owner: got 1, expected another than this thread');
    for (const owner of [0, -1, 1.5, 2 ** 31, Number.NaN]) {
      expect(() => lock.bury(owner)).toThrow(`owner: got ${owner}, expected an integer 1…2147483647`);
    }
    expect([lock.bury(3), lock.bury(4), words[0]]).toEqual([false, false, 2]);
  });
});

test.each(kinds)('%s leaves alone a holder that is not known to be dead', (kind) => {
  const words = sharedWords();
  makeLock(kind, words, 0, 9).lock();
  for (const answer of [undefined, null, 0, '']) {
    const lock = makeLock(kind, words, 0, 1, { alive: () => answer as unknown as undefined });
    expect([lock.tryLock(), lock.lock(1), holderOf(words, 0)]).toEqual([false, false, 9]);
  }
});

/** Not in the main thread of a page. */
const MAY_SLEEP = ((): boolean => {
  try {
    return Atomics.wait(sharedWords(), 0, 1, 0) === 'not-equal';
  } catch {
    return false;
  }
})();

describe('Mutex', () => {
  test.runIf(MAY_SLEEP)('has three states: free, held, held with sleepers', () => {
    const words = sharedWords();
    const [mine, theirs] = [new Mutex(words, 0, 5), new Mutex(words, 0, 6, { looks: 0 })];
    mine.lock();
    expect(words[0]).toBe(5);
    expect(theirs.lock(1)).toBe(false);
    expect([words[0] === (INT_MIN | 5), mine.holder, theirs.holder]).toEqual([true, 5, 5]);
    mine.unlock();
    expect(words[0]).toBe(0);
  });

  test.runIf(MAY_SLEEP)('notifies only where a thread may sleep', () => {
    const words = sharedWords();
    const notify = vi.spyOn(Atomics, 'notify');
    onTestFinished(() => notify.mockRestore());
    const [mine, theirs] = [new Mutex(words, 0, 1), new Mutex(words, 0, 2, { looks: 0 })];
    for (let i = 0; i < 10; i++) {
      mine.lock();
      expect([theirs.tryLock(), mine.unlock()]).toEqual([false, undefined]);
    }
    expect(notify).toHaveBeenCalledTimes(0);
    mine.lock();
    theirs.lock(1);
    mine.unlock();
    expect(notify).toHaveBeenCalledTimes(1);
  });

  test('keeps the mark for sleepers when it is inherited', () => {
    const words = sharedWords();
    words[0] = INT_MIN | 9;
    expect(new Mutex(words, 0, 1, { alive: () => false }).tryLock()).toBe('owner-died');
    expect(words[0] === (INT_MIN | 1)).toBe(true);
  });

  test('refuses a number of looks that is none', () => {
    for (const looks of [-1, 0.5, Infinity]) {
      expect(() => new Mutex(sharedWords(), 0, 1, { looks })).toThrow(
        `looks: got ${looks}, expected an integer 0…2147483647`,
      );
    }
  });
});
