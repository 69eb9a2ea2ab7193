export type { Entry, Index } from '../entries.ts';
export type { AttachOptions, SharedXArrayOptions } from './options.ts';
export { SharedXArray } from './shared-xarray.ts';
export { SharedXArrayError, type SharedXArrayErrorCode } from './shared-xarray-error.ts';
