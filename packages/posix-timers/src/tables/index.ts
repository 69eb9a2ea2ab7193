// The timer tables of this package, by design.
export { createTimerTable, DESIGNS, scaledBuckets, type TimerTableOptions } from './create-timer-table.ts';
export { GENERATIONAL_SLOT_BITS } from './generational-table.ts';
export type { LockWords } from './lock-words.ts';
export type { TimerList } from './timer-list.ts';
export type { TimerSlab } from './timer-slab.ts';
export type { DesignName, TimerTable } from './timer-table.ts';
