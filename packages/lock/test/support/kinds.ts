// Every lock the tests are held over, by the name under which a worker makes it.
import { type Lock, type LockOptions, lockWord, Mutex, SpinLock, tryLockWord, unlockWord } from '@idspace/lock';

/** The calls that all of them share. */
export type Locking = Pick<Lock, 'tryLock' | 'lock' | 'unlock'>;

type Make = (words: Int32Array, index: number, owner: number, options?: LockOptions) => Locking;

export type Kind = 'SpinLock' | 'Mutex' | 'Mutex that sleeps immediately' | 'lockWord' | 'SpinLock and Mutex';

const KINDS: Record<Kind, Make> = {
  SpinLock: (words, index, owner, options) => new SpinLock(words, index, owner, options),
  Mutex: (words, index, owner, options) => new Mutex(words, index, owner, options),
  'Mutex that sleeps immediately': (words, index, owner, options) =>
    new Mutex(words, index, owner, { ...options, looks: 0 }),
  lockWord: (words, index, owner, options) => ({
    tryLock: () => tryLockWord(words, index, owner, options?.alive),
    lock: (timeoutMs) => lockWord(words, index, owner, timeoutMs, options?.alive),
    unlock: () => unlockWord(words, index, owner),
  }),
  // On the same word: owners with odd numbers spin, the others sleep.
  'SpinLock and Mutex': (words, index, owner, options) =>
    owner % 2 === 1 ? new SpinLock(words, index, owner, options) : new Mutex(words, index, owner, options),
};

export const kinds: Kind[] = Object.keys(KINDS) as Kind[];

export function makeLock(kind: Kind, words: Int32Array, index: number, owner: number, options?: LockOptions): Locking {
  return KINDS[kind](words, index, owner, options);
}
