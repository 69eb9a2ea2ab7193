// Footprint: the lines that an operation uses, read from the table in its current state. Operations that are skipped leave them in the
// caches, so that a recorded one finds there what it would find had all of them been recorded.
//
// It has what grows with the timers: themselves, chains, nodes, slots. Lines that every operation uses are left out: they stay in
// the caches by themselves.
import type { TimerTable } from '@idspace/posix-timers';
import type { DesignLayout } from './design-layout.ts';
import type { IndexLayout, Operation, Owner } from './reference-sink.ts';
import type { Touched } from './touched.ts';

/** The object through which a process finds its timers, and its layout. */
interface Index {
  object: object;
  layout: IndexLayout;
}

/** Reads footprints off one table. */
export class Footprint {
  /** Lines that a walk passes for each timer of the table: of its chain, by buckets; 0 in other designs. */
  readonly passed: number;
  private readonly layout: DesignLayout;
  private readonly hasList: boolean;
  /** The one of the system; undefined where each process has its own. */
  private readonly ofAll: Index | undefined;
  /** By process. */
  private readonly ofEach: Index[] = [];

  constructor(table: TimerTable, layout: DesignLayout) {
    const parts = table.parts();
    const { index } = layout;
    this.layout = layout;
    this.hasList = table.list !== null;
    this.ofAll = parts[index] && { object: parts[index], layout: layout.indexOf(0) };
    this.passed = this.ofAll?.layout.passed ?? 0;
    for (const [name, object] of Object.entries(parts)) {
      if (!name.startsWith(`${index}/`)) continue;
      const process = Number(name.slice(index.length + 1));
      this.ofEach[process] = { object, layout: layout.indexOf(process) };
    }
  }

  /**
   * Touches each line that an operation uses; some of them more than once.
   *
   * @param timer Is in the table: just created, or about to be deleted.
   * Cost: a few lines, and a walk of the chain where there is one.
   */
  of(operation: Operation, owner: Owner, timer: number, id: number, touched: Touched): void {
    const { timers, processes } = this.layout;
    const { object, layout } = this.indexOf(owner);
    if (operation !== 'lookup') processes.touch(operation, owner.handle, touched);
    layout.touch(operation, object, owner, id, touched);
    layout.touchPassed?.(operation, object, owner, id, timer, touched);
    if (operation === 'create') timers.touchAll(timer, touched);
    else timers.touchFields(timer, timers.used[operation], touched);
    if (operation !== 'delete') return;
    if (this.hasList) timers.touchFields(timer, [timers.struct.list], touched);
    timers.touchQueue(timer, touched);
  }

  /** As for a create, without the walk: what a timer that is in the table has brought into the caches. Cost: a few lines. */
  ofTimer(owner: Owner, timer: number, id: number, touched: Touched): void {
    const { object, layout } = this.indexOf(owner);
    layout.touch('create', object, owner, id, touched);
    this.layout.timers.touchAll(timer, touched);
  }

  /** Gives the nodes above a new ID their addresses, which the kernel does in the order in which it makes them. */
  settle(owner: Owner, id: number): void {
    const { object, layout } = this.indexOf(owner);
    layout.settle?.(object, id);
  }

  private indexOf({ handle }: Owner): Index {
    return this.ofAll ?? this.ofEach[handle];
  }
}
