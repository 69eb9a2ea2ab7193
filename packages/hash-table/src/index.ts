export type { ChainStats } from './chain-stats.ts';
export { halfSipHash, hash32, jhash2 } from './checked-hashes.ts';
export { HashTable, type LockCounts } from './hash-table.ts';
export { HashTableError, type HashTableErrorCode } from './hash-table-error.ts';
export { GOLDEN_RATIO_32, GOLDEN_RATIO_PRIME_32 } from './hashes.ts';
export type { Refusal } from './misuse.ts';
export type { HashFunction, HashName, HashTableOptions } from './options.ts';
export type { FromOptions } from './snapshot.ts';
