export { NextIdError, type NextIdErrorCode } from '../snapshot-error.ts';
export { SharedIdError, type SharedIdErrorCode } from './memory.ts';
export { SharedIdPool, type SharedIdPoolOptions } from './shared-id-pool.ts';
export { SharedNextId } from './shared-next-id.ts';
export { sharedPoolFrom } from './shared-pool-from.ts';
