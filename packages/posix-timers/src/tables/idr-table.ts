// IdrTable: one ID space for the whole machine, kept in one radix tree; a list for each process.
// Source: posix_timers_id (kernel/posix-timers.c), Linux up to 3.9.
import { XArray } from '@idspace/xarray';
import { EAGAIN, EBUSY } from '../errno.ts';
import { denseNodes } from './dense-nodes.ts';
import { ANY_ID, INT_MAX } from './limits.ts';
import { LockWords } from './lock-words.ts';
import { SignalSlab } from './signal-slab.ts';
import { TimerList } from './timer-list.ts';
import { TimerSlab } from './timer-slab.ts';
import type { TimerTable } from './timer-table.ts';

/** The lock of the machine's one IDR. */
const IDR_LOCK = 0;

/** Hands out the lowest ID that is free in the whole machine: no two processes ever have the same one. */
export class IdrTable implements TimerTable {
  readonly design: string;
  readonly timers: TimerSlab;
  readonly list: TimerList;
  private readonly signals: SignalSlab = new SignalSlab();
  private readonly idr: XArray;
  private readonly idrLock: LockWords = new LockWords(1);

  /** @param capacity Timers to make room for at the start. */
  constructor(design: string, capacity: number) {
    this.design = design;
    this.timers = new TimerSlab(capacity);
    this.list = new TimerList(capacity, 1);
    this.idr = new XArray({ alloc: 'from0', capacity: denseNodes(capacity) });
  }

  addProcess(addressLo: number, addressHi: number): number {
    return this.signals.add(addressLo, addressHi);
  }

  removeProcess(process: number): void {
    this.signals.remove(process);
  }

  add(process: number, timer: number, wanted: number = ANY_ID): number {
    this.list.makeRoom(process, timer);
    this.idrLock.lock(IDR_LOCK);
    let id: number;
    try {
      id = wanted === ANY_ID ? this.allocate(timer) : this.idr.insert(wanted, timer) ? wanted : -EBUSY;
    } finally {
      this.idrLock.unlock(IDR_LOCK);
    }
    if (id >= 0) this.timers.id[timer] = id;
    return id;
  }

  publish(process: number, timer: number): void {
    const { siglock } = this.signals;
    siglock.lock(process);
    this.timers.signal[timer] = process;
    this.list.add(process, timer);
    siglock.unlock(process);
  }

  abandon(_process: number, timer: number): void {
    this.erase(this.timers.id[timer]);
  }

  find(process: number, id: number): number {
    const timer = this.idr.load(id);
    if (timer === 0 || !this.timers.lockOwned(timer, process)) return 0;
    this.timers.unlock(timer);
    return timer;
  }

  remove(process: number, id: number): number {
    const { timers } = this;
    const { siglock } = this.signals;
    const timer = this.idr.load(id);
    if (timer === 0 || !timers.lockOwned(timer, process)) return 0;
    siglock.lock(process);
    timers.signal[timer] = 0;
    this.list.remove(process, timer);
    siglock.unlock(process);
    timers.unlock(timer);
    this.erase(id);
    return timer;
  }

  forEachTimer(process: number, fn: (timer: number) => void): void {
    this.list.forEach(process, fn);
  }

  nextId(): number {
    return -1;
  }

  parts(): Record<string, object> {
    const { timers, list, signals, idr, idrLock } = this;
    return { timers, list, siglock: signals.siglock, idr, idrLock };
  }

  private allocate(timer: number): number {
    const id = this.idr.alloc(timer, 0, INT_MAX);
    return id < 0 ? -EAGAIN : id;
  }

  private erase(id: number): void {
    this.idrLock.lock(IDR_LOCK);
    this.idr.erase(id);
    this.idrLock.unlock(IDR_LOCK);
  }
}
