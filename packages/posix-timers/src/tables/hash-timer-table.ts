// HashTimerTable: one hash table for the whole machine, a next ID and a list for each process.
// Source: posix_timer_add (kernel/time/posix-timers.c), Linux 3.10–6.14 (512 buckets, one lock) and 6.15 (per CPU, a lock each).
import { HashTable } from '@idspace/hash-table';
import { NextId } from '@idspace/next-id';
import { EAGAIN, EBUSY } from '../errno.ts';
import { ANY_ID, INT_MAX } from './limits.ts';
import { SignalSlab } from './signal-slab.ts';
import { TimerList } from './timer-list.ts';
import { TimerSlab } from './timer-slab.ts';
import type { TimerTable } from './timer-table.ts';

/** What tells one hash design from another. */
export interface HashDesign {
  /** Buckets, a power of two. */
  buckets: number;
  hash: 'hash32' | 'jhash2';
  /** One lock for the table or one per bucket. */
  locking: 'global' | 'bucket';
  /** Whether to walk the chain without the lock first, and take the lock only where the candidate is absent. Default false. */
  precheck?: boolean;
  /** Whether to publish under the timer's lock, as 6.15 does. Default false. */
  lockOnPublish?: boolean;
}

/** Finds (process, ID) in one global chained hash table. */
export class HashTimerTable implements TimerTable {
  readonly design: string;
  readonly timers: TimerSlab;
  readonly list: TimerList;
  private readonly hash: HashTable;
  private readonly signals: SignalSlab = new SignalSlab();
  private readonly nextIds: NextId[] = [];
  private readonly precheck: boolean;
  private readonly lockOnPublish: boolean;

  /** @param capacity Timers to make room for at the start. */
  constructor(design: string, options: HashDesign, capacity: number) {
    this.design = design;
    this.precheck = options.precheck ?? false;
    this.lockOnPublish = options.lockOnPublish ?? false;
    this.timers = new TimerSlab(capacity);
    this.list = new TimerList(capacity, 1);
    this.hash = new HashTable({
      buckets: options.buckets,
      hash: options.hash,
      locking: options.locking,
      capacity,
    });
  }

  addProcess(addressLo: number, addressHi: number): number {
    const nextId = new NextId();
    const process = this.signals.add(addressLo, addressHi);
    this.nextIds[process] = nextId;
    return process;
  }

  removeProcess(process: number): void {
    delete this.nextIds[process];
    this.signals.remove(process);
  }

  add(process: number, timer: number, wanted: number = ANY_ID): number {
    this.list.makeRoom(process, timer);
    this.hash.makeRoom();
    if (wanted !== ANY_ID) return this.addAs(process, timer, wanted);
    const nextId = this.nextIds[process];
    for (let tries = 0; tries <= INT_MAX; tries++) {
      const id = nextId.take();
      if (this.claim(process, id, timer)) return id;
    }
    return -EAGAIN;
  }

  publish(process: number, timer: number): void {
    const { timers, signals } = this;
    if (this.lockOnPublish) timers.lock[timer]++;
    signals.siglock.lock(process);
    timers.signal[timer] = process;
    this.list.add(process, timer);
    signals.siglock.unlock(process);
    if (this.lockOnPublish) timers.lock[timer]++;
  }

  abandon(process: number, timer: number): void {
    this.unhash(process, this.timers.id[timer]);
  }

  find(process: number, id: number): number {
    const { timers } = this;
    const timer = this.lookUp(process, id);
    if (timer === 0 || !timers.lockOwned(timer, process)) return 0;
    timers.unlock(timer);
    return timer;
  }

  remove(process: number, id: number): number {
    const timer = this.lookUp(process, id);
    if (timer === 0 || !this.unpublish(process, timer)) return 0;
    this.unhash(process, id);
    return timer;
  }

  forEachTimer(process: number, fn: (timer: number) => void): void {
    this.list.forEach(process, fn);
  }

  nextId(process: number): number {
    return this.nextIds[process].next;
  }

  parts(): Record<string, object> {
    const parts: Record<string, object> = {
      timers: this.timers,
      list: this.list,
      siglock: this.signals.siglock,
      hash: this.hash,
    };
    this.nextIds.forEach((nextId, process) => {
      parts[`nextId/${process}`] = nextId;
    });
    return parts;
  }

  /** Restore mode: the wanted ID or none; the search goes on behind it. */
  private addAs(process: number, timer: number, wanted: number): number {
    if (!this.claim(process, wanted, timer)) return -EBUSY;
    this.nextIds[process].moveTo(wanted === INT_MAX ? 0 : wanted + 1);
    return wanted;
  }

  /** Hashes the timer under (process, id), unless that key is busy. */
  private claim(process: number, id: number, timer: number): boolean {
    if (this.precheck && this.lookUp(process, id) !== 0) return false;
    if (!this.hash.insert(this.signals.lo(process), this.signals.hi(process), id, timer)) return false;
    this.timers.id[timer] = id;
    return true;
  }

  /** Makes a timer invalid and takes it off the list, unless it is not the process's. */
  private unpublish(process: number, timer: number): boolean {
    const { timers, signals } = this;
    if (!timers.lockOwned(timer, process)) return false;
    signals.siglock.lock(process);
    timers.signal[timer] = 0;
    this.list.remove(process, timer);
    signals.siglock.unlock(process);
    timers.unlock(timer);
    return true;
  }

  private lookUp(process: number, id: number): number {
    return this.hash.find(this.signals.lo(process), this.signals.hi(process), id);
  }

  private unhash(process: number, id: number): void {
    this.hash.remove(this.signals.lo(process), this.signals.hi(process), id);
  }
}
