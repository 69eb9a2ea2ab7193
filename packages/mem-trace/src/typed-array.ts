// The typed-array kinds, told apart from everything else by the language itself (a look-alike does not pass).

/** Any of the language's typed arrays. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A function of %TypedArray%.prototype, `this` being the array. */
export type NativeMethod = (this: unknown, ...args: unknown[]) => unknown;

/** %TypedArray%.prototype, where all kinds keep their methods. */
export const TYPED_ARRAY_PROTOTYPE = Object.getPrototypeOf(Int32Array.prototype) as Record<string, NativeMethod>;

/** Answers with the kind's name for a typed array, and undefined for everything else. */
const kindOf = Object.getOwnPropertyDescriptor(TYPED_ARRAY_PROTOTYPE, Symbol.toStringTag)!.get as NativeMethod;

/** Tells whether `value` is a typed array (a DataView and a stand-in are not). */
export function isTypedArray(value: unknown): value is TypedArray {
  return kindOf.call(value) !== undefined;
}
