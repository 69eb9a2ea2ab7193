// ProcessLayout: signal_struct with its list of timers, siglock beside it, and next ID.
import type { Current, Field, Handler, Layout, Operation, ReferenceSink } from './reference-sink.ts';
import { POINTER, REGION, SIGHAND, SIGNAL_STRUCT } from './sizes.ts';
import { Slab } from './slab.ts';
import { lockPassages, type TimerLayout } from './timer-layout.ts';
import type { Touched } from './touched.ts';

const signals = new Slab(REGION.signals, SIGNAL_STRUCT.stride, SIGNAL_STRUCT.perSlab, SIGNAL_STRUCT.slabBytes);
const sighands = new Slab(REGION.sighands, SIGHAND.stride, SIGHAND.perSlab, SIGHAND.slabBytes);

/** Returns the address of a process's signal_struct; processes are handles, 1…. */
export function signalAddress(process: number): number {
  return signals.address(process - 1);
}

/** Places what belongs to a process. */
export class ProcessLayout implements Layout {
  private readonly sink: ReferenceSink;
  private readonly timers: TimerLayout;
  private readonly atomicNextId: boolean;
  private readonly current: Current;
  /** Whose list is being changed. */
  private process = 0;
  /** The timer being added or removed, if it is the last of its list. */
  private last = 0;

  /** @param atomicNextId Whether the next ID is one atomic increment (the 2025 series) or a read and a write under a lock. */
  constructor(timers: TimerLayout, atomicNextId: boolean, current: Current, sink: ReferenceSink) {
    this.current = current;
    this.timers = timers;
    this.atomicNextId = atomicNextId;
    this.sink = sink;
  }

  field(object: string, field: string): Field | undefined {
    const [kind, process] = object.split('/');
    switch (`${kind}.${field}`) {
      case 'siglock.words':
        return { category: 'lock', handler: lockPassages((owner, acquired) => this.passSiglock(owner, acquired)) };
      case 'nextId.cursor':
        return { category: 'table', handler: this.nextIdHandler(Number(process)) };
      case 'table.nextIds':
        return { category: 'table', handler: (owner, isWrite) => this.nextId(owner, isWrite) };
      case 'list.heads':
        return { category: 'list', handler: (owner, isWrite) => this.head(owner, isWrite) };
      case 'list.next':
        return { category: 'list', handler: (timer, isWrite, raw) => this.next(timer, isWrite, raw[timer] as number) };
      case 'list.prev':
        return { category: 'list', handler: (timer, isWrite) => this.prev(timer, isWrite) };
      default:
        return undefined;
    }
  }

  /** Touches the lines that each create or delete of a process uses. */
  touch(operation: Operation, process: number, touched: Touched): void {
    touched.touch(sighands.address(process - 1) + SIGHAND.siglock);
    if (operation === 'create') touched.touch(signalAddress(process) + SIGNAL_STRUCT.timers);
  }

  private passSiglock(process: number, acquired: boolean): void {
    this.process = process;
    this.sink.lock('siglock', sighands.address(process - 1) + SIGHAND.siglock, acquired);
  }

  private nextIdHandler(process: number): Handler {
    return (_element, isWrite) => this.nextId(process, isWrite);
  }

  private nextId(process: number, isWrite: boolean): void {
    const signal = signalAddress(process);
    const at = signal + SIGNAL_STRUCT.nextId;
    if (this.atomicNextId) {
      if (isWrite) this.sink.atomic(at, 4, 'table');
    } else if (isWrite) this.sink.write(signal, at, 4, 'table');
    else this.sink.read(signal, at, 4, 'table');
  }

  private head(process: number, isWrite: boolean): void {
    const signal = signalAddress(process);
    const at = signal + SIGNAL_STRUCT.timers;
    if (isWrite) this.sink.write(signal, at, POINTER, 'list');
    else this.sink.read(signal, at, POINTER, 'list');
  }

  private next(timer: number, isWrite: boolean, next: number): void {
    const { timers } = this;
    if (isWrite) timers.write(timer, timers.struct.list, POINTER, 'list');
    else timers.read(timer, timers.struct.list, POINTER, 'list');
    // The first access of an add or a remove is to the timer's own link.
    if (isWrite === (this.current.operation === 'create')) this.last = next === 0 ? timer : 0;
  }

  private prev(timer: number, isWrite: boolean): void {
    const { timers } = this;
    if (isWrite) timers.write(timer, timers.struct.list + POINTER, POINTER, 'list');
    else timers.read(timer, timers.struct.list + POINTER, POINTER, 'list');
    // In a circular list the head is the neighbour behind the last timer: its other pointer changes with that.
    if (isWrite && timer === this.last && timers.struct.listHead) {
      const signal = signalAddress(this.process);
      this.sink.write(signal, signal + SIGNAL_STRUCT.timers + POINTER, POINTER, 'list');
    }
  }
}
