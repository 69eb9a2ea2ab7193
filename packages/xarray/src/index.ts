export type { Cursor } from './cursor.ts';
export { Ida, type IdSetLike } from './ida.ts';
export { IntMap } from './int-map.ts';
export type { Refusal } from './misuse.ts';
export type { FromOptions, XArrayOptions } from './options.ts';
export type { Entry, Index } from './searches.ts';
export { XArray } from './xarray.ts';
export { XArrayError, type XArrayErrorCode } from './xarray-error.ts';
export { XArrayOf } from './xarray-of.ts';
