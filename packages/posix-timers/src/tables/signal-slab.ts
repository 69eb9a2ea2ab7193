// SignalSlab: what the tables need of struct signal_struct and its siglock.

import { LockWords } from './lock-words.ts';

const FIRST_CAPACITY = 8;

/** Keeps the processes of one machine; a process is its handle, 1…, and a freed handle is the next one handed out. */
export class SignalSlab {
  /** The address of signal_struct: 64 bits in two words, by process. */
  addressLo: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  addressHi: Uint32Array = new Uint32Array(FIRST_CAPACITY);
  /** sighand_struct::siglock, by process. */
  readonly siglock: LockWords = new LockWords(FIRST_CAPACITY);

  private readonly free: number[] = [];
  private touched = 0;

  /**
   * Makes a process.
   *
   * @param addressLo Lower half of its signal_struct's address, u32.
   * @param addressHi Upper half, u32.
   * @returns Its handle.
   */
  add(addressLo: number, addressHi: number): number {
    const process = this.free.pop() ?? ++this.touched;
    if (process >= this.addressLo.length) this.grow();
    this.addressLo[process] = addressLo;
    this.addressHi[process] = addressHi;
    return process;
  }

  /** Takes a handle back. */
  remove(process: number): void {
    this.free.push(process);
  }

  private grow(): void {
    const length = 2 * this.addressLo.length;
    const lo = new Uint32Array(length);
    const hi = new Uint32Array(length);
    lo.set(this.addressLo);
    hi.set(this.addressHi);
    this.addressLo = lo;
    this.addressHi = hi;
    this.siglock.reserve(length);
  }
}
