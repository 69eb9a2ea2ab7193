export type { Entry, Index } from '../entries.ts';
export { SparseXArray } from './sparse-xarray.ts';
