// Waiting by looking: test-and-test-and-set, as in spinlock_t of Linux before its queued spin locks.
import { type Alive, FREE, inheritWord, type LockOutcome, refuseOwn } from './lock-word.ts';

/** Looks at the word between two looks at the clock and at the holder: about a microsecond. */
const LOOKS_PER_CLOCK = 64;

/** Tells the core that it is spinning, where the engine can. */
export const pause: () => void = (Atomics as { pause?: () => void }).pause ?? (() => {});

/** Waits for the word with the core kept busy. The word is written only when it was seen free. */
export function spinForWord(
  words: Int32Array,
  index: number,
  owner: number,
  deadline: number,
  alive: Alive | undefined,
): LockOutcome {
  refuseOwn(Atomics.load(words, index), owner);
  for (let looks = 1; ; looks++) {
    if (Atomics.load(words, index) === FREE && Atomics.compareExchange(words, index, FREE, owner) === FREE) return true;
    pause();
    if (looks % LOOKS_PER_CLOCK !== 0) continue;
    if (alive !== undefined && inheritWord(words, index, owner, alive)) return 'owner-died';
    if (deadline !== Infinity && performance.now() >= deadline) return false;
  }
}
