// One process's restore while it is planned: makes calls on an ID space, whole runs of them at once, and keeps count.
import type { IdSpace } from './id-space.ts';
import type { CallCounts, CreateCall, Step } from './types.ts';

const EAGAIN = 11;
const EINVAL = 22;

/** A fresh process that restorers make their calls on. */
export class RestoreRun implements CallCounts {
  creates = 0;
  deletes = 0;
  prctls = 0;
  /** Most timers alive at once. */
  peak = 0;
  readonly steps: Step[] = [];
  private readonly ids: IdSpace;
  private readonly canRestore: boolean;
  private readonly limit: number;
  private readonly refused: ReadonlySet<number>;
  private live = 0;

  /**
   * @param ids Where its IDs come from.
   * @param canRestore If the kernel has restore mode.
   * @param limit RLIMIT_SIGPENDING, timers; may be Infinity.
   * @param refused Indices of timers that the kernel refuses with EINVAL, whatever their ID.
   */
  constructor(ids: IdSpace, canRestore: boolean, limit: number, refused: ReadonlySet<number>) {
    this.ids = ids;
    this.canRestore = canRestore;
    this.limit = limit;
    this.refused = refused;
  }

  /** The ID an ordinary create would give, or on a next-ID kernel rather its counter. */
  get next(): number {
    return this.ids.next;
  }

  /**
   * Switches restore mode on or off.
   *
   * @returns false if the kernel does not know the call (EINVAL).
   */
  prctl(on: boolean): boolean {
    this.prctls++;
    this.steps.push({ op: 'prctl', on, refused: !this.canRestore });
    return this.canRestore;
  }

  /**
   * Creates and deletes until the ID `wanted` would come, or until the state repeats: on a lowest-free kernel that is after one pair.
   *
   * @param timer Index of the timer the restorer is after.
   * @param wanted An ID above `next`.
   * @returns Pairs made; −errno if the first create is refused.
   * Cost: O(1), whatever the distance.
   */
  dance(timer: number, wanted: number): number {
    if (this.isRefused(timer)) return this.refuse(timer, 'plain', -1);
    const from = this.ids.next;
    const pairs = this.ids.skipTo(wanted);
    this.creates += pairs;
    this.deletes += pairs;
    this.peak = Math.max(this.peak, this.live + 1);
    this.steps.push({ op: 'dance', timer, from, pairs });
    return pairs;
  }

  /**
   * Creates a timer.
   *
   * @param how `plain` takes whatever comes next; the others ask for `wanted`, which must be free.
   * @returns Its ID; −errno if refused.
   */
  create(timer: number, how: CreateCall = 'plain', wanted = -1): number {
    if (this.isRefused(timer)) return this.refuse(timer, how, wanted);
    const id = this.taken(how, wanted);
    this.creates++;
    this.peak = Math.max(this.peak, ++this.live);
    this.steps.push({ op: 'create', timer, how, id });
    return id;
  }

  /** Deletes a live timer. */
  delete(id: number): void {
    this.ids.free(id);
    this.live--;
    this.deletes++;
    this.steps.push({ op: 'delete', from: id, to: id });
  }

  /** Ends the process: every ID it holds is free again. */
  exit(): void {
    for (const step of this.steps) if (step.op === 'create' && step.id !== null) this.ids.free(step.id);
  }

  private isFull(): boolean {
    return this.live >= this.limit;
  }

  private isRefused(timer: number): boolean {
    return this.isFull() || this.refused.has(timer);
  }

  /** The limit is looked at before an ID is taken, sigevent and clock after: what is refused for these has consumed an ID, which is free again. */
  private refuse(timer: number, how: CreateCall, wanted: number): number {
    const isFull = this.isFull();
    if (!isFull) this.ids.free(this.taken(how, wanted));
    this.creates++;
    this.steps.push({ op: 'create', timer, how, id: null });
    return isFull ? -EAGAIN : -EINVAL;
  }

  private taken(how: CreateCall, wanted: number): number {
    return how === 'plain' ? this.ids.take() : this.ids.claim(wanted);
  }
}
