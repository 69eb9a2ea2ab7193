// Records the kernel references of single operations, to be compared with what one derives by hand.
import { type Trace, trace } from '@idspace/mem-trace';
import { createTimerTable, type DesignName, type TimerTable } from '@idspace/posix-timers';
import type { Category } from '../src/evaluate/evaluation.ts';
import { DesignLayout } from '../src/layouts/design-layout.ts';
import { Footprint } from '../src/layouts/footprint.ts';
import type { Handler, LockName, Operation, ReferenceSink } from '../src/layouts/reference-sink.ts';
import { LINE } from '../src/layouts/sizes.ts';
import { Touched } from '../src/layouts/touched.ts';

export interface Reference {
  address: number;
  bytes: number;
  isWrite: boolean;
  category: Category;
}

/** One operation's references. */
export class ReferenceLog implements ReferenceSink {
  references: Reference[] = [];
  locks: string[] = [];

  read(_object: number, address: number, bytes: number, category: Category): void {
    this.references.push({ address, bytes, isWrite: false, category });
  }

  write(_object: number, address: number, bytes: number, category: Category): void {
    this.references.push({ address, bytes, isWrite: true, category });
  }

  atomic(address: number, bytes: number, category: Category): void {
    this.write(0, address, bytes, category);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    this.write(0, address, 4, 'lock');
    if (acquired) this.locks.push(name);
  }

  /** How many references of a category there are. */
  count(category: Category): number {
    return this.references.filter((reference) => reference.category === category).length;
  }

  /** The distinct lines they touch. */
  get touched(): Set<number> {
    const lines = this.references.flatMap(({ address, bytes }) => [
      Math.floor(address / LINE),
      Math.floor((address + bytes - 1) / LINE),
    ]);
    return new Set(lines);
  }

  /** How many distinct lines they touch. */
  get lines(): number {
    return this.touched.size;
  }
}

const ADDRESS_HI = 0xffff_8881;

/** Low word of the address of a process's signal_struct. */
function addressOf(process: number): number {
  return 0x0010_0000 + (process - 1) * 1152;
}

/** A table whose operations can be recorded one at a time. */
export class RecordedTable {
  readonly table: TimerTable;
  readonly log: ReferenceLog = new ReferenceLog();
  private readonly layout: DesignLayout;
  private readonly trace: Trace;
  private readonly handlers: Map<string, Handler | null> = new Map();

  constructor(design: DesignName, cpus = 1, processes = 1) {
    this.table = createTimerTable(design, { cpus, capacity: 20_000, processes });
    for (let i = 0; i < processes; i++) this.table.addProcess(addressOf(i + 1), ADDRESS_HI);
    this.layout = new DesignLayout(design, cpus, this.log);
    const parts = Object.entries(this.table.parts()).filter(([, part]) => Object.values(part).some(ArrayBuffer.isView));
    this.trace = trace(Object.fromEntries(parts), (array, element, isWrite, raw) => {
      if (!this.handlers.has(array)) this.handlers.set(array, this.layout.field(array).handler);
      this.handlers.get(array)?.(element, isWrite, raw);
    });
    this.trace.pause();
  }

  /** Creates a timer (process 1 unless told) without the allocation, which is the same everywhere. */
  create(wanted?: number, process = 1): Reference[] {
    const timer = this.table.timers.allocate();
    return this.record('create', () => {
      this.table.add(process, timer, wanted);
      this.table.publish(process, timer);
    });
  }

  lookup(id: number, process = 1): Reference[] {
    return this.record('lookup', () => this.table.find(process, id));
  }

  delete(id: number, process = 1): Reference[] {
    let timer = 0;
    const references = this.record('delete', () => {
      timer = this.table.remove(process, id);
    });
    this.table.timers.free(timer);
    return references;
  }

  /** Takes a timer from the slab. @returns How many references that makes. */
  allocate(timer: number): number {
    this.log.references = [];
    this.layout.timers.allocate(timer);
    return this.log.references.length;
  }

  /** Gives a timer back to the slab. @returns How many references that makes. */
  free(timer: number): number {
    this.log.references = [];
    this.layout.timers.free(timer);
    return this.log.references.length;
  }

  /**
   * Runs an operation, whole.
   *
   * @param id Of the timer that is looked up or deleted. @returns The lines of its footprint, and those that were recorded.
   */
  footprint(operation: Operation, id: number, process: number): { footprint: Set<number>; lines: Set<number> } {
    const { table, layout, log } = this;
    const owner = { handle: process, low: addressOf(process), high: ADDRESS_HI };
    let lines: Set<number> = new Set();
    const read = (timer: number, of: number): void => {
      const touched = new Touched();
      new Footprint(table, layout).of(operation, owner, timer, of, touched);
      lines = new Set(touched.lines.subarray(0, touched.length));
    };
    if (operation === 'create') {
      const timer = table.timers.allocate();
      this.allocate(timer);
      const allocated = log.touched;
      let made = -1;
      this.record('create', () => {
        made = table.add(process, timer);
        table.publish(process, timer);
      });
      read(timer, made);
      return { footprint: lines, lines: new Set([...allocated, ...log.touched]) };
    }
    const found = table.find(process, id);
    read(found, id);
    if (operation === 'lookup') this.lookup(id, process);
    else {
      this.delete(id, process);
      const { references } = log;
      this.free(found);
      log.references.push(...references);
    }
    return { footprint: lines, lines: log.touched };
  }

  private record(operation: Operation, run: () => void): Reference[] {
    const { log, layout } = this;
    log.references = [];
    log.locks = [];
    layout.begin(operation);
    this.trace.resume();
    run();
    this.trace.pause();
    return log.references;
  }
}
