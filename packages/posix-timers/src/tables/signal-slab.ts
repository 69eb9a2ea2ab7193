// SignalSlab: what the tables need of struct signal_struct and its siglock.
import { LockWords } from './lock-words.ts';

/** Keeps the processes of one machine; a process is its handle, 1…, and a freed handle is the next one handed out. */
export class SignalSlab {
  /** sighand_struct::siglock, by process. */
  readonly siglock: LockWords = new LockWords(8);

  // Addresses of the kernel are above 2³¹, so each one that leaves a typed array for a call is boxed anew, a quarter of a
  // create+delete pair. The null makes these plain arrays of boxes: an address is boxed once.
  private readonly addressLo: (number | null)[] = [null];
  private readonly addressHi: (number | null)[] = [null];
  private readonly freed: number[] = [];

  /**
   * Makes a process.
   *
   * @param addressLo Lower half of its signal_struct's address, u32.
   * @param addressHi Upper half, u32.
   * @returns Its handle.
   */
  add(addressLo: number, addressHi: number): number {
    const process = this.freed.pop() ?? this.addressLo.length;
    this.addressLo[process] = addressLo;
    this.addressHi[process] = addressHi;
    this.siglock.reserve(process + 1);
    return process;
  }

  /** Takes a handle back. */
  remove(process: number): void {
    this.freed.push(process);
  }

  /** Lower half of a process's address, u32. */
  lo(process: number): number {
    return this.addressLo[process] as number;
  }

  /** Upper half of a process's address, u32. */
  hi(process: number): number {
    return this.addressHi[process] as number;
  }
}
