// SpinLock: a lock whose takers wait by looking at it.
import { Lock } from './lock.ts';
import type { LockOutcome } from './lock-word.ts';
import { spinForWord } from './spin.ts';

/**
 * One thread's handle on a lock in a SharedArrayBuffer, whose takers keep their cores busy while they wait.
 *
 * Meant for sections of a few hundred nanoseconds and no more threads than cores; otherwise take Mutex.
 * Each thread makes its own handle on the same word, with an owner number no other thread uses. There is no fairness.
 *
 * Cost: 4 bytes of shared memory; give locks that are taken at the same time a cache line (16 words) each. Waiting is plain looks
 * at the word, ever further apart (50 ns to 0.8 µs), and an exchange each time it is seen free.
 * Source: spin_lock(), include/linux/spinlock.h: the contract (not recursive, unlocked by its holder).
 */
export class SpinLock extends Lock {
  protected override kind(): string {
    return 'SpinLock';
  }

  protected override wait(call: string, deadline: number): LockOutcome {
    const { words, index, owner, alive } = this;
    return spinForWord(call, words, index, owner, deadline, alive);
  }
}
