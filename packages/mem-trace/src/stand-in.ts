// A stand-in: a Proxy that behaves as the typed array behind it and reports every element access.
// A Proxy hands its traps the element number as a string. Making that string is most of the cost (about 100 ns); reading the
// number back digit by digit is as fast as `+key`, and exact: '1e2' and '01' are no elements.
import { attach, Recorder, type Session } from './recorder.ts';
import { recordingMethods } from './recording-methods.ts';
import type { TypedArray } from './typed-array.ts';

/** Makes a stand-in for `view`, which is `root` or a subarray of it. */
export function standIn(name: string, root: TypedArray, view: TypedArray, session: Session): TypedArray {
  const recorder = new Recorder(name, root, view, session);
  const elements = view as Record<number, unknown>;
  const proxy = new Proxy(view, {
    get(_target, key) {
      const index = elementNumber(key);
      if (index < 0) return otherProperty(view, key);
      const value = elements[index];
      if (value !== undefined) recorder.read(index);
      return value;
    },
    set(_target, key, value) {
      const index = elementNumber(key);
      if (index < 0) return Reflect.set(view, key, value);
      elements[index] = value;
      if (index < view.length) recorder.write(index);
      return true;
    },
  });
  attach(proxy, recorder);
  return proxy;
}

const methods = recordingMethods(standIn);

/** Longest element number: 2⁵³ has 16 digits. */
const MAX_DIGITS = 16;

/** Returns the element a property key names (a decimal without leading zeros), or −1. */
function elementNumber(key: string | symbol): number {
  if (typeof key !== 'string') return -1;
  const digits = key.length;
  let index = key.charCodeAt(0) - 48;
  if (!(index >= 0 && index <= 9) || (index === 0 && digits > 1) || digits > MAX_DIGITS) return -1;
  for (let i = 1; i < digits; i++) {
    const digit = key.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    index = index * 10 + digit;
  }
  return index;
}

/** Reads length, buffer, a method…: with the plain array as `this`, since the language's getters refuse a Proxy. */
function otherProperty(view: TypedArray, key: string | symbol): unknown {
  const value: unknown = Reflect.get(view, key);
  return typeof value === 'function' ? (methods.get(value) ?? value) : value;
}
