// Every call of every lock refuses by its own name, and refuses a bad time before it tries, also where nothing is in the way.
import { describe, expect, test } from 'vitest';
import {
  Condition,
  FairMutex,
  holderOf,
  type Locking,
  LockTable,
  lockWord,
  Mutex,
  ReadWriteLock,
  Semaphore,
  SpinLock,
} from '../src/index.ts';

const sharedWords = (): Int32Array => new Int32Array(new SharedArrayBuffer(256));

/** By the name that errors have; each is free. */
const KINDS: Record<string, (words: Int32Array) => Locking> = {
  SpinLock: (words) => new SpinLock(words, 0, 1),
  Mutex: (words) => new Mutex(words, 0, 1),
  FairMutex: (words) => new FairMutex(words, 0, 4, 1),
  Semaphore: (words) => new Semaphore(words, 0, 4, 1, { permits: 1 }),
  'ReadWriteLock.read': (words) => new ReadWriteLock(words, 0, 4, 1).read,
  'ReadWriteLock.write': (words) => new ReadWriteLock(words, 0, 4, 1).write,
};

const BAD_TIMES = [-5, Number.NaN, -Infinity, '5', null] as never[];
const none = (): void => {};

/** What a call that must fail says, thrown or by a promise. */
async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as Error).message;
  }
  return expect.unreachable();
}

describe.each(Object.entries(KINDS))('%s', (kind, make) => {
  test.each(BAD_TIMES)('refuses the time %s while it is free, and stays free', async (bad) => {
    const words = sharedWords();
    const lock = make(words);
    const before = [...words];
    const calls: Record<string, () => unknown> = {
      lock: () => lock.lock(bad),
      hold: () => lock.hold(bad),
      lockAsync: () => lock.lockAsync({ timeoutMs: bad }),
      holdAsync: () => lock.holdAsync({ timeoutMs: bad }),
    };
    for (const [name, call] of Object.entries(calls)) {
      // As everywhere, an option that is null is not one that is left out.
      if (bad === null && name.endsWith('Async')) continue;
      expect(await refusalOf(call)).toMatch(new RegExp(`^${kind}\\.${name}: timeoutMs: got .+, expected milliseconds`));
    }
    expect([...words]).toEqual(before);
    expect([lock.tryLock(), lock.unlock()]).toEqual([true, undefined]);
  });

  test('a call that would wait for itself is refused by its name', async () => {
    const lock = make(sharedWords());
    const other = kind === 'ReadWriteLock.read' ? writerOf(lock) : lock;
    other.lock();
    const calls: Record<string, () => unknown> = {
      lock: () => lock.lock(),
      hold: () => lock.hold(),
      withLock: () => lock.withLock(none),
    };
    // Tasks of one thread wait for each other there.
    if (lock instanceof Mutex || lock instanceof SpinLock || lock instanceof FairMutex) {
      calls.lockAsync = () => lock.lockAsync();
      calls.holdAsync = () => lock.holdAsync();
      calls.withLockAsync = () => lock.withLockAsync(none);
    }
    for (const [name, call] of Object.entries(calls))
      expect(await refusalOf(call)).toMatch(new RegExp(`^${kind}\\.${name}: owner: got 1, which holds`));
  });

  test('what is not held is refused by the name of the call that gives it back', async () => {
    const lock = make(sharedWords());
    const condition = new Condition(sharedWords(), 0);
    const calls: Record<string, () => unknown> = {
      [`${kind}.unlock`]: () => lock.unlock(),
      [`${kind}.withLock`]: () => lock.withLock(() => lock.unlock()),
      'Condition.wait': () => condition.wait(lock),
      'Condition.waitAsync': () => condition.waitAsync(lock),
    };
    for (const [name, call] of Object.entries(calls)) expect(await refusalOf(call)).toContain(`${name}: `);
  });

  test('what is neither a time nor options is refused with both named', async () => {
    const lock = make(sharedWords());
    const condition = new Condition(sharedWords(), 0);
    for (const [bad, got] of [
      ['5', "'5'"],
      [null, 'null'],
    ] as const) {
      const calls: Record<string, () => unknown> = {
        [`${kind}.lockAsync`]: () => lock.lockAsync(bad as never),
        [`${kind}.holdAsync`]: () => lock.holdAsync(bad as never),
        'Condition.waitAsync': () => condition.waitAsync(lock, bad as never),
      };
      for (const [name, call] of Object.entries(calls)) {
        const expected = 'milliseconds or { timeoutMs, signal }';
        expect(await refusalOf(call)).toBe(`${name}: wait: got ${got}, expected ${expected}`);
      }
    }
  });

  test('withLockAsync refuses its options by its name', async () => {
    const lock = make(sharedWords());
    expect(await refusalOf(() => lock.withLockAsync(none, { signal: 5 as never }))).toMatch(
      new RegExp(`^${kind}\\.withLockAsync: signal: got 5`),
    );
    expect(lock.tryLock()).toBe(true);
  });
});

/** The other side of a read-write lock, by which this thread keeps its own readers out. */
function writerOf(read: Locking): Locking {
  const { words, index, owners, owner } = (read as unknown as { seats: Record<string, never> }).seats;
  return new ReadWriteLock(words!, index!, owners!, owner!).write;
}

test.each(BAD_TIMES)('a LockTable, a Condition and lockWord refuse the time %s before they try', async (bad) => {
  const words = sharedWords();
  const table = new LockTable(words, 0, 2, 1);
  const mutex = new Mutex(sharedWords(), 0, 1);
  const condition = new Condition(sharedWords(), 0);
  const word = sharedWords();
  mutex.lock();
  const calls: Record<string, () => unknown> = {
    'LockTable.lock': () => table.lock(1, 2, 3, bad),
    'LockTable.hold': () => table.hold(1, 2, 3, bad),
    'Condition.wait': () => condition.wait(mutex, bad),
    lockWord: () => lockWord(word, 0, 1, bad),
  };
  if (bad !== null) {
    calls['LockTable.lockAsync'] = () => table.lockAsync(1, 2, 3, { timeoutMs: bad });
    calls['Condition.waitAsync'] = () => condition.waitAsync(mutex, { timeoutMs: bad });
  }
  for (const [name, call] of Object.entries(calls)) {
    expect(await refusalOf(call)).toMatch(new RegExp(`^${name}: timeoutMs: got .+, expected milliseconds`));
  }
  expect([table.holder(1, 2, 3), mutex.holder, holderOf(word, 0)]).toEqual([0, 1, 0]);
});

test('LockTable.hold refuses by its name', () => {
  const table = new LockTable(sharedWords(), 0, 1, 1);
  table.lock(1, 2, 3);
  expect(() => table.hold(1, 2, 3)).toThrow('LockTable.hold: owner: got 1, which holds the lock');
  expect(() => table.hold(1, 2, 4)).toThrow('LockTable.hold: slots: got all 1 held');
  expect(() => table.hold(1, 2, -1)).toThrow('LockTable.hold: id: got -1');
});
