// What takes a lock and gives it back while no other thread wants it.
import { LockTable, lockWord, Mutex, SpinLock, unlockWord } from '@idspace/lock';

const words = new Int32Array(new SharedArrayBuffer(4096));
const alive = (): boolean => true;
const spin = new SpinLock(words, 0, 1);
const mutex = new Mutex(words, 16, 1);
const robust = new Mutex(words, 32, 1, { alive });
const table = new LockTable(words, 64, 16, 1);

/** Each takes a lock, adds 1 to a plain word and gives the lock back, so many times. */
export const CONTESTANTS: Record<string, (calls: number) => void> = {
  'compareExchange + exchange': (calls) => {
    for (let i = 0; i < calls; i++) {
      Atomics.compareExchange(words, 0, 0, 1);
      words[600]++;
      Atomics.exchange(words, 0, 0);
    }
  },
  SpinLock: (calls) => {
    for (let i = 0; i < calls; i++) {
      spin.lock();
      words[600]++;
      spin.unlock();
    }
  },
  Mutex: (calls) => {
    for (let i = 0; i < calls; i++) {
      mutex.lock();
      words[600]++;
      mutex.unlock();
    }
  },
  'Mutex, robust': (calls) => {
    for (let i = 0; i < calls; i++) {
      robust.lock();
      words[600]++;
      robust.unlock();
    }
  },
  lockWord: (calls) => {
    for (let i = 0; i < calls; i++) {
      lockWord(words, 48, 1);
      words[600]++;
      unlockWord(words, 48, 1);
    }
  },
  LockTable: (calls) => {
    for (let i = 0; i < calls; i++) {
      table.lock(1, 2, 3);
      words[600]++;
      table.unlock(1, 2, 3);
    }
  },
};
