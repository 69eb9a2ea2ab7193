// createTimerTable: every design by its name.
import { show } from '../int32.ts';
import { GenerationalTable } from './generational-table.ts';
import { HashTimerTable } from './hash-timer-table.ts';
import { IdrTable } from './idr-table.ts';
import type { DesignName, TimerTable } from './timer-table.ts';
import { XArrayTable } from './xarray-table.ts';

/** The designs, oldest first. */
export const DESIGNS: readonly DesignName[] = [
  'idr',
  'hash-512',
  'hash-512-precheck',
  'hash-scaled',
  'hash-scaled-jhash',
  'xarray',
  'xarray-cyclic',
  'generational',
];

/** Buckets of the table of 3.10–6.14, and per possible CPU from 6.15 on. */
const BUCKETS = 512;
/** The most CPUs a kernel can be built for on x86-64 (CONFIG_NR_CPUS). */
const MAX_CPUS = 8192;

export interface TimerTableOptions {
  /** Possible CPUs, 1…8192; the scaled designs have 512 buckets for each, rounded up to a power of two. Default 1. */
  cpus?: number;
  /** Timers to make room for at the start, 1…2²⁴, all processes together; everything doubles when it is full. Default 64. */
  capacity?: number;
  /** Processes that will share this room evenly, 1…2²². Default 1. */
  processes?: number;
}

/**
 * Makes an empty timer table of a design.
 *
 * @throws RangeError for an unknown design, or an option out of range.
 */
export function createTimerTable(design: DesignName, options: TimerTableOptions = {}): TimerTable {
  const { cpus = 1, capacity = 64, processes = 1 } = options;
  check('cpus', cpus, MAX_CPUS);
  check('capacity', capacity, 2 ** 24);
  check('processes', processes, 2 ** 22);
  switch (design) {
    case 'idr':
      return new IdrTable(capacity);
    case 'hash-512':
    case 'hash-512-precheck':
      return new HashTimerTable(
        {
          design,
          buckets: BUCKETS,
          hash: 'hash32',
          locking: 'global',
          precheck: design === 'hash-512-precheck',
          lockOnPublish: false,
        },
        capacity,
      );
    case 'hash-scaled':
    case 'hash-scaled-jhash': {
      const jhash = design === 'hash-scaled-jhash';
      return new HashTimerTable(
        {
          design,
          buckets: scaledBuckets(cpus),
          hash: jhash ? 'jhash2' : 'hash32',
          locking: 'bucket',
          precheck: false,
          lockOnPublish: jhash,
        },
        capacity,
      );
    }
    case 'xarray':
    case 'xarray-cyclic':
      return new XArrayTable(design, capacity, Math.ceil(capacity / processes));
    case 'generational':
      return new GenerationalTable(capacity, Math.ceil(capacity / processes));
    default:
      throw new RangeError(`posix-timers: design is ${String(design)}, expected one of ${DESIGNS.join(', ')}`);
  }
}

/**
 * Returns how many buckets Linux 6.15 and later make at boot.
 *
 * @param cpus Possible CPUs, 1…8192.
 * @throws RangeError for another number.
 */
export function scaledBuckets(cpus: number): number {
  check('cpus', cpus, MAX_CPUS);
  return BUCKETS * 2 ** Math.ceil(Math.log2(cpus));
}

function check(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new RangeError(`posix-timers: ${name} is ${show(value)}, expected an integer 1…${max}`);
}
