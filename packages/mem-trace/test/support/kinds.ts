// The kinds of typed arrays.
import type { TypedArray } from '../../src/index.ts';

type Kind = new (length: number) => TypedArray;

/** Those whose elements are numbers. */
export const NUMBER_KINDS: readonly Kind[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

export const KINDS: readonly Kind[] = [...NUMBER_KINDS, BigInt64Array, BigUint64Array];
