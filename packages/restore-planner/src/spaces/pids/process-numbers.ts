// How the kernel hands out process numbers in one PID namespace: by request, or the next above the last.
// Source: kernel/pid.c (alloc_pid), 5.5 … 6.18.

const RESERVED = 300; // once past it, ordinary numbers begin there again
/** PID_MAX_LIMIT of 64-bit kernels: what pid_max of a new namespace is since 6.14. */
export const PID_MAX_LIMIT: number = 2 ** 22;

export class ProcessNumbers {
  private readonly taken: Set<number>;
  private readonly limit: number;

  /**
   * @param taken In use for anything: process, thread, group or session.
   * @param limit pid_max: numbers are below it.
   */
  constructor(taken: Iterable<number>, limit: number) {
    this.taken = new Set(taken);
    this.limit = limit;
  }

  /** Asks for a number by clone3 set_tid. @returns It, or the name of the error. */
  ask(number: number): number | 'EEXIST' | 'EINVAL' {
    if (number < 1 || number >= this.limit) return 'EINVAL';
    if (this.taken.has(number)) return 'EEXIST';
    this.taken.add(number);
    return number;
  }

  /**
   * Writes `number` − 1 to ns_last_pid and forks.
   *
   * @returns The number that comes, or 'EAGAIN' if none is free.
   * Cost: O(numbers taken in a row from there).
   */
  nextFrom(number: number): number | 'EAGAIN' {
    const floor = number > RESERVED ? RESERVED : 1;
    const found = this.lowestFree(number, this.limit) ?? this.lowestFree(floor, Math.min(number, this.limit));
    if (found === undefined) return 'EAGAIN';
    this.taken.add(found);
    return found;
  }

  private lowestFree(from: number, to: number): number | undefined {
    for (let number = from; number < to; number++) if (!this.taken.has(number)) return number;
    return undefined;
  }
}
