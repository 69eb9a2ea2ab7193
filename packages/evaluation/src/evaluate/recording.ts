// Recording: runs a table's operations traced, and costs them in both layouts.
import type { TypedArray } from '@idspace/mem-trace';
import type { DesignName, TimerTable } from '@idspace/posix-timers';
import { idOf } from '#tables';
import type { Hardware } from '../hardware/hardware.ts';
import { DesignLayout } from '../layouts/design-layout.ts';
import { Footprint } from '../layouts/footprint.ts';
import type { Field, Operation, Owner } from '../layouts/reference-sink.ts';
import { LINE } from '../layouts/sizes.ts';
import { CostMeter } from './cost-meter.ts';
import { JsLayout } from './js-layout.ts';
import { JsMeter } from './js-meter.ts';
import { type Taker, type Tracer, tracerOf } from './recordable-table.ts';
import { CATEGORY_NUMBER } from './tally.ts';

/** Traces a table. Nothing is recorded before `resume`. */
export class Recording {
  /** Costs as the kernel lays its structures out. */
  readonly kernel: CostMeter;
  /** Costs as they lie in JavaScript; null where they were not asked for. */
  readonly js: JsMeter | null;
  /** What skipped operations leave in the caches. */
  readonly footprint: Footprint;
  private readonly table: TimerTable;
  private readonly layout: DesignLayout;
  private readonly jsLayout: JsLayout = new JsLayout();
  private readonly trace: Tracer;
  /** By array: 'hash.heads'. */
  private readonly fields: Map<string, Field> = new Map();
  /** True while the slab runs: what it does in the kernel is told by the layout. */
  private inSlab = false;

  /**
   * @param machines See `CostMeter`. @param running Cores that run the operations. @param js Whether to cost JavaScript's layout, too.
   * @throws Error for an array of the table that the design's layout does not know.
   */
  constructor(
    table: TimerTable,
    design: DesignName,
    cpus: number,
    machines: readonly Hardware[],
    running = 1,
    js = false,
  ) {
    this.table = table;
    this.kernel = new CostMeter(machines, running);
    this.js = js ? new JsMeter(machines[0].levels) : null;
    this.layout = new DesignLayout(design, cpus, this.kernel, running);
    this.footprint = new Footprint(table, this.layout);
    this.trace = tracerOf(table, (name, raw) => this.takerOf(name, raw));
    for (const name of this.trace.arrays().keys()) this.fieldOf(name);
  }

  /** Records from now on. */
  resume(): void {
    this.trace.resume();
  }

  /** Whether what is recorded goes into the means; else it only warms the caches up. */
  set counting(counting: boolean) {
    this.kernel.counting = counting;
    if (this.js !== null) this.js.counting = counting;
  }

  /** Stops recording until `resume`. */
  pause(): void {
    this.trace.pause();
    this.kernel.flush();
  }

  /** Ends the trace: the table is as it was, at full speed. */
  stop(): void {
    this.trace.stop();
    this.kernel.flush();
  }

  /** Starts new sums. */
  reset(): void {
    this.kernel.reset();
    this.js?.reset();
  }

  /** Bytes of all typed arrays of the table. */
  get jsBytes(): number {
    let bytes = 0;
    for (const array of this.trace.arrays().values()) bytes += array.byteLength;
    return bytes;
  }

  /**
   * Creates a timer.
   *
   * @param wanted The ID to restore; without it the design chooses.
   * @returns Its handle and its ID; an ID below 0 where the wanted one is refused: then there is no timer.
   */
  create(process: number, core = 0, wanted?: number): { timer: number; id: number } {
    const { table, layout } = this;
    this.begin('create', core, wanted === undefined ? 'create' : 'restore');
    this.inSlab = true;
    const timer = table.timers.allocate();
    this.inSlab = false;
    if (this.trace.recording) layout.timers.allocate(timer);
    const id = table.add(process, timer, wanted);
    if (id >= 0) table.publish(process, timer);
    else if (wanted === undefined) throw new Error(`no ID for timer ${timer} of process ${process}: ${id}`);
    else this.free(timer);
    return { timer, id };
  }

  /** Looks a timer up. */
  lookup(process: number, id: number, core = 0): void {
    this.begin('lookup', core);
    if (this.table.find(process, id) === 0) throw new Error(`process ${process} has no timer ${id}`);
  }

  /** Deletes a timer. */
  delete(process: number, id: number, core = 0): void {
    this.begin('delete', core);
    const timer = this.table.remove(process, id);
    if (timer === 0) throw new Error(`process ${process} has no timer ${id}`);
    this.free(timer);
  }

  /** Deletes all timers of a process, as its exit does: from its list, each by its pointer. @returns How many. */
  exit(process: number, core: number): number {
    this.begin('delete', core, 'exit');
    let timers = 0;
    this.table.forEachTimer(process, (timer) => {
      timers++;
      this.layout.byPointer = true;
      this.table.remove(process, idOf(this.table, timer));
      this.layout.byPointer = false;
      this.free(timer);
    });
    return timers;
  }

  /** Reads /proc/PID/timers: goes through the timers, and reads each. @returns How many. */
  list(process: number, core: number): number {
    this.begin('lookup', core, 'list');
    let timers = 0;
    this.table.forEachTimer(process, (timer) => {
      timers++;
      this.layout.timers.show(timer);
    });
    return timers;
  }

  /**
   * Leaves in the caches what an operation uses that is done while nothing is recorded.
   *
   * @param seen Whether prefetcher and watcher, which forget soon, see it, too.
   */
  pass(operation: Operation, owner: Owner, timer: number, id: number, core: number, seen: boolean): void {
    this.footprint.of(operation, owner, timer, id, this.kernel.passedBy(core, seen));
  }

  /** Leaves in the caches what creating a timer that is in the table has left there. */
  passTimer(owner: Owner, timer: number, id: number, core: number, seen: boolean): void {
    this.footprint.ofTimer(owner, timer, id, this.kernel.passedBy(core, seen));
  }

  /** Whole lines of a timer, at least. */
  get linesOfTimer(): number {
    return Math.floor(this.layout.timers.struct.size / LINE);
  }

  private free(timer: number): void {
    if (this.trace.recording) this.layout.timers.free(timer);
    this.inSlab = true;
    this.table.timers.free(timer);
    this.inSlab = false;
  }

  private begin(operation: Operation, core: number, kind: string = operation): void {
    if (!this.trace.recording) return;
    this.kernel.begin(core, kind);
    this.js?.begin(kind);
    this.layout.begin(operation);
  }

  /** Who takes the accesses to an array. */
  private takerOf(name: string, raw: TypedArray): Taker {
    const { category, handler } = this.fieldOf(name);
    const { js } = this;
    const number = CATEGORY_NUMBER[category];
    const base = this.jsLayout.place(raw);
    const bytes = raw.BYTES_PER_ELEMENT;
    return (element, isWrite, array) => {
      js?.access(base + element * bytes, bytes, isWrite, number);
      if (handler !== null && !this.inSlab) handler(element, isWrite, array);
    };
  }

  private fieldOf(name: string): Field {
    let field = this.fields.get(name);
    if (field === undefined) {
      field = this.layout.field(name);
      this.fields.set(name, field);
    }
    return field;
  }
}
