// SignalSlab: what the tables need of struct signal_struct and its siglock.
import { LockWords } from './lock-words.ts';

/** Keeps the processes of one machine; a process is its handle, 1…, and a freed handle is the next one handed out. */
export class SignalSlab {
  /** sighand_struct::siglock, by process. */
  readonly siglock: LockWords = new LockWords(8);

  // As int32: addresses of the kernel are above 2³¹, and a number above that is boxed for each call, a quarter of a
  // create+delete pair.
  private readonly addressLo: number[] = [0];
  private readonly addressHi: number[] = [0];
  private readonly freed: number[] = [];

  /** The handle that `add` returns next. */
  get next(): number {
    return this.freed.at(-1) ?? this.addressLo.length;
  }

  /**
   * Makes a process.
   *
   * @param addressLo Lower half of its signal_struct's address, u32.
   * @param addressHi Upper half, u32.
   * @returns Its handle.
   */
  add(addressLo: number, addressHi: number): number {
    const process = this.next;
    this.siglock.reserve(process + 1);
    this.freed.pop();
    this.addressLo[process] = addressLo | 0;
    this.addressHi[process] = addressHi | 0;
    return process;
  }

  /** Takes a handle back. */
  remove(process: number): void {
    this.freed.push(process);
  }

  /** Lower half of a process's address, as an int32. */
  lo(process: number): number {
    return this.addressLo[process]!;
  }

  /** Upper half of a process's address, as an int32. */
  hi(process: number): number {
    return this.addressHi[process]!;
  }
}
