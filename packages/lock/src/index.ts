export type { Lock, LockOptions } from './lock.ts';
export { LockTable } from './lock-table.ts';
export { type Alive, holderOf, type LockOutcome, tryLockWord, unlockWord } from './lock-word.ts';
export { PLAIN_ACCESS_IS_ORDERED } from './memory-order.ts';
export type { Refusal } from './misuse.ts';
export { lockWord, Mutex, type MutexOptions } from './mutex.ts';
export { Roster } from './roster.ts';
export { SpinLock } from './spin-lock.ts';
