// Locks whose threads end amid calls, and what they may leave.
import {
  type Alive,
  Condition,
  FairMutex,
  type Locking,
  type LockOutcome,
  LockTable,
  Mutex,
  ReadWriteLock,
  Roster,
  Semaphore,
  SpinLock,
} from '@idspace/lock';
import { expectSame } from '@idspace/testkit';
import { type MortalCases, type MortalOperation, mortalCase, OWNERS } from '@idspace/testkit/death-tests';

/** A thread that holds something all the time. */
const NEIGHBOUR = OWNERS;
const ROSTER = 0;
const CONDITION = OWNERS;
/** What is locked begins here. */
const LOCK = 16;
/** By the clock of a thread that ends, no time passes but in its sleep. */
const MS = 5;

type Made = ReturnType<MortalCases[string]>;
type Operations<Thread, Oracle> = Record<string, MortalOperation<Thread, Oracle>>;

/** What all locks here have: a number is buried in them before it is given back. */
interface Thread {
  readonly roster: Roster;
  bury(owner: number): unknown;
}

/** What a case has to say beside its memory. */
interface Kind<T extends Thread, Oracle> {
  make(words: Int32Array, owner: number, alive: Alive): Omit<T, 'roster'>;
  /** What the neighbour does first, if it does anything. */
  hold?(neighbour: T): unknown;
  oracle: Oracle;
  operations: Operations<T, Oracle>;
  buried(oracle: Oracle): void;
  /** What a thread can have: called on memory that is put back afterwards, where the neighbour may give back what it holds. */
  probe(thread: T, oracle: Oracle, neighbour: T): void;
}

function lockCase<T extends Thread, Oracle>(kind: Kind<T, Oracle>): Made {
  const memory = new SharedArrayBuffer(4 * 128);
  const bytes = Buffer.from(memory);
  const attach = (owner: number): T => {
    const words = new Int32Array(memory);
    const roster = new Roster(words, ROSTER, OWNERS);
    if (roster.alive(owner) !== true) roster.join(owner);
    return { ...kind.make(words, owner, (other) => roster.alive(other)), roster } as T;
  };
  kind.hold?.(attach(NEIGHBOUR));
  const check = (thread: T, oracle: Oracle): void => {
    const before = Buffer.from(bytes);
    try {
      kind.probe(thread, oracle, attach(NEIGHBOUR));
    } finally {
      bytes.set(before);
    }
  };
  return mortalCase<T, Oracle>({
    memory,
    oracle: kind.oracle,
    operations: kind.operations,
    attach,
    // The number stays, as it may hold something.
    detach: () => undefined,
    bury: (thread, owner) => {
      if (!thread.roster.bury(owner) && !thread.roster.dead(owner)) return;
      thread.bury(owner);
      thread.roster.leave(owner);
    },
    buried: kind.buried,
    check,
    end: ({ roster }) => {
      for (let owner = 1; owner <= OWNERS; owner++) if (roster.alive(owner) === true) roster.leave(owner);
      const seats = Array.from({ length: OWNERS + 1 }, () => roster.join());
      expectSame(seats, [...Array.from({ length: OWNERS }, (_, i) => i + 1), 0], 'the seats');
    },
  });
}

/** A number of permits, of which the victim holds some, and the neighbour; a lock has one. */
interface Permits {
  held: number;
  readonly theirs: number;
  readonly all: number;
  /** Whether the next taker is told of a death. */
  died: boolean;
}

interface LockThread extends Thread {
  readonly lock: Locking;
  readonly condition: Condition;
}

function taken(o: Permits): LockOutcome {
  if (o.held + o.theirs >= o.all) return false;
  o.held++;
  const outcome = o.died ? 'owner-died' : true;
  o.died = false;
  return outcome;
}

function permits(make: (words: Int32Array, owner: number, alive: Alive) => Locking, all: number, theirs: number): Made {
  const mustHold = (o: Permits): void => {
    if (o.held === 0) throw new RangeError();
  };
  return lockCase<LockThread, Permits>({
    make: (words, owner, alive) => {
      const lock = make(words, owner, alive);
      const bury = (other: number): unknown => (lock as Mutex).bury(other);
      return { lock, condition: new Condition(words, CONDITION), bury };
    },
    hold: ({ lock }) => theirs > 0 && lock.lock(),
    oracle: { held: 0, theirs, all, died: false },
    operations: {
      lock: {
        weight: 2,
        args: () => [],
        subject: ({ lock }) => lock.lock(MS),
        oracle: (o) => {
          if (o.held === o.all) throw new RangeError();
          return taken(o);
        },
      },
      tryLock: { args: () => [], subject: ({ lock }) => lock.tryLock(), oracle: taken },
      unlock: {
        weight: 2,
        args: () => [],
        subject: ({ lock }) => lock.unlock(),
        oracle: (o) => {
          mustHold(o);
          o.held--;
        },
      },
      hold: {
        args: () => [],
        subject: ({ lock }) => lock.hold(MS)?.outcome ?? false,
        oracle: (o) => {
          if (o.held === o.all) throw new RangeError();
          return taken(o);
        },
      },
      withLock: {
        args: () => [],
        subject: ({ lock }) => {
          if (lock.tryLock() === false) return null;
          lock.unlock();
          return lock.withLock((outcome) => outcome);
        },
        oracle: (o) => {
          if (taken(o) === false) return null;
          o.held--;
          return true;
        },
        between: (o) => (taken(o) === false ? [] : [o]),
      },
      wait: {
        args: () => [],
        subject: ({ lock, condition }) => condition.wait(lock, MS),
        oracle: (o) => {
          mustHold(o);
          return false;
        },
        // Asleep, it holds one less.
        between: (o) => (o.held === 0 ? [] : [{ ...o, held: o.held - 1 }]),
      },
      notifyOne: { args: () => [], subject: ({ condition }) => condition.notifyOne(), oracle: () => undefined },
      notifyAll: { args: () => [], subject: ({ condition }) => condition.notifyAll(), oracle: () => undefined },
    },
    buried: (o) => {
      if (o.held > 0) o.died = true;
      o.held = 0;
    },
    probe: ({ lock }, o, neighbour) => {
      const mine = o.held;
      if (theirs > 0) neighbour.lock.unlock();
      for (let left = all - mine; left > 0; left--)
        expectSame(lock.tryLock(), o.died && left === all - mine ? 'owner-died' : true, 'a permit');
      expectSame(lock.tryLock(), false, 'one more permit than there is');
    },
  });
}

/** A read-write lock: the victim's reads, and whether it writes. */
interface Sides {
  reads: number;
  writes: boolean;
  readonly theirs: number;
  died: boolean;
}

interface SidesThread extends Thread {
  readonly lock: ReadWriteLock;
}

function readWrite(theirs: number): Made {
  const told = (o: Sides): LockOutcome => (o.died ? 'owner-died' : true);
  const read = (o: Sides): LockOutcome => {
    if (o.writes) return false;
    o.reads++;
    return told(o);
  };
  const write = (o: Sides): LockOutcome => {
    if (o.writes || o.reads + theirs > 0) return false;
    o.writes = true;
    return told(o);
  };
  const refusing = (isOwn: boolean, call: () => LockOutcome): LockOutcome => {
    if (isOwn) throw new RangeError();
    return call();
  };
  return lockCase<SidesThread, Sides>({
    make: (words, owner, alive) => {
      const lock = new ReadWriteLock(words, LOCK, OWNERS, owner, { alive });
      return { lock, bury: (other) => lock.bury(other) };
    },
    hold: ({ lock }) => theirs > 0 && lock.read.lock(),
    oracle: { reads: 0, writes: false, theirs, died: false },
    operations: {
      'read.lock': {
        args: () => [],
        subject: ({ lock }) => lock.read.lock(MS),
        oracle: (o) => refusing(o.writes, () => read(o)),
      },
      'read.hold': {
        args: () => [],
        subject: ({ lock }) => lock.read.hold(MS)?.outcome ?? false,
        oracle: (o) => refusing(o.writes, () => read(o)),
      },
      'read.tryLock': { args: () => [], subject: ({ lock }) => lock.read.tryLock(), oracle: read },
      'read.unlock': {
        weight: 2,
        args: () => [],
        subject: ({ lock }) => lock.read.unlock(),
        oracle: (o) => {
          if (o.reads === 0) throw new RangeError();
          o.reads--;
        },
      },
      'write.lock': {
        args: () => [],
        subject: ({ lock }) => lock.write.lock(MS),
        oracle: (o) => refusing(o.writes || o.reads > 0, () => write(o)),
      },
      'write.hold': {
        args: () => [],
        subject: ({ lock }) => lock.write.hold(MS)?.outcome ?? false,
        oracle: (o) => refusing(o.writes || o.reads > 0, () => write(o)),
      },
      'write.tryLock': { args: () => [], subject: ({ lock }) => lock.write.tryLock(), oracle: write },
      'write.unlock': {
        weight: 2,
        args: () => [],
        subject: ({ lock }) => lock.write.unlock(),
        oracle: (o) => {
          if (!o.writes) throw new RangeError();
          o.writes = false;
          o.died = false;
        },
        // What it guards is repaired, and it holds it still.
        between: (o) => (o.writes ? [{ ...o, died: false }] : []),
      },
    },
    buried: (o) => {
      o.died ||= o.writes;
      o.reads = 0;
      o.writes = false;
    },
    probe: ({ lock }, o, neighbour) => {
      expectSame([lock.readers, lock.writer > 0], [o.reads + theirs, o.writes], 'readers, and whether one writes');
      expectSame(lock.read.tryLock(), o.writes ? false : told(o), 'to read');
      if (!o.writes) lock.read.unlock();
      if (theirs > 0) neighbour.lock.read.unlock();
      expectSame(lock.write.tryLock(), o.writes || o.reads > 0 ? false : told(o), 'to write');
    },
  });
}

/** By key: who holds it, or that its holder died. */
type Keys = Map<number, 'victim' | 'neighbour' | 'dead'>;
const SLOTS = 8;
const THEIR_KEY = 9;
const KEYS = [0, 1, 2, 2 ** 31 - 1, THEIR_KEY];
const LO = 7;
const HI = 2 ** 32 - 1;

interface TableThread extends Thread {
  readonly table: LockTable;
}

function lockTable(): Made {
  const take = (o: Keys, key: number): LockOutcome => {
    const was = o.get(key);
    if (was === 'victim' || was === 'neighbour') return false;
    o.set(key, 'victim');
    return was === 'dead' ? 'owner-died' : true;
  };
  return lockCase<TableThread, Keys>({
    make: (words, owner, alive) => {
      const table = new LockTable(words, LOCK, SLOTS, owner, { alive });
      return { table, bury: (other) => table.bury(other) };
    },
    hold: ({ table }) => table.lock(LO, HI, THEIR_KEY),
    oracle: new Map([[THEIR_KEY, 'neighbour']]),
    operations: {
      lock: {
        weight: 3,
        args: (r) => [r.pick(KEYS)],
        subject: ({ table }, key: number) => table.lock(LO, HI, key, MS),
        oracle: (o, key: number) => {
          if (o.get(key) === 'victim') throw new RangeError();
          return take(o, key);
        },
      },
      hold: {
        args: (r) => [r.pick(KEYS)],
        subject: ({ table }, key: number) => table.hold(LO, HI, key, MS)?.outcome ?? false,
        oracle: (o, key: number) => {
          if (o.get(key) === 'victim') throw new RangeError();
          return take(o, key);
        },
      },
      tryLock: {
        args: (r) => [r.pick(KEYS)],
        subject: ({ table }, key: number) => table.tryLock(LO, HI, key),
        oracle: take,
      },
      unlock: {
        weight: 3,
        args: (r) => [r.pick(KEYS)],
        subject: ({ table }, key: number) => table.unlock(LO, HI, key),
        oracle: (o, key: number) => {
          if (o.get(key) !== 'victim') throw new RangeError();
          o.delete(key);
        },
      },
    },
    buried: (o) => {
      for (const [key, holder] of o) if (holder === 'victim') o.set(key, 'dead');
    },
    probe: ({ table }, o, neighbour) => {
      for (const key of KEYS) {
        const was = o.get(key);
        const expected = was === undefined ? true : was === 'dead' ? 'owner-died' : false;
        expectSame(table.tryLock(LO, HI, key), expected, `the lock of ${key}`);
      }
      const held = KEYS.length;
      for (let key = 100; key < 100 + SLOTS - held; key++)
        expectSame(table.tryLock(LO, HI, key), true, `the lock of ${key}`);
      neighbour.table.unlock(LO, HI, THEIR_KEY);
      expectSame(table.tryLock(LO, HI, THEIR_KEY), true, 'the lock that the neighbour gave back');
      expectSame(table.guardHolder, 0, 'the holder of the guard');
    },
  });
}

const LOCKS = {
  SpinLock: (words, owner, alive) => new SpinLock(words, LOCK, owner, { alive }),
  Mutex: (words, owner, alive) => new Mutex(words, LOCK, owner, { alive }),
  FairMutex: (words, owner, alive) => new FairMutex(words, LOCK, OWNERS, owner, { alive }),
} satisfies Record<string, Parameters<typeof permits>[0]>;
const semaphore: Parameters<typeof permits>[0] = (words, owner, alive) =>
  new Semaphore(words, LOCK, OWNERS, owner, { permits: 3, alive });

export const MORTALS: MortalCases = {
  ...Object.fromEntries(
    Object.entries(LOCKS).flatMap(([name, make]) => [
      [`${name} with Condition and Roster`, () => permits(make, 1, 0)],
      [`${name} that another holds`, () => permits(make, 1, 1)],
    ]),
  ),
  Semaphore: () => permits(semaphore, 3, 0),
  'Semaphore of which another holds a permit': () => permits(semaphore, 3, 1),
  ReadWriteLock: () => readWrite(0),
  'ReadWriteLock that another reads': () => readWrite(1),
  LockTable: lockTable,
};
