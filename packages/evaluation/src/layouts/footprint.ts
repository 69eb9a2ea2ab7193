// Footprint: the lines that an operation uses, read off the table as it stands. Operations that are skipped leave them in the
// caches, so that a recorded one finds there what it would find had all of them been recorded.
//
// It has what grows with the timers: themselves, chains, nodes, slots. Lines that every operation uses are left out: they stay in
// the caches by themselves.
import { hash32, jhash2 } from '@idspace/hash-table';
import { type DesignName, GENERATIONAL_SLOT_BITS, scaledBuckets, type TimerTable } from '@idspace/posix-timers';
import type { XArray } from '@idspace/xarray';
import type { DesignLayout } from './design-layout.ts';
import type { Chains } from './hash-layout.ts';
import type { Operation, Touch } from './reference-sink.ts';

const OLD_BUCKETS = 512;
const SLOT_MASK = 2 ** GENERATIONAL_SLOT_BITS - 1;

/** Where a process's signal_struct lies: what the tables hash. */
export interface Owner {
  handle: number;
  low: number;
  high: number;
}

/** Reads footprints off one table. */
export class Footprint {
  /** Lines that a walk passes for each timer of the table: of its chain, by buckets; 0 in other designs. */
  readonly passed: number;
  private readonly buckets: number;
  private readonly design: DesignName;
  private readonly layout: DesignLayout;
  private readonly parts: Record<string, object>;
  private readonly hasList: boolean;
  private readonly hasTree: boolean;

  /** @param cpus Possible CPUs: the size of a scaled table. */
  constructor(design: DesignName, cpus: number, table: TimerTable, layout: DesignLayout) {
    const parts = table.parts();
    this.design = design;
    this.layout = layout;
    this.parts = parts;
    this.hasList = table.list !== null;
    this.hasTree = design === 'idr' || design.startsWith('xarray');
    this.buckets = design.startsWith('hash-512') ? OLD_BUCKETS : scaledBuckets(cpus);
    this.passed = parts.hash === undefined ? 0 : layout.hash.linesPassed / this.buckets;
  }

  /**
   * Calls `touch` with an address in each line that an operation uses; in some of them more than once.
   *
   * @param timer Is in the table: just created, or about to be deleted.
   * Cost: a few lines, and a walk of the chain where there is one.
   */
  of(operation: Operation, owner: Owner, timer: number, id: number, touch: Touch): void {
    const { layout, parts } = this;
    const { timers } = layout;
    if (operation !== 'lookup') layout.processes.touch(operation, owner.handle, touch);
    this.place(operation, owner, id, touch);
    if (parts.hash !== undefined)
      layout.hash.touchChain(operation, parts.hash as unknown as Chains, this.bucketOf(owner, id), timer, touch);
    if (operation === 'create') timers.touchAll(timer, touch);
    else timers.touchFields(timer, timers.used[operation], touch);
    if (operation !== 'delete') return;
    if (this.hasList) timers.touchFields(timer, [timers.struct.list], touch);
    timers.touchQueue(timer, touch);
  }

  /** As for a create, without the walk: what a timer that is in the table has brought into the caches. Cost: a few lines. */
  ofTimer(owner: Owner, timer: number, id: number, touch: Touch): void {
    this.place('create', owner, id, touch);
    this.layout.timers.touchAll(timer, touch);
  }

  /** Gives the nodes above a new ID their addresses, which the kernel does in the order in which it makes them. */
  settle(owner: Owner, id: number): void {
    if (this.hasTree) this.place('create', owner, id, () => {});
  }

  /** The way to an ID: the head of its chain, the nodes above it, or its slot. */
  private place(operation: Operation, owner: Owner, id: number, touch: Touch): void {
    const { layout, parts, design } = this;
    if (parts.hash !== undefined) layout.hash.touchHead(this.bucketOf(owner, id), touch);
    else if (design === 'generational') layout.slots(owner.handle).touch(operation, id & SLOT_MASK, touch);
    else if (design === 'idr') layout.tree(0).touch(operation, parts.idr as XArray, id, touch);
    else layout.tree(owner.handle).touch(operation, parts[`xarray/${owner.handle}`] as XArray, id, touch);
  }

  private bucketOf({ low, high }: Owner, id: number): number {
    const { buckets, design } = this;
    if (design === 'hash-scaled-jhash') return jhash2(low, high, id) & (buckets - 1);
    return hash32(low, high, id, Math.log2(buckets));
  }
}
