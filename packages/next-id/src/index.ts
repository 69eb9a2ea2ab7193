export { GenerationalId, type GenerationalIdOptions } from './generational-id.ts';
export { IdPool, type IdPoolOptions, type Reuse } from './id-pool.ts';
export type { Refusal } from './misuse.ts';
export { NextId } from './next-id.ts';
export { poolFrom, snapshotOf } from './pool-snapshot.ts';
export { NextIdError, type NextIdErrorCode } from './snapshot-error.ts';
