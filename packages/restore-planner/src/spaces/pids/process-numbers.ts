// How the kernel hands out process numbers in one PID namespace: by request, or the next above the last.
// Source: kernel/pid.c (alloc_pid), 5.5 … 6.18.

const RESERVED = 300; // once past it, ordinary numbers begin there again
/** PID_MAX_LIMIT of 64-bit kernels: what pid_max of a new namespace is since 6.14. */
export const PID_MAX_LIMIT: number = 2 ** 22;

/** Hands out process numbers as the kernel does. */
export class ProcessNumbers {
  private readonly before: Pick<ReadonlySet<number>, 'has'>;
  private readonly given: Set<number> = new Set<number>();
  private readonly limit: number;

  /**
   * @param before In use for anything: process, thread, group or session. It is not copied: there may be a million.
   * @param limit pid_max: numbers are below it.
   */
  constructor(before: Pick<ReadonlySet<number>, 'has'>, limit: number) {
    this.before = before;
    this.limit = limit;
  }

  /** Asks for a number by clone3 set_tid. @returns It, or the name of the error. */
  ask(number: number): number | 'EEXIST' | 'EINVAL' {
    if (number < 1 || number >= this.limit) return 'EINVAL';
    if (this.isTaken(number)) return 'EEXIST';
    this.given.add(number);
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
    this.given.add(found);
    return found;
  }

  private lowestFree(from: number, to: number): number | undefined {
    for (let number = from; number < to; number++) if (!this.isTaken(number)) return number;
    return undefined;
  }

  private isTaken(number: number): boolean {
    return this.given.has(number) || this.before.has(number);
  }
}
