export { SpinLock } from './spin-lock.ts';
