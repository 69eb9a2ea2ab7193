// What becomes of the classes in calls that look at fields.
import { testLines, testRefusedCopies } from '@idspace/testkit/copies-tests';
import { Condition, FairMutex, LockTable, Mutex, ReadWriteLock, Roster, Semaphore, SpinLock } from '../src/index.ts';

const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * 1000));
/** What is a function in a handle must not be what the error names. */
const robust = { alive: (): boolean => true };

const LINES = {
  'Condition { index: 0 }': () => new Condition(memory(), 0),
  'FairMutex { index: 0, owner: 1, holder: 0 }': () => new FairMutex(memory(), 0, 2, 1, robust),
  'LockTable { slots: 2, held: 0, owner: 1 }': () => new LockTable(memory(), 0, 2, 1, robust),
  'Mutex { index: 0, owner: 1, holder: 0 }': () => new Mutex(memory(), 0, 1, robust),
  'ReadWriteLock { readers: 0, writer: 0, owner: 1 }': () => new ReadWriteLock(memory(), 0, 2, 1, robust),
  'ReadWriteLock.read { owner: 1 }': () => new ReadWriteLock(memory(), 0, 2, 1, robust).read,
  'ReadWriteLock.write { owner: 1 }': () => new ReadWriteLock(memory(), 0, 2, 1, robust).write,
  'Roster { size: 0, seats: 9 }': () => new Roster(memory(), 0, 9),
  'Semaphore { permits: 3, free: 3, owner: 1 }': () => new Semaphore(memory(), 0, 2, 1, { permits: 3, ...robust }),
  'SpinLock { index: 0, owner: 1, holder: 0 }': () => new SpinLock(memory(), 0, 1, robust),
};

testRefusedCopies(LINES, '@idspace/lock: send its words');
testLines(LINES);
