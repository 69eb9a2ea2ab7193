export type { Entry, Index } from '../searches.ts';
export type { AttachOptions, SharedXArrayOptions } from './options.ts';
export { SharedXArray } from './shared-xarray.ts';
export { SharedXArrayError, type SharedXArrayErrorCode } from './shared-xarray-error.ts';
