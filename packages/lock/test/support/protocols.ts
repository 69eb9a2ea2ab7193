// The protocols of the locks, and wrong ones, for the explorer: the shipped code, called by two or three actors.
import { type Lock, Mutex, SpinLock } from '@idspace/lock';
import { type Protocol, part } from '@idspace/testkit/explore';
import type { Locking } from './kinds.ts';
import { BROKEN_SYNC, LARGE_SYNC_PROTOCOLS, SYNC_PROTOCOLS } from './sync-protocols.ts';
import { BROKEN_TABLES, LARGE_TABLE_PROTOCOLS, TABLE_PROTOCOLS } from './table-protocols.ts';

/** Words of the explored memory. */
const WORDS = { lock: 0, counter: 1, dead: 2, repairs: 3 };

type Make = (words: Int32Array, owner: number, alive?: (owner: number) => boolean) => Locking;

const spin: Make = (words, owner, alive) => new SpinLock(words, WORDS.lock, owner, alive && { alive });
const mutex: Make = (words, owner, alive) => new Mutex(words, WORDS.lock, owner, { looks: 0, ...(alive && { alive }) });
const lookingMutex: Make = (words, owner) => new Mutex(words, WORDS.lock, owner, { looks: 1 });
const bareMutex = (words: Int32Array, owner: number): Lock => new Mutex(words, WORDS.lock, owner, { looks: 0 });
const bareSpin = (words: Int32Array, owner: number): Lock => new SpinLock(words, WORDS.lock, owner);
const both: Make = (words, owner) => (owner === 1 ? spin : mutex)(words, owner);

/** Actors that each take the lock `rounds` times and add 1 to a counter: no update may be lost. */
function counting(make: Make, actors: number, rounds = 1): Protocol {
  const count =
    (owner: number) =>
    (memory: SharedArrayBuffer): void => {
      const words = new Int32Array(memory);
      const lock = make(words, owner);
      for (let round = 0; round < rounds; round++) {
        part(() => lock.lock());
        words[WORDS.counter]++;
        part(() => lock.unlock());
      }
    };
  return {
    bytes: 16,
    words: WORDS,
    actors: actorsOf(actors, count),
    check: (memory) => expectWords(memory, { lock: 0, counter: actors * rounds }),
  };
}

/** Actors that each take the lock and give it back: none may be left asleep. */
function passing(make: Make, actors: number): Protocol {
  const pass =
    (owner: number) =>
    (memory: SharedArrayBuffer): void => {
      const lock = make(new Int32Array(memory), owner);
      part(() => lock.lock());
      part(() => lock.unlock());
    };
  return {
    ...counting(make, actors),
    actors: actorsOf(actors, pass),
    check: (memory) => expectWords(memory, { lock: 0 }),
  };
}

/** As counting, but owner 1 may be killed anywhere; who inherits from it puts the counter right. */
function dying(make: Make, actors: number): Protocol {
  const work =
    (owner: number) =>
    (memory: SharedArrayBuffer): string => {
      const words = new Int32Array(memory);
      const lock = make(words, owner, (other) => Atomics.load(words, WORDS.dead) !== other);
      const outcome = part(() => lock.lock());
      if (outcome === 'owner-died') {
        words[WORDS.repairs]++;
        words[WORDS.counter] = 0;
      }
      words[WORDS.counter]++;
      words[WORDS.counter]--;
      part(() => lock.unlock());
      return String(outcome);
    };
  return {
    bytes: 16,
    words: WORDS,
    actors: actorsOf(actors, work),
    killed: {
      'owner 1': (memory) => {
        new Int32Array(memory)[WORDS.dead] = 1;
      },
    },
    check: (memory, results) => {
      const words = new Int32Array(memory);
      const last = mutex(words, 4, (owner) => words[WORDS.dead] !== owner).tryLock();
      if (last === false) throw new Error('the lock stays held');
      if (last === 'owner-died') words[WORDS.counter] = 0;
      const inherited = Object.values(results).filter((outcome) => outcome === 'owner-died').length;
      if (inherited + (last === 'owner-died' ? 1 : 0) > 1) throw new Error('two inherited from one death');
      expectWords(memory, { counter: 0, repairs: inherited });
    },
  };
}

/** Owner 1 may be killed anywhere, and is buried by owner 3 while owner 2, that is not told, wants the lock. */
function buried(make: (words: Int32Array, owner: number) => Lock): Protocol {
  const section = (words: Int32Array, lock: Lock): string => {
    const outcome = part(() => lock.lock());
    if (outcome === 'owner-died') words[WORDS.counter] = 0;
    words[WORDS.counter]++;
    words[WORDS.counter]--;
    part(() => lock.unlock());
    return String(outcome);
  };
  return {
    bytes: 16,
    words: { ...WORDS, done: WORDS.repairs },
    actors: {
      'owner 1': (memory) => {
        const words = new Int32Array(memory);
        section(words, make(words, 1));
        Atomics.store(words, WORDS.repairs, 1);
      },
      'owner 2': (memory) => section(new Int32Array(memory), make(new Int32Array(memory), 2)),
      'owner 3': (memory) => {
        const words = new Int32Array(memory);
        while (Atomics.load(words, WORDS.dead) === 0 && Atomics.load(words, WORDS.repairs) === 0);
        return Atomics.load(words, WORDS.dead) === 1 && make(words, 3).bury(1);
      },
    },
    killed: {
      'owner 1': (memory) => {
        new Int32Array(memory)[WORDS.dead] = 1;
      },
    },
    check: (memory, results) => {
      const words = new Int32Array(memory);
      const last = section(words, make(words, 4));
      const told = [results['owner 2'], last].filter((outcome) => outcome === 'owner-died').length;
      if (told !== (results['owner 3'] === true ? 1 : 0))
        throw new Error(`${told} were told, of ${results['owner 3']}`);
      expectWords(memory, { lock: 0, counter: 0 });
    },
  };
}

/** Owner 2 gives up at any moment; whether it got in or not, the lock works on. */
function timing(make: Make, actors: number): Protocol {
  const work =
    (owner: number) =>
    (memory: SharedArrayBuffer): string => {
      const words = new Int32Array(memory);
      const lock = make(words, owner);
      const outcome = part(() => lock.lock(owner === 2 ? 1_000 : Infinity));
      if (outcome !== false) {
        words[WORDS.counter]++;
        part(() => lock.unlock());
      }
      return String(outcome);
    };
  return {
    bytes: 16,
    words: WORDS,
    actors: actorsOf(actors, work),
    impatient: ['owner 2'],
    check: (memory, results) => {
      const gotIn = Object.values(results).filter((outcome) => outcome === 'true').length;
      if (gotIn < actors - 1) throw new Error('a patient taker did not get in');
      expectWords(memory, { lock: 0, counter: gotIn });
    },
  };
}

function actorsOf(count: number, work: (owner: number) => (memory: SharedArrayBuffer) => unknown): Protocol['actors'] {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`owner ${i + 1}`, work(i + 1)]));
}

function expectWords(memory: SharedArrayBuffer, expected: Partial<typeof WORDS>): void {
  const words = new Int32Array(memory);
  for (const [name, value] of Object.entries(expected)) {
    const got = words[WORDS[name as keyof typeof WORDS]];
    if (got !== value) throw new Error(`${name} is ${got}, expected ${value}`);
  }
}

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  'spin lock, 2 actors twice each': counting(spin, 2, 2),
  'spin lock, 3 actors': counting(spin, 3),
  'spin lock, 2 actors, one may be killed': dying(spin, 2),
  'spin lock, 2 actors, one impatient': timing(spin, 2),
  'mutex, 2 actors twice each': counting(mutex, 2, 2),
  'mutex, 3 actors passing': passing(mutex, 3),
  'mutex, 3 actors': counting(mutex, 3),
  'mutex, 3 actors, one may be killed': dying(mutex, 3),
  'mutex, 3 actors, one impatient': timing(mutex, 3),
  'mutex, 2 actors, one may be killed': dying(mutex, 2),
  'mutex, 2 actors, one impatient': timing(mutex, 2),
  'mutex that is not robust, its holder killed and buried': buried(bareMutex),
  'spin lock that is not robust, its holder killed and buried': buried(bareSpin),
  ...SYNC_PROTOCOLS,
  ...TABLE_PROTOCOLS,
};

/** What holds, and takes seconds to hours to the end: docs/exploring.md tells of each. */
export const LARGE_PROTOCOLS: Record<string, Protocol> = {
  'mutex that looks first, 2 actors twice each': counting(lookingMutex, 2, 2),
  'spin lock and mutex on one word, 3 actors': counting(both, 3),
  ...LARGE_SYNC_PROTOCOLS,
  ...LARGE_TABLE_PROTOCOLS,
};

/** A lock that looks and then takes, in two steps. */
const lookThenTake: Make = (words, owner) => ({
  ...spin(words, owner),
  lock: () => {
    while (Atomics.load(words, WORDS.lock) !== 0);
    Atomics.store(words, WORDS.lock, owner);
    return true;
  },
  unlock: () => void Atomics.store(words, WORDS.lock, 0),
});

const SLEEPERS = -0x8000_0000;

/** A mutex whose woken taker forgets that others may sleep on. */
const forgetful: Make = (words, owner) => ({
  ...mutex(words, owner),
  lock: () => {
    while (Atomics.compareExchange(words, WORDS.lock, 0, owner) !== 0) {
      const word = Atomics.load(words, WORDS.lock);
      if (word === 0 || Atomics.compareExchange(words, WORDS.lock, word, word | SLEEPERS) !== word) continue;
      Atomics.wait(words, WORDS.lock, word | SLEEPERS);
    }
    return true;
  },
  unlock: () => {
    if (Atomics.exchange(words, WORDS.lock, 0) < 0) Atomics.notify(words, WORDS.lock, 1);
  },
});

/** A mutex that wakes a sleeper first and frees the word afterwards. */
const hasty: Make = (words, owner) => {
  const lock = mutex(words, owner);
  return {
    tryLock: () => lock.tryLock(),
    lock: () => lock.lock(),
    unlock: () => {
      if (Atomics.load(words, WORDS.lock) < 0) Atomics.notify(words, WORDS.lock, 1);
      Atomics.store(words, WORDS.lock, 0);
    },
  };
};

/** What does not hold, and what the explorer must say of it. */
export const BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'a lock that looks, then takes': { protocol: counting(lookThenTake, 2), message: 'counter is 1, expected 2' },
  'a mutex that forgets other sleepers': { protocol: counting(forgetful, 3), message: 'asleep forever' },
  'a mutex that wakes before it frees': { protocol: counting(hasty, 2), message: 'asleep forever' },
  'a spin lock that is not robust, its holder killed': {
    protocol: dying((words, owner) => spin(words, owner), 2),
    message: 'no end after 500 steps',
  },
  'a mutex that is not robust, its holder killed': {
    protocol: dying((words, owner) => mutex(words, owner), 2),
    message: 'no end after 500 steps',
  },
  ...BROKEN_SYNC,
  ...BROKEN_TABLES,
};
