// The parts that tables consist of, as the kernel has them: what a design's record puts its objects together from.
import type { Design } from '@idspace/posix-timers';
import type { XArray } from '@idspace/xarray';
import { HashLayout } from './hash-layout.ts';
import { type ProcessLayout, signalAddress } from './process-layout.ts';
import type { Current, Field, Layout, LockName, ReferenceSink } from './reference-sink.ts';
import { GENERATIONAL_SLOT, NODE_BYTES, REGION, SIGNAL_STRUCT } from './sizes.ts';
import { SlotArrayLayout } from './slot-array-layout.ts';
import { lockPassages, type TimerLayout } from './timer-layout.ts';
import { type NodePool, TreeLayout } from './tree-layout.ts';

/** What the parts of one table share. */
export interface Shared {
  readonly design: Design;
  /** Possible CPUs. */
  readonly cpus: number;
  readonly timers: TimerLayout;
  readonly processes: ProcessLayout;
  readonly nodes: NodePool;
  readonly current: Current;
  readonly sink: ReferenceSink;
  /** Returns the layout that `make` makes for a process, the same each time. */
  layoutOf(make: MakeLayout, process: number): Layout;
}

/** Makes the layout of an object. @param process Whose it is, 1…; 0 for one of the system. */
export type MakeLayout = (process: number, shared: Shared) => Layout;

/** An object of a traced table. */
export interface Part {
  readonly layout: MakeLayout;
  /** Bytes that the object has in the kernel and that grow with the timers; absent for none. */
  readonly bytes?: (object: object) => number;
}

/** struct k_itimer. */
export const TIMERS: Part = { layout: (_process, { timers }) => timers };

/** What a process has of its own: siglock, next ID, list. */
export const PROCESSES: Part = { layout: (_process, { processes }) => processes };

/** posix_timers_hashtable. */
export const HASH: Part = {
  layout: (_process, { design, cpus, timers, current, sink }) =>
    new HashLayout(timers, design.buckets!(cpus), design.locks === 'bucket', current, sink),
};

const tree: MakeLayout = (process, { nodes, current, sink }) =>
  new TreeLayout(process === 0 ? REGION.idr : listAddress(process), nodes, current, sink);

/** A struct xarray with its nodes. */
export const TREE: Part = { layout: tree, bytes: (object) => (object as XArray).nodeCount * NODE_BYTES };

/** The locks of the trees, by process; 0 for the one of the system. */
export function treeLock(name: LockName): Part {
  return { layout: (_process, shared) => new LockLayout(name, shared) };
}

const slotArray: MakeLayout = (process, { current, sink }) => new SlotArrayLayout(process, current, sink);

/** The timers of an array of slots. */
export const SLOTS: Part = {
  layout: slotArray,
  bytes: (object) => (object as { length: number }).length * GENERATIONAL_SLOT.stride,
};

/** Their IDs, in the same slots. */
export const SLOT_IDS: Part = { layout: slotArray };

/** The bitmap of the slots in use. */
export const SLOT_POOL: Part = { layout: slotArray, bytes: (object) => (object as { byteLength: number }).byteLength };

/** The locks of the arrays, by process. */
export const SLOT_LOCK: Part = { layout: (_process, shared) => new LockLayout('slot lock', shared) };

/** A row of lock words, by process. A class, as all layouts are: their state is in fields, where it can be copied. */
class LockLayout implements Layout {
  private readonly name: LockName;
  private readonly shared: Shared;

  constructor(name: LockName, shared: Shared) {
    this.name = name;
    this.shared = shared;
  }

  field(_object: string, field: string): Field | undefined {
    if (field !== 'words') return undefined;
    return { category: 'lock', handler: lockPassages((process, acquired) => this.pass(process, acquired)) };
  }

  private pass(process: number, acquired: boolean): void {
    const { name, shared } = this;
    if (name === 'slot lock') shared.sink.lock(name, listAddress(process), acquired);
    else (shared.layoutOf(tree, process) as TreeLayout).passLock(name, acquired);
  }
}

/** The proposed tree, and the array, take the place of signal_struct's list of timers. */
function listAddress(process: number): number {
  return signalAddress(process) + SIGNAL_STRUCT.timers;
}
