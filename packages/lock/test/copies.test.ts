// What becomes of the classes in calls that look at fields: copied they would lose their methods, so they refuse; as JSON they are a line.
import { inspect } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { Condition, FairMutex, LockTable, Mutex, ReadWriteLock, Roster, Semaphore, SpinLock } from '../src/index.ts';

/** Bun's error does not name the value that cannot be copied. */
const words = 'Bun' in globalThis ? '' : '@idspace/lock: send its words';

const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * 1000));
/** What is a function in a handle must not be what the error names. */
const robust = { alive: (): boolean => true };

describe.each([
  ['Condition', () => new Condition(memory(), 0), 'Condition { index: 0 }'],
  ['FairMutex', () => new FairMutex(memory(), 0, 2, 1, robust), 'FairMutex { index: 0, owner: 1, holder: 0 }'],
  ['LockTable', () => new LockTable(memory(), 0, 2, 1, robust), 'LockTable { slots: 2, held: 0, owner: 1 }'],
  ['Mutex', () => new Mutex(memory(), 0, 1, robust), 'Mutex { index: 0, owner: 1, holder: 0 }'],
  [
    'ReadWriteLock',
    () => new ReadWriteLock(memory(), 0, 2, 1, robust),
    'ReadWriteLock { readers: 0, writer: 0, owner: 1 }',
  ],
  ['its read', () => new ReadWriteLock(memory(), 0, 2, 1, robust).read, 'ReadWriteLock.read { owner: 1 }'],
  ['its write', () => new ReadWriteLock(memory(), 0, 2, 1, robust).write, 'ReadWriteLock.write { owner: 1 }'],
  ['Roster', () => new Roster(memory(), 0, 9), 'Roster { size: 0, seats: 9 }'],
  [
    'Semaphore',
    () => new Semaphore(memory(), 0, 2, 1, { permits: 3, ...robust }),
    'Semaphore { permits: 3, free: 3, owner: 1 }',
  ],
  ['SpinLock', () => new SpinLock(memory(), 0, 1, robust), 'SpinLock { index: 0, owner: 1, holder: 0 }'],
] as const)('%s', (_name, make, line) => {
  test('refuses structuredClone and postMessage, and says what to send', () => {
    const { port1 } = new MessageChannel();
    for (const copy of [
      () => structuredClone(make()),
      () => structuredClone({ deep: [make()] }),
      () => port1.postMessage(make()),
    ]) {
      expect(copy).toThrow(
        expect.objectContaining({ name: 'DataCloneError', message: expect.stringContaining(words) }),
      );
    }
    port1.close();
  });

  test('is a line as JSON and in console.log', () => {
    expect(JSON.stringify({ lock: make() })).toBe(JSON.stringify({ lock: line }));
    expect(inspect(make())).toBe(line);
  });
});
