export type { Cursor } from './cursor.ts';
export { Ida } from './ida.ts';
export { IntMap } from './int-map.ts';
export { type Entry, type FromOptions, type Index, XArray, type XArrayOptions } from './xarray.ts';
export { XArrayError, type XArrayErrorCode } from './xarray-error.ts';
export { XArrayOf } from './xarray-of.ts';
