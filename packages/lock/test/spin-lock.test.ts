import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SpinLock } from '../src/index.ts';

const INT_MAX = 2 ** 31 - 1;
const sharedWords = (length = 4): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

describe('SpinLock', () => {
  test('is free in zeroed memory, held by one owner, and writes its own word only', () => {
    const words = sharedWords();
    const [mine, theirs] = [new SpinLock(words, 2, 7), new SpinLock(words, 2, INT_MAX)];
    expect(mine.holder).toBe(0);
    expect([mine.lock(), mine.holder, theirs.holder]).toEqual([true, 7, 7]);
    expect([theirs.tryLock(), theirs.lock(0), theirs.lock(2)]).toEqual([false, false, false]);
    expect([...words]).toEqual([0, 0, 7, 0]);
    mine.unlock();
    expect([theirs.tryLock(), mine.tryLock(), mine.holder]).toEqual([true, false, INT_MAX]);
    theirs.unlock();
    expect([...words]).toEqual([0, 0, 0, 0]);
  });

  test('locks in different words do not know each other', () => {
    const words = sharedWords();
    const locks = [0, 1, 2, 3].map((index) => new SpinLock(words, index, 9));
    expect(locks.map((lock) => lock.tryLock())).toEqual([true, true, true, true]);
    locks[1].unlock();
    expect([...words]).toEqual([9, 0, 9, 9]);
  });

  test('refuses an unlock by who does not hold it, and changes nothing', () => {
    const words = sharedWords();
    const [mine, theirs] = [new SpinLock(words, 0, 1), new SpinLock(words, 0, 2)];
    expect(() => mine.unlock()).toThrow('lock: owner 1 unlocks a lock that is free, expected one it holds');
    mine.lock();
    expect(() => theirs.unlock()).toThrow('lock: owner 2 unlocks a lock that is held by owner 1');
    expect(mine.holder).toBe(1);
    mine.unlock();
    expect(() => mine.unlock()).toThrow(RangeError);
  });

  test('refuses to wait for itself', () => {
    const lock = new SpinLock(sharedWords(), 0, 1);
    lock.lock();
    expect(() => lock.lock()).toThrow('lock: owner 1 locks a lock that it holds, expected one it does not');
    expect([lock.tryLock(), lock.holder]).toEqual([false, 1]);
    lock.unlock();
    expect(lock.lock()).toBe(true);
  });

  test('refuses misuse, naming it', () => {
    const words = sharedWords();
    expect(() => new SpinLock(new Int32Array(4), 0, 1)).toThrow(
      'lock: words.buffer is [object ArrayBuffer], expected a SharedArrayBuffer',
    );
    expect(() => new SpinLock(new Uint32Array(4) as unknown as Int32Array, 0, 1)).toThrow(RangeError);
    expect(() => new SpinLock(words, 4, 1)).toThrow('lock: index is 4, expected an integer 0…3');
    for (const owner of [0, -1, 1.5, 2 ** 31]) {
      expect(() => new SpinLock(words, 0, owner)).toThrow(`lock: owner is ${owner}, expected an integer 1…2147483647`);
    }
    new SpinLock(words, 0, 1).lock();
    for (const timeoutMs of [-1, Number.NaN]) {
      expect(() => new SpinLock(words, 0, 2).lock(timeoutMs)).toThrow(`timeoutMs is ${timeoutMs}`);
    }
  });

  test('shows itself in one line', () => {
    const lock = new SpinLock(sharedWords(), 3, 5);
    lock.lock();
    expect(inspect(lock)).toBe('SpinLock { index: 3, owner: 5, holder: 5 }');
  });
});
