// What each design's table is in a kernel: one record per design, beside what posix-timers tells of it.
import { DESIGN, type DesignName } from '@idspace/posix-timers';
import { ERAS } from './eras.ts';
import { HASH, type Part, PROCESSES, SLOT_IDS, SLOT_LOCK, SLOT_POOL, SLOTS, TIMERS, TREE, treeLock } from './parts.ts';
import { NEW_BUCKET, OLD_BUCKET } from './sizes.ts';
import type { TimerStruct } from './timer-struct.ts';

/** How a kernel lays a design out. */
export interface KernelLayout {
  /** The timer's era. The 2025 comparison put newhash and xarray on the timer of the mainline before it, 6.14. */
  readonly struct: TimerStruct;
  /** What the table beside the timers is, in words. */
  readonly table: string;
  /** Bytes of the table before there is any timer. @param buckets 0 where it has none. */
  readonly fixedBytes: (buckets: number) => number;
  /** The object that finds a timer by its ID: of the system, or one of each process, called 'name/process'. */
  readonly index: string;
  /** What the objects are whose arrays are traced, by name. */
  readonly objects: Readonly<Record<string, Part>>;
  /** Why the design is not to be compared with the others by its timers; absent where it can be. */
  readonly apart?: string;
}

const none = (): number => 0;

const HASHED = {
  fixedBytes: (buckets: number): number => buckets * OLD_BUCKET,
  index: 'hash',
  objects: { timers: TIMERS, list: PROCESSES, siglock: PROCESSES, nextId: PROCESSES, hash: HASH },
};
const ONE_LOCK = { ...HASHED, struct: ERAS['6.14'], table: '512 buckets × 8 B, one lock' };
const LOCK_EACH = {
  ...HASHED,
  table: '512 buckets per CPU × 16 B with a lock each',
  fixedBytes: (buckets: number): number => buckets * NEW_BUCKET,
};
const TREE_EACH = {
  struct: ERAS['6.14'],
  table: 'a tree of 64-slot xa_nodes (584 B stride) per process',
  fixedBytes: none,
  index: 'xarray',
  objects: { timers: TIMERS, siglock: PROCESSES, table: PROCESSES, xarray: TREE, xaLock: treeLock('xa_lock') },
};

/** By design. */
export const KERNEL_LAYOUTS: Readonly<Record<DesignName, KernelLayout>> = {
  idr: {
    struct: ERAS['4.9'],
    table: 'one tree of 64-slot xa_nodes (584 B stride)',
    fixedBytes: none,
    index: 'idr',
    objects: { timers: TIMERS, list: PROCESSES, siglock: PROCESSES, idr: TREE, idrLock: treeLock('idr_lock') },
    apart: 'its timers have the oldest layout known here (216 B, Linux 4.9), because the headers of 3.9 are missing',
  },
  'hash-512': ONE_LOCK,
  'hash-512-precheck': ONE_LOCK,
  'hash-scaled': { ...LOCK_EACH, struct: ERAS['6.14'] },
  'hash-scaled-jhash': { ...LOCK_EACH, struct: ERAS['6.15'] },
  xarray: TREE_EACH,
  'xarray-cyclic': TREE_EACH,
  generational: {
    struct: ERAS['6.14'],
    table: 'an array of 16 B slots and a bitmap per process (in no kernel)',
    fixedBytes: none,
    index: 'slots',
    // biome-ignore format: the objects of a process beside those of all
    objects: {
      timers: TIMERS, siglock: PROCESSES, slotLock: SLOT_LOCK,
      slots: SLOTS, ids: SLOT_IDS, pool: SLOT_POOL,
    },
  },
};

/** Says in words what a design is laid out as. */
export function layoutName(design: DesignName): string {
  const { struct, table } = KERNEL_LAYOUTS[design];
  return `${struct.name}; ${table}`;
}

/** Says why a design is not to be compared with the others by its timers; null where it can be. */
export function standsApart(design: DesignName): string | null {
  return KERNEL_LAYOUTS[design].apart ?? null;
}

/** Returns the buckets of a design's hash table, 0 where it has none. @param cpus Possible CPUs. */
export function bucketsOf(design: DesignName, cpus: number): number {
  return DESIGN[design].buckets?.(cpus) ?? 0;
}

/** Whether a design has as many buckets on every machine: chains get longer with the timers, whatever it runs on. */
export function hasFixedBuckets(design: DesignName): boolean {
  return bucketsOf(design, 1) > 0 && bucketsOf(design, 1) === bucketsOf(design, 2);
}

/**
 * Finds what an object of a design's table is.
 *
 * @param object Its name, 'hash' or 'xarray/3'.
 * @returns Its part, and whose it is: a process, 1…; 0 for one of the system.
 * @throws Error for an object that the design's layout does not have: what it costs would be counted wrong, or not at all.
 */
export function partOf(design: DesignName, object: string): { part: Part; process: number } {
  const [name, process = '0'] = object.split('/');
  const { objects } = KERNEL_LAYOUTS[design];
  const part = Object.hasOwn(objects, name) ? objects[name] : undefined;
  if (part !== undefined) return { part, process: Number(process) };
  const known = Object.keys(objects).join(', ');
  throw new Error(`layout of ${design}: got the object '${object}' in its table, expected one of ${known}`);
}
