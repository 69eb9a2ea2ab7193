// The protocols of what is built on locks, and wrong ones, for the explorer: the shipped code, called by two or three actors.
import { Condition, FairMutex, type Locking, Mutex, ReadWriteLock, Semaphore } from '@idspace/lock';
import { type Protocol, part } from '@idspace/testkit/explore';

type Memory = SharedArrayBuffer;
type Alive = (owner: number) => boolean;

/** Words that the actors use, from the beginning; the lock begins behind them. */
const WORDS = { left: 0, right: 1, dead: 2, clock: 3, place: 4 };
const LOCK = 8;
const BYTES = 4 * (LOCK + 8);
/** Names of all words in schedules: the lock, and what it keeps behind its first word. */
const NAMES: Record<string, number> = { ...WORDS, lock: LOCK };
for (let word = 1; word < 8; word++) NAMES[`lock + ${word}`] = LOCK + word;

/** Makes what an actor takes, for owner 1… of `owners`. */
type Make = (words: Int32Array, owner: number, owners: number, alive?: Alive) => Locking;

const fair: Make = (words, owner, owners, alive) => new FairMutex(words, LOCK, owners, owner, alive && { alive });
const permits =
  (permits: number): Make =>
  (words, owner, owners, alive) =>
    new Semaphore(words, LOCK, owners, owner, { permits, alive });
const writing: Make = (words, owner, owners, alive) =>
  new ReadWriteLock(words, LOCK, owners, owner, alive && { alive }).write;
const reading: Make = (words, owner, owners, alive) =>
  new ReadWriteLock(words, LOCK, owners, owner, alive && { alive }).read;

function protocolOf(actors: number, work: (owner: number) => (memory: Memory) => unknown): Protocol {
  const names = Array.from({ length: actors }, (_, i) => [`owner ${i + 1}`, work(i + 1)] as const);
  return { bytes: BYTES, words: NAMES, actors: Object.fromEntries(names) };
}

function expectWords(memory: Memory, expected: Record<string, number>): void {
  const words = new Int32Array(memory);
  const got = Object.fromEntries(Object.keys(expected).map((name) => [name, words[WORDS[name as 'left']]]));
  if (JSON.stringify(got) !== JSON.stringify(expected))
    throw new Error(`got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}

/** Each takes it some times and adds 1 to a counter: no update may be lost, and none may be left asleep. */
export function counting(make: Make, actors: number, rounds = 1): Protocol {
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = make(words, owner, actors);
    for (let round = 0; round < rounds; round++) {
      part(() => lock.lock());
      words[WORDS.left]++;
      part(() => lock.unlock());
    }
  };
  return { ...protocolOf(actors, work), check: (memory) => expectWords(memory, { left: actors * rounds }) };
}

/** Owner 1 may be killed anywhere; the next taker is told if it died in its section, and repairs. */
export function dying(make: Make, actors: number): Protocol {
  const section = (words: Int32Array, lock: Locking): string => {
    const outcome = part(() => lock.lock());
    if (outcome === 'owner-died') words[WORDS.right] = words[WORDS.left];
    if (words[WORDS.left] !== words[WORDS.right]) return 'torn';
    words[WORDS.left]++;
    words[WORDS.right]++;
    part(() => lock.unlock());
    return String(outcome);
  };
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    return section(
      words,
      make(words, owner, actors + 1, (other) => Atomics.load(words, WORDS.dead) !== other),
    );
  };
  return {
    ...protocolOf(actors, work),
    killed: { 'owner 1': (memory) => void (new Int32Array(memory)[WORDS.dead] = 1) },
    check: (memory, results) => {
      const words = new Int32Array(memory);
      const last = section(
        words,
        make(words, actors + 1, actors + 1, (other) => words[WORDS.dead] !== other),
      );
      if ([...Object.values(results), last].includes('torn')) throw new Error('torn');
    },
  };
}

/** Owner 1 may be killed anywhere, and is buried by owner 3 while owner 2, that cannot ask who lives, wants it. */
export function buried(make: Make): Protocol {
  const pass = (words: Int32Array, owner: number): string => {
    const lock = make(words, owner, 4);
    const outcome = part(() => lock.lock());
    part(() => lock.unlock());
    return String(outcome);
  };
  return {
    bytes: BYTES,
    words: NAMES,
    actors: {
      'owner 1': (memory) => {
        const words = new Int32Array(memory);
        pass(words, 1);
        Atomics.store(words, WORDS.clock, 1);
      },
      'owner 2': (memory) => pass(new Int32Array(memory), 2),
      'owner 3': (memory) => {
        const words = new Int32Array(memory);
        while (Atomics.load(words, WORDS.dead) === 0 && Atomics.load(words, WORDS.clock) === 0);
        if (Atomics.load(words, WORDS.dead) === 0) return false;
        return (make(words, 3, 4) as unknown as { bury(owner: number): boolean }).bury(1);
      },
    },
    killed: { 'owner 1': (memory) => void (new Int32Array(memory)[WORDS.dead] = 1) },
    check: (memory) => void pass(new Int32Array(memory), 4),
  };
}

/** Owner 2 gives up at any moment; whether it got in or not, the others do. */
export function timing(make: Make, actors: number): Protocol {
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = make(words, owner, actors);
    const outcome = part(() => lock.lock(owner === 2 ? 1_000 : Number.POSITIVE_INFINITY));
    if (outcome === false) return 'false';
    words[WORDS.left]++;
    part(() => lock.unlock());
    return String(outcome);
  };
  return {
    ...protocolOf(actors, work),
    impatient: ['owner 2'],
    check: (memory, results) => {
      const gotIn = Object.values(results).filter((outcome) => outcome === 'true').length;
      if (gotIn < actors - 1) throw new Error('a patient taker did not get in');
      expectWords(memory, { left: gotIn });
    },
  };
}

interface Insides {
  sitDown(call: string): void;
  firstSeat(): number;
  call(): void;
}

/** Owner 1 holds it; of the others, one whose ticket was out before another asked for its own goes first. */
export function inOrder(change: (lock: FairMutex, words: Int32Array) => void = () => {}): Protocol {
  const tick = (words: Int32Array): number => Atomics.add(words, WORDS.clock, 1);
  const waits = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = new FairMutex(words, LOCK, 3, owner);
    change(lock, words);
    const inside = lock as unknown as Insides;
    const { sitDown } = inside;
    let times = [0, -1];
    inside.sitDown = (call) => {
      const begin = tick(words);
      sitDown.call(lock, call);
      times = [begin, tick(words)];
    };
    const seen = part(() => {
      lock.lock();
      return times;
    });
    const place = words[WORDS.place]++;
    part(() => lock.unlock());
    return [place, ...seen].join();
  };
  return {
    bytes: BYTES,
    words: NAMES,
    setup: (memory) => void (new Int32Array(memory)[LOCK] = 1),
    actors: {
      'owner 1': (memory) => {
        const words = new Int32Array(memory);
        const lock = new FairMutex(words, LOCK, 3, 1);
        change(lock, words);
        part(() => lock.unlock());
      },
      'owner 2': waits(2),
      'owner 3': waits(3),
    },
    check: (_, results) => {
      const of = (owner: number): number[] => String(results[`owner ${owner}`]).split(',').map(Number);
      for (const [one, other] of [
        [of(2), of(3)],
        [of(3), of(2)],
      ]) {
        const waited = one![2]! >= 0 && other![2]! >= 0;
        if (waited && one![2]! < other![1]! && one![0]! > other![0]!) throw new Error('overtaken');
      }
    },
  };
}

/** At most so many inside. */
function crowd(make: Make, actors: number, most: number): Protocol {
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = make(words, owner, actors);
    part(() => lock.lock());
    Atomics.add(words, WORDS.left, 1);
    Atomics.sub(words, WORDS.left, 1);
    part(() => lock.unlock());
  };
  return {
    ...protocolOf(actors, work),
    invariant: (memory) => {
      const inside = new Int32Array(memory)[WORDS.left];
      if (inside > most) throw new Error(`${inside} inside, of ${most}`);
    },
    check: (memory) => expectWords(memory, { left: 0 }),
  };
}

/** Owner 1 writes two words, the others read both: they are equal. */
function torn(readers: number, read = reading): Protocol {
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = (owner === 1 ? writing : read)(words, owner, readers + 1);
    part(() => lock.lock());
    if (owner === 1) {
      words[WORDS.left]++;
      words[WORDS.right]++;
    }
    const isTorn = words[WORDS.left] !== words[WORDS.right];
    part(() => lock.unlock());
    return isTorn;
  };
  return {
    ...protocolOf(readers + 1, work),
    check: (memory, results) => {
      if (Object.values(results).includes(true)) throw new Error('a reader saw half a change');
      expectWords(memory, { left: 1, right: 1 });
    },
  };
}

type Awaits = (condition: Condition, lock: Locking, words: Int32Array) => void;
const awaits: Awaits = (condition, lock) => void condition.wait(lock);

/** Owner 1 makes what each of the others takes away. */
function handing(takers: number, all: boolean, wait: Awaits = awaits): Protocol {
  const parts = (memory: Memory, owner: number): [Int32Array, Mutex, Condition] => {
    const words = new Int32Array(memory);
    return [words, new Mutex(words, LOCK, owner, { looks: 0 }), new Condition(words, LOCK + 1)];
  };
  const work = (owner: number) => (memory: Memory) => {
    const [words, lock, condition] = parts(memory, owner);
    part(() => lock.lock());
    if (owner === 1) words[WORDS.left] = takers;
    else {
      while (words[WORDS.left] === 0) part(() => wait(condition, lock, words));
      words[WORDS.left]--;
    }
    if (owner === 1 && all) part(() => condition.notifyAll());
    else if (owner === 1) part(() => condition.notifyOne());
    part(() => lock.unlock());
  };
  return { ...protocolOf(takers + 1, work), check: (memory) => expectWords(memory, { left: 0 }) };
}

/** Owner 1 holds a lock that another has marked and given up, and gives it back while the others come: none may be left asleep. */
function marked(make: Make, actors: number): Protocol {
  const work = (owner: number) => (memory: Memory) => {
    const words = new Int32Array(memory);
    const lock = make(words, owner, actors);
    if (owner > 1) part(() => lock.lock());
    words[WORDS.left]++;
    part(() => lock.unlock());
  };
  return {
    ...protocolOf(actors, work),
    setup: (memory) => void (new Int32Array(memory)[LOCK] = 1 | (1 << 31)),
    check: (memory) => expectWords(memory, { left: actors }),
  };
}

/** What holds, and is soon explored. */
export const SYNC_PROTOCOLS: Record<string, Protocol> = {
  'fair mutex, 2 actors': counting(fair, 2),
  'fair mutex, 2 actors, one may be killed': dying(fair, 2),
  'fair mutex, 2 actors, one impatient': timing(fair, 2),
  'semaphore of 1, 2 actors': counting(permits(1), 2),
  'semaphore of 1, 2 actors, one impatient': timing(permits(1), 2),
  'semaphore of 1, 2 actors, one may be killed': dying(permits(1), 2),
  'read-write lock, a writer and a reader': torn(1),
  'read-write lock, 2 writers': counting(writing, 2),
  'read-write lock, 2 writers, one may be killed': dying(writing, 2),
  'read-write lock, 2 writers, one impatient': timing(writing, 2),
  'condition, one makes, one takes': handing(1, false),
};

/** What takes minutes to the end: the tests play some schedules of it. */
export const SAMPLED_SYNC_PROTOCOLS: Record<string, Protocol> = {
  'semaphore of 2, 3 actors': crowd(permits(2), 3, 2),
  'fair mutex, marked, given back while 2 come': marked(fair, 3),
  'semaphore that is not robust, a holder killed and buried': buried(permits(1)),
};

/** What holds, and takes seconds to hours to the end: docs/exploring.md tells of each. */
export const LARGE_SYNC_PROTOCOLS: Record<string, Protocol> = {
  ...SAMPLED_SYNC_PROTOCOLS,
  'fair mutex, 2 actors twice each': counting(fair, 2, 2),
  'fair mutex, its holder unlocks, 2 wait in order': inOrder(),
  'fair mutex that is not robust, a holder or waiter killed and buried': buried(fair),
  'fair mutex, 3 actors': counting(fair, 3),
  'fair mutex, 3 actors, one may be killed': dying(fair, 3),
  'fair mutex, 3 actors, one impatient': timing(fair, 3),
  'read-write lock, a writer and 2 readers': torn(2),
  'condition, one makes, two take': handing(2, true),
};

/** A fair mutex that calls the next one before it passes the lock on. */
const hasty: Make = (words, owner, owners) => {
  const lock = new FairMutex(words, LOCK, owners, owner);
  const inside = lock as unknown as { call(): void };
  lock.unlock = () => {
    inside.call();
    Atomics.store(words, LOCK, Atomics.load(words, LOCK) < 0 ? -1 : 0);
  };
  return lock;
};

/** A fair mutex that frees the lock where it saw none that waits, and does not look again. */
const heedless: Make = (words, owner, owners) => {
  const lock = new FairMutex(words, LOCK, owners, owner);
  const inside = lock as unknown as Insides;
  const [passed, called] = [-1, 0x4000_0000];
  inside.call = () => {
    while (Atomics.load(words, LOCK) === passed) {
      const first = inside.firstSeat();
      if (first === 0) {
        if (Atomics.compareExchange(words, LOCK, passed, 0) === passed) return;
        continue;
      }
      Atomics.or(words, LOCK + 1 + first, called);
      Atomics.notify(words, LOCK + 1 + first, 1);
      return;
    }
  };
  return lock;
};

/** A fair mutex whose order is the other way round. */
function lastFirst(lock: FairMutex, words: Int32Array): void {
  (lock as unknown as Insides).firstSeat = () => {
    const [two, three] = [2, 3].map((owner) => words[LOCK + 1 + owner]! & 0x3fff_ffff);
    if (two === 0 && three === 0) return 0;
    return two! > three! ? 2 : 3;
  };
}

/** A semaphore that looks and then takes, without a guard. */
const unguarded =
  (count: number): Make =>
  (words, owner, owners) => {
    const lock = permits(count)(words, owner, owners);
    const seats = (lock as unknown as { seats: { enters(): boolean } }).seats;
    seats.enters = () => true;
    return lock;
  };

/** A read-write lock whose readers do not mind a writer. */
const bold: Make = (words, owner, owners) => {
  const lock = reading(words, owner, owners);
  const inside = lock as unknown as { want(method: string): object };
  const { want } = inside;
  inside.want = (method) => ({ ...want.call(lock, method), admits: () => true });
  return lock;
};

/** A condition that looks at its count when the lock is free already. */
const late: Awaits = (_, lock, words) => {
  lock.unlock();
  Atomics.wait(words, LOCK + 1, Atomics.load(words, LOCK + 1));
  lock.lock();
};

/** What does not hold, and what the explorer must say of it. */
export const BROKEN_SYNC: Record<string, { protocol: Protocol; message: string }> = {
  'a fair mutex that calls before it passes on': { protocol: counting(hasty, 2, 2), message: 'asleep forever' },
  'a fair mutex that does not look again after it was freed': {
    protocol: marked(heedless, 3),
    message: 'asleep forever',
  },
  'a fair mutex that hands over to the last one': { protocol: inOrder(lastFirst), message: 'overtaken' },
  'a semaphore without a guard': { protocol: crowd(unguarded(1), 2, 1), message: '2 inside, of 1' },
  'a semaphore of 2 without a guard': { protocol: crowd(unguarded(2), 3, 2), message: '3 inside, of 2' },
  'a read-write lock whose readers do not mind a writer': { protocol: torn(1, bold), message: 'half a change' },
  'a condition that reads its count too late': { protocol: handing(1, false, late), message: 'asleep forever' },
};
