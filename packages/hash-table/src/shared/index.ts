export type { ChainStats } from '../chain-stats.ts';
export type { LockCounts } from '../hash-table.ts';
export { HashTableError, type HashTableErrorCode } from '../hash-table-error.ts';
export type { HashFunction } from '../options.ts';
export type { AttachOptions, SharedFromOptions, SharedHashTableOptions } from './options.ts';
export { SharedHashTable } from './shared-hash-table.ts';
export { SharedHashTableError, type SharedHashTableErrorCode } from './shared-hash-table-error.ts';
