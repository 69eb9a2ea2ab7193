export type { Entry, Index } from '../xarray.ts';
export { SparseXArray } from './sparse-xarray.ts';
