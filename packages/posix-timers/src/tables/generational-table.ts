// GenerationalTable: an array of timers for each process, and IDs that say which slot and which use of it they mean.
// Not in any kernel. Reference: David Laight's perfectly hashing IDs (linux-kernel, May 2023): array[id & mask].id == id.
import { GenerationalId } from '@idspace/next-id';
import { EAGAIN, EBUSY } from '../errno.ts';
import { ANY_ID } from './limits.ts';
import { LockWords } from './lock-words.ts';
import { SignalSlab } from './signal-slab.ts';
import { TimerSlab } from './timer-slab.ts';
import type { TimerTable } from './timer-table.ts';

/** Bits of a generational ID that number its slot: 2²² = 4,194,304 timers per process; 31 − 22 = 9 bits tell 512 uses of a slot apart. */
export const GENERATIONAL_SLOT_BITS = 22;

const SLOTS: number = 2 ** GENERATIONAL_SLOT_BITS;

/** The timers of a process, by slot. */
class SlotArray {
  /** Int32Array, shape [slots], timer handles; 0 in a free slot. */
  private timers: Int32Array;

  constructor(capacity: number) {
    this.timers = new Int32Array(capacity);
  }

  get(slot: number): number {
    return this.timers[slot];
  }

  set(slot: number, timer: number): void {
    this.timers[slot] = timer;
  }

  /** Makes sure that there is a slot of a number. */
  makeRoom(slot: number): void {
    if (slot < this.timers.length) return;
    const grown = new Int32Array(Math.max(2 * this.timers.length, slot + 1));
    grown.set(this.timers);
    this.timers = grown;
  }

  get length(): number {
    return this.timers.length;
  }
}

/**
 * Finds an ID by indexing an array: its low bits are the slot, the bits above count how often the slot was used.
 *
 * Holes are filled again, and yet an ID does not come back until its slot was used 512 times. A wanted ID can be refused
 * though no timer has it: another one may sit in its slot.
 */
export class GenerationalTable implements TimerTable {
  readonly design: string;
  readonly timers: TimerSlab;
  readonly list: null = null;
  private readonly signals: SignalSlab = new SignalSlab();
  /** Guards a process's slots, by process. */
  private readonly slotLock: LockWords = new LockWords(8);
  private readonly ids: GenerationalId[] = [];
  private readonly slots: SlotArray[] = [];
  private readonly perProcess: number;

  /** @param capacity Timers to make room for at the start. @param perProcess How many of them a process will have. */
  constructor(design: string, capacity: number, perProcess: number) {
    this.design = design;
    this.timers = new TimerSlab(capacity);
    this.perProcess = perProcess;
  }

  addProcess(addressLo: number, addressHi: number): number {
    const process = this.signals.next;
    const ids = new GenerationalId({ slotBits: GENERATIONAL_SLOT_BITS });
    const slots = new SlotArray(this.perProcess);
    this.slotLock.reserve(process + 1);
    this.signals.add(addressLo, addressHi);
    this.ids[process] = ids;
    this.slots[process] = slots;
    return process;
  }

  removeProcess(process: number): void {
    delete this.ids[process];
    delete this.slots[process];
    this.signals.remove(process);
  }

  add(process: number, timer: number, wanted: number = ANY_ID): number {
    const ids = this.ids[process];
    // The lowest free slot is given: no higher than there are IDs. A wanted one beyond all slots is free.
    this.slots[process].makeRoom(wanted === ANY_ID ? Math.min(ids.size, SLOTS - 1) : slotOf(wanted));
    this.slotLock.lock(process);
    let id: number;
    try {
      id = wanted === ANY_ID ? ids.allocate() : ids.reserve(wanted) ? wanted : -EBUSY;
    } finally {
      this.slotLock.unlock(process);
    }
    if (id >= 0) this.slots[process].set(slotOf(id), timer);
    if (id < 0) return wanted === ANY_ID ? -EAGAIN : id;
    this.timers.id[timer] = id;
    return id;
  }

  publish(process: number, timer: number): void {
    this.signals.siglock.lock(process);
    this.timers.signal[timer] = process;
    this.signals.siglock.unlock(process);
  }

  abandon(process: number, timer: number): void {
    this.free(process, this.timers.id[timer]);
  }

  find(process: number, id: number): number {
    const timer = this.timerOf(process, id);
    if (timer === 0 || !this.timers.lockOwned(timer, process)) return 0;
    this.timers.unlock(timer);
    return timer;
  }

  remove(process: number, id: number): number {
    const { timers } = this;
    const { siglock } = this.signals;
    const timer = this.timerOf(process, id);
    if (timer === 0 || !timers.lockOwned(timer, process)) return 0;
    siglock.lock(process);
    timers.signal[timer] = 0;
    siglock.unlock(process);
    timers.unlock(timer);
    this.free(process, id);
    return timer;
  }

  forEachTimer(process: number, fn: (timer: number) => void): void {
    const slots = this.slots[process];
    const { signal } = this.timers;
    for (let slot = 0; slot < slots.length; slot++) {
      const timer = slots.get(slot);
      if (timer !== 0 && signal[timer] === process) fn(timer);
    }
  }

  nextId(): number {
    return -1;
  }

  parts(): Record<string, object> {
    const { timers, signals, slotLock } = this;
    const parts: Record<string, object> = { timers, siglock: signals.siglock, slotLock };
    this.slots.forEach((slots, process) => {
      parts[`slots/${process}`] = slots;
      parts[`ids/${process}`] = this.ids[process];
      // biome-ignore lint/complexity/useLiteralKeys: the bitmap inside is private, and holds state that is to be traced
      parts[`pool/${process}`] = this.ids[process]['slots'];
    });
    return parts;
  }

  private timerOf(process: number, id: number): number {
    const slot = this.ids[process].slot(id);
    return slot < 0 ? 0 : this.slots[process].get(slot);
  }

  private free(process: number, id: number): void {
    this.slotLock.lock(process);
    if (this.ids[process].free(id)) this.slots[process].set(slotOf(id), 0);
    this.slotLock.unlock(process);
  }
}

function slotOf(id: number): number {
  return id & (SLOTS - 1);
}
