// WrappedTable: a timer table that changes what another one does with IDs, and nothing else.
import type { TimerList } from './timer-list.ts';
import type { TimerSlab } from './timer-slab.ts';
import type { TimerTable } from './timer-table.ts';

/** Passes every call on; a subclass overrides those that its ID policy changes. */
export abstract class WrappedTable implements TimerTable {
  readonly design: string;
  readonly timers: TimerSlab;
  readonly list: TimerList | null;
  protected readonly inner: TimerTable;

  /** @param inner An empty table that has no other user. */
  constructor(inner: TimerTable) {
    this.inner = inner;
    this.design = inner.design;
    this.timers = inner.timers;
    this.list = inner.list;
  }

  addProcess(addressLo: number, addressHi: number): number {
    return this.inner.addProcess(addressLo, addressHi);
  }

  removeProcess(process: number): void {
    this.inner.removeProcess(process);
  }

  add(process: number, timer: number, wanted?: number): number {
    return this.inner.add(process, timer, wanted);
  }

  publish(process: number, timer: number): void {
    this.inner.publish(process, timer);
  }

  abandon(process: number, timer: number): void {
    this.inner.abandon(process, timer);
  }

  find(process: number, id: number): number {
    return this.inner.find(process, id);
  }

  remove(process: number, id: number): number {
    return this.inner.remove(process, id);
  }

  forEachTimer(process: number, fn: (timer: number) => void): void {
    this.inner.forEachTimer(process, fn);
  }

  nextId(process: number): number {
    return this.inner.nextId(process);
  }

  parts(): Record<string, object> {
    return this.inner.parts();
  }
}
