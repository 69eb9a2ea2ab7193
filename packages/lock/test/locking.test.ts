// What every lock can do on top of taking and giving back: hold, withLock, and waits that a signal stops.
import { describe, expect, test } from 'vitest';
import { FairMutex, type Locking, LockTable, Mutex, ReadWriteLock, Semaphore, SpinLock } from '../src/index.ts';

const sharedWords = (length = 64): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

/** Two owners' handles on the same lock, of each kind that one owner holds at a time. */
const KINDS: Record<string, (words: Int32Array, owner: number) => Locking> = {
  SpinLock: (words, owner) => new SpinLock(words, 0, owner),
  Mutex: (words, owner) => new Mutex(words, 0, owner),
  FairMutex: (words, owner) => new FairMutex(words, 0, 4, owner),
  'Semaphore of 1 permit': (words, owner) => new Semaphore(words, 0, 4, owner, { permits: 1 }),
  'write side of a ReadWriteLock': (words, owner) => new ReadWriteLock(words, 0, 4, owner).write,
};

const soon = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(Object.entries(KINDS))('%s', (_, make) => {
  const pair = (words = sharedWords()): [Locking, Locking] => [make(words, 1), make(words, 2)];

  test('hold is given back once, by a call or at the end of a block', () => {
    const [mine, theirs] = pair();
    const held = mine.hold()!;
    expect([held.outcome, theirs.tryLock(), theirs.hold(0), theirs.hold(5)]).toEqual([true, false, null, null]);
    held.unlock();
    expect(theirs.tryLock()).toBe(true);
    // Not theirs: it was given back before.
    held.unlock();
    held[Symbol.dispose]();
    expect(mine.tryLock()).toBe(false);
    theirs.unlock();
    mine.hold()![Symbol.dispose]();
    expect(theirs.tryLock()).toBe(true);
  });

  test('withLock gives back whatever the function does, and refuses one that goes on', () => {
    const [mine, theirs] = pair();
    expect(mine.withLock((outcome) => [outcome, theirs.tryLock()])).toEqual([true, false]);
    expect(() =>
      mine.withLock(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(() => mine.withLock(async () => 1)).toThrow(
      'fn: got a function, which returned a promise, expected one that',
    );
    expect(() => mine.withLock(async function mine() {})).toThrow('fn: got mine, which returned a promise');
    expect(() => mine.withLock(1 as never)).toThrow('withLock: fn: got 1, expected a function');
    expect(theirs.tryLock()).toBe(true);
  });

  test('withLockAsync: the tasks of one handle go one after the other, in their order', async () => {
    const [mine, theirs] = pair();
    const log: number[] = [];
    let inside = 0;
    const task = (name: number) => async (): Promise<number> => {
      expect([++inside, theirs.tryLock()]).toEqual([1, false]);
      await soon(1);
      log.push(name);
      inside--;
      if (name === 2) throw new Error('two');
      return name;
    };
    const tasks = [1, 2, 3, 4].map((name) => mine.withLockAsync(task(name)));
    expect(await Promise.allSettled(tasks)).toMatchObject([
      { value: 1 },
      { reason: { message: 'two' } },
      { value: 3 },
      { value: 4 },
    ]);
    expect([log, theirs.tryLock()]).toEqual([[1, 2, 3, 4], true]);
  });

  test('a signal stops the wait, of whichever task, with its reason; the others go on', async () => {
    const [mine, theirs] = pair();
    theirs.lock();
    const controllers = [0, 1, 2].map(() => new AbortController());
    const ran: number[] = [];
    const waits = controllers.map(({ signal }, i) => mine.withLockAsync(() => ran.push(i), { signal }));
    const settled = Promise.allSettled(waits);
    await soon();
    controllers[1]!.abort(new Error('second'));
    controllers[0]!.abort(new Error('first'));
    await expect(waits[0]).rejects.toThrow('first');
    await expect(waits[1]).rejects.toThrow('second');
    theirs.unlock();
    await settled;
    expect([ran, theirs.tryLock()]).toEqual([[2], true]);
  });

  test('what is aborted already takes nothing; what was taken is not stopped', async () => {
    const [mine, theirs] = pair();
    const aborted = AbortSignal.abort(new Error('before'));
    await expect(mine.lockAsync({ signal: aborted })).rejects.toThrow('before');
    await expect(mine.holdAsync({ signal: aborted })).rejects.toThrow('before');
    await expect(mine.withLockAsync(() => 1, { signal: aborted })).rejects.toThrow('before');
    expect(theirs.tryLock()).toBe(true);
    theirs.unlock();
    const controller = new AbortController();
    const held = await mine.holdAsync({ signal: controller.signal });
    controller.abort();
    expect(theirs.tryLock()).toBe(false);
    held!.unlock();
    expect(theirs.tryLock()).toBe(true);
  });

  test('holdAsync gives up in time, in line or at the lock; bad waits are refused and nothing is taken', async () => {
    const [mine, theirs] = pair();
    theirs.lock();
    expect(await Promise.all([mine.holdAsync(5), mine.holdAsync(10), mine.holdAsync(0)])).toEqual([null, null, null]);
    theirs.unlock();
    for (const wait of [-1, Number.NaN, '5', null, { timeoutMs: -1 }, { signal: 1 }, { timeout: 5 }]) {
      await expect(mine.holdAsync(wait as never)).rejects.toThrow(RangeError);
    }
    expect(theirs.tryLock()).toBe(true);
    for (const wait of [-1, { timeoutMs: '5' }, { signal: {} }, { signals: null }]) {
      await expect(mine.lockAsync(wait as never)).rejects.toThrow(RangeError);
    }
    expect(await mine.lockAsync({ timeoutMs: 5, signal: undefined })).toBe(false);
  });
});

test('the keys of a table are held in the same ways', async () => {
  const words = sharedWords(LockTable.wordsFor(8));
  const [mine, theirs] = [1, 2].map((thread) => new LockTable(words, 0, 8, thread)) as [LockTable, LockTable];
  const held = mine.hold(1, 2, 3)!;
  mine.lock(1, 2, 4);
  expect(theirs.hold(1, 2, 3, 5)).toBe(null);
  expect([mine.heldBy(1), mine.heldBy(2), theirs.heldBy(1)]).toEqual([
    [
      [1, 2, 3],
      [1, 2, 4],
    ],
    [],
    [
      [1, 2, 3],
      [1, 2, 4],
    ],
  ]);
  const controller = new AbortController();
  const waiting = theirs.lockAsync(1, 2, 3, { signal: controller.signal });
  const next = theirs.lockAsync(1, 2, 3, { timeoutMs: 1_000 });
  controller.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  held[Symbol.dispose]();
  held.unlock();
  expect([await next, theirs.heldBy(2), theirs.bury(1), theirs.heldBy(1)]).toEqual([
    true,
    [[1, 2, 3]],
    [[1, 2, 4]],
    [],
  ]);
  expect(() => mine.heldBy(0)).toThrow('LockTable.heldBy: owner: got 0, expected an integer 1…2147483647');
});
