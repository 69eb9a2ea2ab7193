// What can be written as JSON and read back the same: everything else is refused, rather than changed in silence.
import { type Refusal, refused } from './misuse.ts';

/** Levels of arrays and objects in a value. More than that is taken for a circle. */
const MAX_DEPTH = 1000;

/**
 * Writes values as JSON text.
 *
 * @throws RangeError naming what has no JSON that reads back the same: undefined, a function, a symbol, a bigint, −0, a number that is
 *   not finite, an object of a class, a hole, a circle.
 */
export function jsonOf(call: string, values: readonly unknown[]): string {
  for (const value of values) check(call, value, 0);
  return JSON.stringify(values);
}

function check(call: string, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return;
      throw notJson(call, Object.is(value, -0) ? '-0' : value);
    case 'object':
      if (value === null) return;
      if (depth === MAX_DEPTH) throw notJson(call, value, `values of at most ${MAX_DEPTH} levels`);
      checkParts(call, value, depth + 1);
      return;
    default:
      throw notJson(call, value);
  }
}

function checkParts(call: string, value: object, depth: number): void {
  if (Array.isArray(value)) {
    // By place: `forEach` would pass over holes.
    for (let i = 0; i < value.length; i++) check(call, value[i], depth);
    if (Object.keys(value).length === value.length && !('toJSON' in value)) return;
    throw notJson(call, value, 'arrays without further properties');
  }
  const prototype = Object.getPrototypeOf(value) as unknown;
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) throw notJson(call, value);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    if (typeof key === 'symbol' || property.enumerable !== true || !('value' in property)) {
      throw notJson(call, value, 'objects of enumerable values under strings');
    }
    check(call, property.value, depth);
  }
}

function notJson(call: string, got: unknown, expected = 'what JSON keeps as it is'): Refusal {
  return refused(call, 'values', got, expected);
}
