export type { Lock, LockOptions } from './lock.ts';
export { type Alive, holderOf, type LockOutcome, tryLockWord, unlockWord } from './lock-word.ts';
export { lockWord, Mutex, type MutexOptions } from './mutex.ts';
export { SpinLock } from './spin-lock.ts';
