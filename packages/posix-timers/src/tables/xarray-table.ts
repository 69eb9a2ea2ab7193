// XArrayTable: one XArray for each process, and nothing else.
// Source: the per signal_struct xarray proposed in the FIXME of posix_timer_add(), kernel/time/posix-timers.c, Linux 6.5–6.14.
import { XArray } from '@idspace/xarray';
import { EAGAIN, EBUSY } from '../errno.ts';
import { denseNodes } from './dense-nodes.ts';
import { ANY_ID, INT_MAX } from './limits.ts';
import { LockWords } from './lock-words.ts';
import { SignalSlab } from './signal-slab.ts';
import { TimerSlab } from './timer-slab.ts';
import type { TimerTable } from './timer-table.ts';

/**
 * Finds an ID in the process's own radix tree; the tree is also the list of its timers.
 *
 * It hands out the lowest free ID, or the next free one after the last.
 */
export class XArrayTable implements TimerTable {
  readonly design: string;
  readonly timers: TimerSlab;
  readonly list: null = null;
  private readonly signals: SignalSlab = new SignalSlab();
  /** xarray::xa_lock, by process. */
  private readonly xaLock: LockWords = new LockWords(8);
  private readonly arrays: XArray[] = [];
  /** Int32Array, shape [processes], where the next search starts; in use only where IDs go by the next one. */
  private nextIds: Int32Array = new Int32Array(8);

  /** Whether the next ID is handed out, not the lowest. */
  private readonly cyclic: boolean;
  /** Nodes to make room for in each array. */
  private readonly nodes: number;

  /** @param ids Which free ID comes. @param capacity Timers to make room for at the start. @param perProcess How many of them a process will have. */
  constructor(design: string, ids: 'lowest' | 'next', capacity: number, perProcess: number) {
    this.design = design;
    this.cyclic = ids === 'next';
    this.timers = new TimerSlab(capacity);
    this.nodes = denseNodes(perProcess);
  }

  addProcess(addressLo: number, addressHi: number): number {
    const process = this.signals.next;
    const array = new XArray({ alloc: 'from0', capacity: this.nodes });
    this.xaLock.reserve(process + 1);
    if (process >= this.nextIds.length) {
      const grown = new Int32Array(2 * process);
      grown.set(this.nextIds);
      this.nextIds = grown;
    }
    this.signals.add(addressLo, addressHi);
    this.arrays[process] = array;
    this.nextIds[process] = 0;
    return process;
  }

  removeProcess(process: number): void {
    delete this.arrays[process];
    this.signals.remove(process);
  }

  add(process: number, timer: number, wanted: number = ANY_ID): number {
    this.xaLock.lock(process);
    let id: number;
    try {
      id = wanted === ANY_ID ? this.allocate(process, timer) : this.claim(process, timer, wanted);
    } finally {
      this.xaLock.unlock(process);
    }
    if (id >= 0) this.timers.id[timer] = id;
    return id;
  }

  publish(process: number, timer: number): void {
    this.signals.siglock.lock(process);
    this.timers.signal[timer] = process;
    this.signals.siglock.unlock(process);
  }

  abandon(process: number, timer: number): void {
    this.erase(process, this.timers.id[timer]);
  }

  find(process: number, id: number): number {
    const timer = this.arrays[process].load(id);
    if (timer === 0 || !this.timers.lockOwned(timer, process)) return 0;
    this.timers.unlock(timer);
    return timer;
  }

  remove(process: number, id: number): number {
    const { timers } = this;
    const { siglock } = this.signals;
    const timer = this.arrays[process].load(id);
    if (timer === 0 || !timers.lockOwned(timer, process)) return 0;
    siglock.lock(process);
    timers.signal[timer] = 0;
    siglock.unlock(process);
    timers.unlock(timer);
    this.erase(process, id);
    return timer;
  }

  forEachTimer(process: number, fn: (timer: number) => void): void {
    const { signal } = this.timers;
    this.arrays[process].forEach((timer) => {
      if (signal[timer] === process) fn(timer);
    });
  }

  nextId(process: number): number {
    return this.cyclic ? this.nextIds[process] : -1;
  }

  parts(): Record<string, object> {
    const parts: Record<string, object> = {
      timers: this.timers,
      siglock: this.signals.siglock,
      xaLock: this.xaLock,
      table: this,
    };
    this.arrays.forEach((array, process) => {
      parts[`xarray/${process}`] = array;
    });
    return parts;
  }

  private allocate(process: number, timer: number): number {
    const array = this.arrays[process];
    if (!this.cyclic) {
      const id = array.alloc(timer, 0, INT_MAX);
      return id < 0 ? -EAGAIN : id;
    }
    const id = array.allocCyclic(timer, this.nextIds[process], 0, INT_MAX);
    if (id < 0) return -EAGAIN;
    this.nextIds[process] = after(id);
    return id;
  }

  private claim(process: number, timer: number, wanted: number): number {
    if (!this.arrays[process].insert(wanted, timer)) return -EBUSY;
    this.nextIds[process] = after(wanted);
    return wanted;
  }

  private erase(process: number, id: number): void {
    this.xaLock.lock(process);
    this.arrays[process].erase(id);
    this.xaLock.unlock(process);
  }
}

/** Returns the ID after `id`; 0 follows the largest. */
function after(id: number): number {
  return id === INT_MAX ? 0 : id + 1;
}
