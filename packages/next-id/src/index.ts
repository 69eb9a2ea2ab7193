export { GenerationalId, type GenerationalIdOptions } from './generational-id.ts';
export { IdPool, type IdPoolOptions, type Reuse } from './id-pool.ts';
export { NextId } from './next-id.ts';
