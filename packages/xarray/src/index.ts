export { IntMap } from './int-map.ts';
export { type Entry, type Index, XArray, type XArrayOptions } from './xarray.ts';
export { XArrayError, type XArrayErrorCode } from './xarray-error.ts';
