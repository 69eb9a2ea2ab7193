// The locks people write by hand: what @idspace/lock is compared with.

type Lock = [lock: () => void, unlock: () => void];

/** Test-and-test-and-set, without an owner. */
export function spinLock(words: Int32Array): Lock {
  return [
    () => {
      while (Atomics.compareExchange(words, 0, 0, 1) !== 0) while (Atomics.load(words, 0) !== 0);
    },
    () => {
      Atomics.store(words, 0, 0);
    },
  ];
}

/** Free, held, held with waiters. Reference: U. Drepper, "Futexes Are Tricky", mutex 2. */
export function drepperMutex(words: Int32Array): Lock {
  return [
    () => {
      let word = Atomics.compareExchange(words, 0, 0, 1);
      if (word === 0) return;
      if (word !== 2) word = Atomics.exchange(words, 0, 2);
      while (word !== 0) {
        Atomics.wait(words, 0, 2);
        word = Atomics.exchange(words, 0, 2);
      }
    },
    () => {
      if (Atomics.sub(words, 0, 1) === 1) return;
      Atomics.store(words, 0, 0);
      Atomics.notify(words, 0, 1);
    },
  ];
}
