// createTimerTable: every design by its name.
import { checkKeys, refused } from '../misuse.ts';
import { checkRoom, MAX_CPUS } from './buckets.ts';
import { DESIGN, DESIGNS, type DesignName } from './designs.ts';
import type { TimerTable } from './timer-table.ts';

/** What a table is made for. */
export interface TimerTableOptions {
  /** Possible CPUs, 1…8192; the scaled designs have 512 buckets for each, rounded up to a power of two. Default 1. */
  cpus?: number | undefined;
  /** Timers to make room for at the start, 1…2²⁴, all processes together; everything doubles when it is full. Default 64. */
  capacity?: number | undefined;
  /** Processes that will share this room evenly, 1…2²². Default 1. */
  processes?: number | undefined;
}

const KEYS = ['cpus', 'capacity', 'processes'] as const satisfies (keyof TimerTableOptions)[];

/**
 * Makes an empty timer table of a design.
 *
 * @throws RangeError for an unknown design or option, or an option out of range.
 */
export function createTimerTable(design: DesignName, options: TimerTableOptions = {}): TimerTable {
  checkKeys('options', options, KEYS);
  const { cpus = 1, capacity = 64, processes = 1 } = options;
  checkRoom('cpus', cpus, MAX_CPUS);
  checkRoom('capacity', capacity, 2 ** 24);
  checkRoom('processes', processes, 2 ** 22);
  if (!Object.hasOwn(DESIGN, design)) {
    throw refused('design', design, `one of ${DESIGNS.join(', ')}`);
  }
  return DESIGN[design].make(design, { cpus, capacity, perProcess: Math.ceil(capacity / processes) });
}
