// The timer tables of this package, by design.
export { scaledBuckets } from './buckets.ts';
export { createTimerTable, type TimerTableOptions } from './create-timer-table.ts';
export { DESIGN, DESIGNS, type Design, type DesignName } from './designs.ts';
export { GENERATIONAL_SLOT_BITS } from './generational-table.ts';
export type { LockWords } from './lock-words.ts';
export type { TimerList } from './timer-list.ts';
export type { TimerSlab } from './timer-slab.ts';
export type { TimerTable } from './timer-table.ts';
