// One process's restore while it is planned: makes calls on an ID space, whole runs of them in one step, and keeps count.

import { ERRNO } from '../../errno.ts';
import { INT_MAX } from '../../int-max.ts';
import type { CallCounts, CreateCall, Step, Strategy } from '../../types.ts';
import { type IdSpace, isDense } from './id-space.ts';
import type { KernelPolicy } from './kernel-policy.ts';

const { EAGAIN, EBUSY, EINVAL } = ERRNO as Record<'EAGAIN' | 'EBUSY' | 'EINVAL', number>;

/** Why a kernel refuses a timer, whatever its ID. */
export interface Refusal {
  /** What timer_create gives, negated. */
  errno: number;
  /** Before anything else is looked at; otherwise it has consumed an ID, which is free again. */
  isEarly: boolean;
}

const STRATEGIES: Readonly<Record<CreateCall, Strategy>> = {
  plain: 'dance',
  'restore-mode': 'restore-ids',
  'at-id': 'create-at-id',
  'use-id': 'create-at-id',
};

/** A fresh process that restorers make their calls on. */
export class RestoreRun implements CallCounts {
  creates = 0;
  deletes = 0;
  prctls = 0;
  /** Most timers alive at the same time. */
  peak = 0;
  strategy: Strategy = 'none';
  readonly steps: Step[] = [];
  readonly policy: KernelPolicy;
  private readonly ids: IdSpace;
  private readonly limit: number;
  private readonly refusals: ReadonlyMap<number, Refusal>;
  private live = 0;
  /** Where a sysctl told the next create to begin. */
  private cursor: number | null = null;

  /**
   * @param ids Where its IDs come from.
   * @param limit RLIMIT_SIGPENDING, timers; may be Infinity.
   * @param refusals Of timers that the kernel refuses, by index.
   */
  constructor(policy: KernelPolicy, ids: IdSpace, limit: number, refusals: ReadonlyMap<number, Refusal>) {
    this.policy = policy;
    this.ids = ids;
    this.limit = limit;
    this.refusals = refusals;
  }

  /** The ID an ordinary create would give, or on a next-ID kernel rather its counter. */
  get next(): number {
    return this.cursor ?? this.ids.next;
  }

  /** As many timers live as RLIMIT_SIGPENDING allows. */
  get isOverLimit(): boolean {
    return this.live >= this.limit;
  }

  /**
   * Switches restore mode on or off.
   *
   * @returns false if the kernel does not know the call (EINVAL).
   */
  prctl(on: boolean): boolean {
    const known = this.policy.restoreCall === 'prctl';
    this.prctls++;
    this.steps.push({ op: 'prctl', on, refused: !known });
    return known;
  }

  /** Lets the next create begin its search at a free ID. */
  setCursor(id: number): void {
    this.cursor = id;
    this.adopt('cursor');
    this.steps.push({ op: 'cursor', id });
  }

  /**
   * Creates and deletes until the ID `wanted` comes next, or until the state repeats.
   *
   * @param timer Index of the timer the restorer is after.
   * @param wanted An ID above `next`.
   * @returns 'reached' or 'repeats'; −errno if the first create is refused.
   * Cost: O(1) if it is reached, whatever the distance; O(n log n) in the number of live timers if not.
   */
  dance(timer: number, wanted: number): 'reached' | 'repeats' | number {
    const reached = this.ids.leadsTo(wanted);
    if (reached) {
      const result = this.ascend(timer, wanted);
      return result < 0 ? result : 'reached';
    }
    const errno = this.refusal(timer, 'plain', -1);
    if (errno !== 0) return errno;
    for (const { from, pairs } of this.ids.circle()) this.pairs(timer, from, pairs);
    return 'repeats';
  }

  /**
   * Creates and deletes as long as each ID is one above the last and below `wanted`; once at least.
   *
   * @param wanted An ID above `next`, which is free.
   * @returns Pairs made; −errno if the first create is refused.
   * Cost: O(1), whatever the distance.
   */
  ascend(timer: number, wanted: number): number {
    const errno = this.refusal(timer, 'plain', -1);
    if (errno !== 0) return errno;
    const from = this.ids.next;
    const pairs = this.ids.ascendTo(wanted);
    this.pairs(timer, from, pairs);
    return pairs;
  }

  /**
   * Creates timers that stay until `drain`, until `wanted` comes next; only on kernels that reuse IDs immediately.
   *
   * @returns 0; −errno if a create is refused.
   * Cost: O(1), whatever the distance, and once O(n log n) in the number of IDs that others have.
   */
  fillTo(timer: number, wanted: number): number {
    this.adopt('fill');
    if (!isDense(this.ids) || !this.comesBefore(wanted)) return 0;
    const errno = this.refusal(timer, 'plain', -1);
    if (errno !== 0) return errno;
    for (const { from, to } of this.ids.fillTo(wanted, this.limit - this.live)) {
      const count = Math.abs(to - from) + 1;
      this.creates += count;
      this.live += count;
      this.steps.push({ op: 'fill', timer, from, to });
    }
    this.peak = Math.max(this.peak, this.live);
    return this.comesBefore(wanted) ? this.refusal(timer, 'plain', -1) : 0;
  }

  /** Deletes all that `fillTo` created. */
  drain(): void {
    for (const step of [...this.steps]) {
      if (step.op !== 'fill') continue;
      const [from, to] = [Math.min(step.from, step.to), Math.max(step.from, step.to)];
      this.deletes += to - from + 1;
      this.live -= to - from + 1;
      this.steps.push({ op: 'delete', from, to });
    }
    if (isDense(this.ids)) this.ids.drain();
  }

  /**
   * Creates a timer.
   *
   * @param how `plain` takes whatever comes next; the others ask for `wanted`, which must be free.
   * @returns Its ID; −errno if refused.
   */
  create(timer: number, how: CreateCall = 'plain', wanted = -1): number {
    this.adopt(STRATEGIES[how]);
    const errno = this.refusal(timer, how, wanted);
    if (errno !== 0) return errno;
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
    if (isDense(this.ids)) this.ids.drain();
    for (const step of this.steps) if (step.op === 'create' && step.id !== null) this.ids.free(step.id);
  }

  /** The first mechanism used is the strategy's name. */
  private adopt(strategy: Strategy): void {
    if (this.strategy === 'none') this.strategy = strategy;
  }

  private pairs(timer: number, from: number, pairs: number): void {
    this.adopt('dance');
    this.creates += pairs;
    this.deletes += pairs;
    this.peak = Math.max(this.peak, this.live + 1);
    this.steps.push({ op: 'dance', timer, from, pairs });
  }

  /** Whether the next ID comes before `wanted` in the order in which this kernel hands them out. */
  private comesBefore(wanted: number): boolean {
    return this.policy.ids === 'highest' ? this.next > wanted : this.next < wanted;
  }

  /**
   * Makes the create if it is refused.
   *
   * @returns 0 if it is not refused, and not made yet; −errno.
   */
  private refusal(timer: number, how: CreateCall, wanted: number): number {
    const refusal = this.refusals.get(timer);
    const errno = this.earlyRefusal(refusal, how, wanted) || this.idRefusal(how, wanted);
    if (errno === 0 && refusal === undefined) return 0;
    this.adopt(STRATEGIES[how]);
    // Sigevent and CPU clock are looked at last, and have consumed the ID.
    if (errno === 0) this.ids.free(this.taken(how, wanted));
    this.creates++;
    this.steps.push({ op: 'create', timer, how, id: null });
    return -(errno || refusal!.errno);
  }

  /** What is refused before the limit is looked at: a clock that has no timers, an ID below 0. */
  private earlyRefusal(refusal: Refusal | undefined, how: CreateCall, wanted: number): number {
    if (refusal?.isEarly) return refusal.errno;
    return how !== 'plain' && wanted > INT_MAX && !this.policy.limitFirst ? EINVAL : 0;
  }

  /** What is refused because there is no room, or the ID is taken. */
  private idRefusal(how: CreateCall, wanted: number): number {
    if (this.isOverLimit || (how === 'plain' && this.ids.isFull)) return EAGAIN;
    if (how === 'plain') return 0;
    if (wanted > INT_MAX) return EINVAL;
    return this.ids.has(wanted) ? EBUSY : 0;
  }

  private taken(how: CreateCall, wanted: number): number {
    if (how !== 'plain') return this.ids.claim(wanted);
    const { cursor } = this;
    this.cursor = null;
    return cursor === null ? this.ids.take() : this.ids.claim(cursor);
  }
}
