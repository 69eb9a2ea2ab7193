// Waiting by looking: test-and-test-and-set, as in spinlock_t of Linux before its queued spin locks.
import { type Alive, FREE, inheritWord, type LockOutcome, refuseOwn } from './lock-word.ts';

/** Looks at the word between two looks at the clock and at the holder: some microseconds. */
const LOOKS_PER_CLOCK = 16;

/** Steps of the rest before the first look, and how often it is doubled from look to look: about 50 ns to 0.8 µs. */
const FIRST_REST = 64;
const DOUBLINGS = 4;

/** Tells the core that it is spinning, where the engine can. */
const pause: (() => void) | undefined = (Atomics as { pause?: () => void }).pause;
/** About as many steps as `pause` takes. */
const STEPS_PER_PAUSE = 64;
/** What the steps count on: an empty loop an engine might leave out. */
let steps = 0;

/**
 * Keeps the core busy before a look, without touching shared memory.
 *
 * A look takes the word's cache line, and what lies beside it, away from the thread that works under the lock, and costs it two
 * transfers between cores. Looking seldom lets it finish; looking ever less often, in proportion to the wait so far.
 */
export function rest(look: number): void {
  const length = FIRST_REST << Math.min(look, DOUBLINGS);
  if (pause !== undefined) for (let i = 0; i < length; i += STEPS_PER_PAUSE) pause();
  else for (let i = 0; i < length; i++) steps = (steps + 1) | 0;
}

/** Waits for the word with the core kept busy. The word is written only when it was seen free. */
export function spinForWord(
  call: string,
  words: Int32Array,
  index: number,
  owner: number,
  deadline: number,
  alive: Alive | undefined,
): LockOutcome {
  refuseOwn(call, Atomics.load(words, index), owner);
  for (let looks = 1; ; looks++) {
    rest(looks - 1);
    if (Atomics.load(words, index) === FREE && Atomics.compareExchange(words, index, FREE, owner) === FREE) return true;
    if (looks % LOOKS_PER_CLOCK !== 0) continue;
    if (inheritWord(words, index, owner, alive)) return 'owner-died';
    if (deadline !== Infinity && performance.now() >= deadline) return false;
  }
}
