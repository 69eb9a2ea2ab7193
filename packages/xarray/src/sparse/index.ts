export type { Entry, Index } from '../searches.ts';
export { SparseXArray } from './sparse-xarray.ts';
