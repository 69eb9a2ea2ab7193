// CallRecorder: what the system calls of a running kernel touch, reference by reference, as that kernel lays its timers out.
import { type Trace, type TypedArray, trace } from '@idspace/mem-trace';
import type { DesignName, TimerTable } from '@idspace/posix-timers';
import { DesignLayout } from '../layouts/design-layout.ts';
import { KERNEL_LAYOUTS } from '../layouts/kernel-layouts.ts';
import type { Handler, IndexLayout, Operation, ReferenceSink } from '../layouts/reference-sink.ts';
import { LINE } from '../layouts/sizes.ts';
import { Touched } from '../layouts/touched.ts';

/** Of a Kernel: `recorder.record('create', () => process.timerCreate(1, null))`. */
export class CallRecorder {
  /** Where everything lies. Plain state that goes with the table's: a copy of both goes on as the original does. */
  readonly layout: DesignLayout;
  /** The traced array whose element is being told about: 'hash.heads'; 'timers.slab' while the slab takes or gives a timer. */
  array = '';
  /** Its element. */
  element = 0;
  private readonly table: TimerTable;
  private readonly handlers: Map<string, Handler | null> = new Map();
  private trace: Trace | undefined;
  /** True while the slab runs: what it does in the kernel is told by the layout. */
  private inSlab = false;

  /**
   * Makes a recorder. It changes nothing before the first call is recorded.
   *
   * @param table Of a kernel whose calls have all been recorded or passed, or that has made none.
   * @param cpus Possible CPUs of the kernel. @param sink Takes the references. @param layout The layout that goes with the table's state.
   */
  constructor(table: TimerTable, cpus: number, sink: ReferenceSink, layout?: DesignLayout) {
    this.table = table;
    this.layout = layout ?? new DesignLayout(table.design as DesignName, cpus, sink);
  }

  /**
   * Makes a system call and records what it touches.
   *
   * @param operation What the call is for the table: timer_create, timer_gettime, timer_delete.
   * @returns What the call returns.
   *
   * Cost: 0.2 µs for each access.
   */
  record<T>(operation: Operation, call: () => T): T {
    this.trace ??= this.attach();
    this.layout.begin(operation);
    this.trace.resume();
    try {
      return call();
    } finally {
      this.trace.pause();
    }
  }

  /**
   * Tells that a create was made unrecorded. Its tree nodes get their addresses, in the order in which the kernel makes them.
   *
   * @param process The process's handle in the table. @param timer The timer's handle. @param touch Receives an address in each of its lines.
   */
  passCreate(process: number, timer: number, id: number, touch: (address: number) => void): void {
    const { layout } = this;
    const parts = this.table.parts();
    const own = parts[layout.index] === undefined ? process : 0;
    const index: IndexLayout = layout.indexOf(own);
    index.settle?.(parts[own === 0 ? layout.index : `${layout.index}/${own}`], id);
    const touched = new Touched();
    layout.timers.touchAll(timer, touched);
    for (const line of touched.lines.subarray(0, touched.length)) touch(line * LINE);
  }

  /** Puts the table's arrays back, so that calls that are not recorded are as fast as without a recorder; `record` traces again. */
  detach(): void {
    this.trace?.stop();
    this.trace = undefined;
    const { timers } = this.table as unknown as { timers: Record<string, unknown> };
    delete timers.allocate;
    delete timers.free;
  }

  private attach(): Trace {
    const { objects } = KERNEL_LAYOUTS[this.table.design as DesignName];
    // A release may keep more beside its design's objects: what its ID policy alone needs is in no layout.
    const parts = Object.entries(this.table.parts()).filter(
      ([name, part]) => name.split('/')[0] in objects && Object.values(part).some(ArrayBuffer.isView),
    );
    this.watchSlab();
    const watched = trace(Object.fromEntries(parts), (array, element, isWrite, raw) => {
      if (!this.inSlab) this.tell(array, element, isWrite, raw);
    });
    watched.pause();
    return watched;
  }

  private tell(array: string, element: number, isWrite: boolean, raw: TypedArray): void {
    let handler = this.handlers.get(array);
    if (handler === undefined) {
      handler = this.layout.field(array).handler;
      this.handlers.set(array, handler);
    }
    this.array = array;
    this.element = element;
    handler?.(element, isWrite, raw);
  }

  /** Lets the layout tell what taking and giving back a timer touches: in JavaScript that is a list of handles. */
  private watchSlab(): void {
    const { timers } = this.table;
    const { allocate, free } = Object.getPrototypeOf(timers) as typeof timers;
    const inside = <T>(act: () => T): T => {
      this.inSlab = true;
      try {
        return act();
      } finally {
        this.inSlab = false;
      }
    };
    timers.allocate = () => {
      const timer = inside(() => allocate.call(timers));
      this.tellSlab(timer, () => this.layout.timers.allocate(timer));
      return timer;
    };
    timers.free = (timer) => {
      this.tellSlab(timer, () => this.layout.timers.free(timer));
      inside(() => free.call(timers, timer));
    };
  }

  private tellSlab(timer: number, tell: () => void): void {
    if (this.trace?.recording !== true) return;
    this.array = 'timers.slab';
    this.element = timer;
    tell();
  }
}
