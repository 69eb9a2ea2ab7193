// Threads that end amid an asynchronous call, between its promise and what that comes to: before each of their writes and
// notifications, and before each sleep. Another one holds the lock at first, or gives it back while the thread that ends sleeps for it.
// What that one leaves is buried, and nothing is lost.
import {
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
import { endAfterAsync } from '@idspace/testkit/explore';
import { expect, test } from 'vitest';

/** The thread that ends, the one that holds the lock at first, the one that buries, and the one that comes afterwards. */
const [VICTIM, NEIGHBOUR, BURIER, HEIR] = [1, 2, 3, 4];
const OWNERS = 4;
const CONDITION = OWNERS;
const LOCK = 16;
const BYTES = 4 * 128;

/** A thread's handle. */
interface Handle {
  readonly lock: Pick<Locking, 'tryLock' | 'unlock'>;
  /** The asynchronous calls, each with what gives back what it took. */
  readonly calls: Readonly<Record<string, () => Promise<unknown>>>;
  bury(owner: number): unknown;
  /** Whether a thread holds it so that the next taker is told of its death. */
  tells(owner: number): boolean;
}

type Make = (words: Int32Array, owner: number) => Handle;
type Alive = (owner: number) => boolean;

/** The calls that all locks have. */
function callsOf(lock: Locking, words: Int32Array): Handle['calls'] {
  const condition = new Condition(words, CONDITION);
  return {
    lockAsync: async () => {
      await lock.lockAsync();
      lock.unlock();
    },
    holdAsync: async () => (await lock.holdAsync())?.unlock(),
    withLockAsync: () => lock.withLockAsync(async () => void (await null)),
    waitAsync: async () => {
      await lock.lockAsync();
      await condition.waitAsync(lock);
      lock.unlock();
    },
  };
}

const rosterOf = (words: Int32Array): Roster => new Roster(words, 0, OWNERS);
const aliveIn =
  (words: Int32Array): Alive =>
  (owner) =>
    rosterOf(words).alive(owner) === true;

const simple =
  (make: (words: Int32Array, owner: number, alive: Alive) => SpinLock | Mutex | FairMutex): Make =>
  (words, owner) => {
    const lock = make(words, owner, aliveIn(words));
    const tells = (other: number): boolean => lock.holder === other;
    return { lock, calls: callsOf(lock, words), bury: (other) => lock.bury(other), tells };
  };

const side =
  (which: 'read' | 'write'): Make =>
  (words, owner) => {
    const lock = new ReadWriteLock(words, LOCK, OWNERS, owner, { alive: aliveIn(words) });
    // The others write, so that one more than there may be is seen.
    return {
      lock: owner === VICTIM ? lock[which] : lock.write,
      calls: callsOf(lock[which], words),
      bury: (other) => lock.bury(other),
      tells: (other) => lock.heldBy(other) === 'write',
    };
  };

const KEY = [7, 2 ** 32 - 1, 5] as const;

const MAKES: Record<string, Make> = {
  SpinLock: simple((words, owner, alive) => new SpinLock(words, LOCK, owner, { alive })),
  Mutex: simple((words, owner, alive) => new Mutex(words, LOCK, owner, { alive })),
  FairMutex: simple((words, owner, alive) => new FairMutex(words, LOCK, OWNERS, owner, { alive })),
  Semaphore: (words, owner) => {
    const lock = new Semaphore(words, LOCK, OWNERS, owner, { permits: 1, alive: aliveIn(words) });
    const tells = (other: number): boolean => lock.heldBy(other) > 0;
    return { lock, calls: callsOf(lock, words), bury: (other) => lock.bury(other), tells };
  },
  'ReadWriteLock.read': side('read'),
  'ReadWriteLock.write': side('write'),
  LockTable: (words, owner) => {
    const table = new LockTable(words, LOCK, 1, owner, { alive: aliveIn(words) });
    return {
      lock: { tryLock: () => table.tryLock(...KEY), unlock: () => table.unlock(...KEY) },
      calls: {
        lockAsync: async () => {
          await table.lockAsync(...KEY);
          table.unlock(...KEY);
        },
      },
      bury: (other) => table.bury(other),
      tells: (other) => table.heldBy(other).length > 0,
    };
  },
};

/** A thread that ends before so many changes; returns how many it made, and whether it ended amid the call. */
async function play(make: Make, call: string, isHeld: boolean, changes: number): Promise<[number, boolean]> {
  const memory = new SharedArrayBuffer(BYTES);
  for (let owner = 1; owner <= OWNERS; owner++) rosterOf(new Int32Array(memory)).join(owner);
  if (isHeld) expect(make(new Int32Array(memory), NEIGHBOUR).lock.tryLock()).toBe(true);
  let holds = isHeld;
  const meanwhile = (): void => {
    const words = new Int32Array(memory);
    if (holds) make(words, NEIGHBOUR).lock.unlock();
    holds = false;
    new Condition(words, CONDITION).notifyAll();
  };
  const { before, ...ending } = await endAfterAsync(memory, changes, {
    call: () => make(new Int32Array(memory), VICTIM).calls[call]!(),
    meanwhile,
  });
  expect(ending.error).toBeUndefined();
  const at = `before change ${changes}, ${before}`;
  // A copy: in its own memory the tasks of the dead thread wait still, and here all threads are one.
  const left = memory.slice(0);
  const words = new Int32Array(left);
  const roster = rosterOf(words);
  const neighbour = make(words, NEIGHBOUR);
  const isTold = make(words, BURIER).tells(VICTIM);
  if (before === null) expect(isTold, 'holds it still').toBe(false);
  roster.bury(VICTIM);
  make(words, BURIER).bury(VICTIM);
  roster.leave(VICTIM);
  if (holds) {
    expect(make(words, HEIR).lock.tryLock(), `${at}: the neighbour holds it`).toBe(false);
    neighbour.lock.unlock();
  }
  const heir = make(words, HEIR);
  const outcome: LockOutcome = isTold ? 'owner-died' : true;
  expect(heir.lock.tryLock(), at).toBe(outcome);
  expect(neighbour.lock.tryLock(), `${at}: two hold it`).toBe(false);
  heir.lock.unlock();
  // A call to the end, beside what the dead one has left.
  const again = await endAfterAsync(left, Number.POSITIVE_INFINITY, {
    call: () => make(new Int32Array(left), BURIER).calls[call]!(),
    meanwhile: () => new Condition(words, CONDITION).notifyAll(),
  });
  expect(again.error, at).toBeUndefined();
  expect(neighbour.lock.tryLock(), `${at}: afterwards`).toBe(true);
  return [ending.changes, before !== null];
}

const CASES = Object.entries(MAKES).flatMap(([name, make]) =>
  Object.keys(make(new Int32Array(new SharedArrayBuffer(BYTES)), VICTIM).calls).flatMap((call) =>
    [false, true].map((isHeld) => [name, call, isHeld ? 'held by another at first' : 'free', isHeld, make] as const),
  ),
);

test.each(CASES)('%s: %s, %s', async (name, call, state, isHeld, make) => {
  const [changes] = await play(make, call, isHeld, Number.POSITIVE_INFINITY);
  let deaths = 0;
  for (let before = 0; before < changes; before++) {
    const [, died] = await play(make, call, isHeld, before);
    if (died) deaths++;
  }
  console.log(`${name}: ${call}, ${state}: ended before ${deaths} changes`);
  expect(deaths).toBe(changes);
  expect(deaths).toBeGreaterThan(1);
});
