// The designs: the ways to keep a machine's timers and hand out their IDs, one record each. What is told of a design is read here.
import { BUCKETS, scaledBuckets } from './buckets.ts';
import { GenerationalTable } from './generational-table.ts';
import { HashTimerTable } from './hash-timer-table.ts';
import { IdrTable } from './idr-table.ts';
import type { TimerTable } from './timer-table.ts';
import { XArrayTable } from './xarray-table.ts';

/** What a table is to hold. */
export interface Room {
  /** Possible CPUs. */
  readonly cpus: number;
  /** Timers to make room for, all processes together. */
  readonly capacity: number;
  /** How many of them one process will have. */
  readonly perProcess: number;
}

/** What is to be known of a design. */
export interface Design {
  /** What it is and whose, in one line. */
  readonly meaning: string;
  /**
   * When a freed ID is handed out again.
   * - `never`: the next ID is the one after the last, so a hole stays until all IDs were used once
   * - `lowest`: as soon as it is the lowest free one
   * - `slot`: its slot as soon as that is the lowest free one, under another ID
   */
  readonly reuse: 'never' | 'lowest' | 'slot';
  /** What has an ID space of its own. Where it is the system, no two processes have the same ID. */
  readonly scope: 'system' | 'process';
  /** What has a lock of its own, held to change the table. */
  readonly locks: 'system' | 'bucket' | 'process';
  /** Whether each process has a list of its timers beside the table; /proc/PID/timers then shows the newest first. */
  readonly list: boolean;
  /** Buckets of the hash table on a machine of so many possible CPUs; null where there is none. */
  readonly buckets: ((cpus: number) => number) | null;
  /** Makes an empty table. @param design What the table is called: the design's name. */
  readonly make: (design: string, room: Room) => TimerTable;
}

/** Oldest first. A new design is a record here, and one in packages/evaluation/src/layouts/kernel-layouts.ts. */
const RECORDS = {
  idr: {
    meaning: 'Linux ≤ 3.9: one ID space for the system, lowest free ID',
    reuse: 'lowest',
    scope: 'system',
    locks: 'system',
    list: true,
    buckets: null,
    make: (design: string, { capacity }: Room): TimerTable => new IdrTable(design, capacity),
  },
  'hash-512': {
    meaning: 'Linux 3.10–6.14: 512 buckets, one lock, next-ID cursor per process',
    reuse: 'never',
    scope: 'process',
    locks: 'system',
    list: true,
    buckets: (): number => BUCKETS,
    make: (design: string, { capacity }: Room): TimerTable =>
      new HashTimerTable(design, { buckets: BUCKETS, hash: 'hash32', locking: 'global' }, capacity),
  },
  'hash-512-precheck': {
    meaning: 'hash-512, looking for a free ID without the lock first (proposed in 2025)',
    reuse: 'never',
    scope: 'process',
    locks: 'system',
    list: true,
    buckets: (): number => BUCKETS,
    make: (design: string, { capacity }: Room): TimerTable =>
      new HashTimerTable(design, { buckets: BUCKETS, hash: 'hash32', locking: 'global', precheck: true }, capacity),
  },
  'hash-scaled': {
    meaning: '512 buckets per CPU, a lock for each (first version of 2025, in no kernel)',
    reuse: 'never',
    scope: 'process',
    locks: 'bucket',
    list: true,
    buckets: (cpus: number): number => scaledBuckets(cpus),
    make: (design: string, { cpus, capacity }: Room): TimerTable =>
      new HashTimerTable(design, { buckets: scaledBuckets(cpus), hash: 'hash32', locking: 'bucket' }, capacity),
  },
  'hash-scaled-jhash': {
    meaning: 'Linux 6.15+: hash-scaled with jhash2',
    reuse: 'never',
    scope: 'process',
    locks: 'bucket',
    list: true,
    buckets: (cpus: number): number => scaledBuckets(cpus),
    make: (design: string, { cpus, capacity }: Room): TimerTable =>
      new HashTimerTable(
        design,
        { buckets: scaledBuckets(cpus), hash: 'jhash2', locking: 'bucket', lockOnPublish: true },
        capacity,
      ),
  },
  xarray: {
    meaning: 'a tree per process, lowest free ID (proposed in 2023)',
    reuse: 'lowest',
    scope: 'process',
    locks: 'process',
    list: false,
    buckets: null,
    make: (design: string, { capacity, perProcess }: Room): TimerTable =>
      new XArrayTable(design, 'lowest', capacity, perProcess),
  },
  'xarray-cyclic': {
    meaning: 'a tree per process, next-ID cursor (in no kernel)',
    reuse: 'never',
    scope: 'process',
    locks: 'process',
    list: false,
    buckets: null,
    make: (design: string, { capacity, perProcess }: Room): TimerTable =>
      new XArrayTable(design, 'next', capacity, perProcess),
  },
  generational: {
    meaning: 'dense slot and generation in one ID (in no kernel)',
    reuse: 'slot',
    scope: 'process',
    locks: 'process',
    list: false,
    buckets: null,
    make: (design: string, { capacity, perProcess }: Room): TimerTable =>
      new GenerationalTable(design, capacity, perProcess),
  },
} as const;

/** The name of a design. */
export type DesignName = keyof typeof RECORDS;

/** The designs by name, oldest first. */
export const DESIGN: Readonly<Record<DesignName, Design>> = RECORDS;

/** Their names, oldest first. */
export const DESIGNS: readonly DesignName[] = /* @__PURE__ */ Object.keys(DESIGN) as DesignName[];
