// Locks whose words are written to outside of their calls: threads may be let in together, but every call with a time to wait ends.
import { corrupt, corruptions, type FuzzTarget, type FuzzTargets } from '@idspace/testkit/fuzz';
import { Condition, FairMutex, LockTable, Mutex, ReadWriteLock, Roster, Semaphore, SpinLock } from '../src/index.ts';

const OWNERS = 3;
const WORDS = 160;

/** @throws What is no documented outcome. */
function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    // Of a lock that is another's, or none: it names place and expectation.
    if (!(error instanceof RangeError && /: got .*, expected /.test(error.message))) throw error;
  }
}

type Calls = (words: Int32Array) => (() => unknown)[];

/** Seats 1 and 2 are taken, 3 is one of the dead. */
function rosterOf(words: Int32Array): Roster {
  return new Roster(words, 0, OWNERS);
}

/** What every lock has, through a handle of each of two threads. */
function locking(
  locks: readonly (Mutex | SpinLock | FairMutex | Semaphore | ReadWriteLock['read'])[],
): (() => unknown)[] {
  return locks.flatMap((lock) => [() => lock.lock(0), () => lock.tryLock(), () => lock.unlock(), () => lock.unlock()]);
}

function target(calls: Calls): FuzzTarget {
  return {
    seeds: () => [Uint8Array.of(0)],
    structures: [corruptions],
    longest: 256,
    milliseconds: 500,
    run: (input) => {
      const words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
      const roster = rosterOf(words);
      for (const owner of [1, 2, 3]) roster.join(owner);
      roster.bury(3);
      calls(words).forEach((call, i) => {
        corrupt(words, input, i % 16);
        attempt(call);
      });
    },
  };
}

const AT = 16;
const mutexes: Calls = (words) => {
  const options = { alive: (owner: number) => rosterOf(words).alive(owner) };
  const locks = [1, 2].flatMap((owner) => [
    new Mutex(words, AT, owner, options),
    new SpinLock(words, AT, owner, options),
    new FairMutex(words, AT + 1, OWNERS, owner, options),
  ]);
  const [mutex] = locks;
  const condition = new Condition(words, AT + 10);
  return [
    ...locking(locks),
    ...locks.flatMap((lock) => [() => lock.holder, () => lock.bury(3)]),
    () => mutex!.tryLock() !== false && condition.wait(mutex!, 0),
    () => condition.notifyAll(),
    ...locking(locks),
  ];
};

const seats: Calls = (words) => {
  const options = { alive: (owner: number) => rosterOf(words).alive(owner) };
  const semaphores = [1, 2].map((owner) => new Semaphore(words, AT, OWNERS, owner, { ...options, permits: 2 }));
  const both = [1, 2].map((owner) => new ReadWriteLock(words, AT + 32, OWNERS, owner, options));
  const locks = [...semaphores, ...both.flatMap(({ read, write }) => [read, write])];
  return [
    ...locking(locks),
    ...semaphores.flatMap((one) => [() => one.free, () => one.heldBy(3), () => one.bury(3)]),
    ...both.flatMap((one) => [() => one.readers + one.writer, () => one.heldBy(3), () => one.bury(3)]),
    ...locking(locks),
  ];
};

const table: Calls = (words) => {
  const options = { alive: (owner: number) => rosterOf(words).alive(owner) };
  const tables = [1, 2].map((owner) => new LockTable(words, AT, 8, owner, options));
  const keys = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return [1, 2].flatMap(() =>
    tables.flatMap((one) => [
      ...keys.flatMap((id) => [() => one.lock(1, 2, id, 0), () => one.holder(1, 2, id)]),
      () => one.heldBy(1).length + one.guardHolder,
      () => one.bury(3),
      ...keys.map((id) => () => one.unlock(1, 2, id)),
    ]),
  );
};

const roster: Calls = (words) => {
  const one = rosterOf(words);
  return [1, 2, 3, 3, 2, 1].flatMap((owner) => [
    () => one.alive(owner),
    () => one.bury(owner),
    () => one.generation(owner) + one.size,
    () => one.leave(owner),
    () => one.join(),
    () => one.join(owner),
  ]);
};

export const TARGETS: FuzzTargets = {
  mutexes: target(mutexes),
  seats: target(seats),
  'lock-table': target(table),
  roster: target(roster),
};
