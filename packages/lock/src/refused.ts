// Errors for invalid arguments: the argument, what was got, what is expected.

/** Returns `value` if it is an integer within min…max. */
export function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refused(name, value, `an integer ${min}…${max}`);
}

/** Returns `words` if it is an Int32Array over a SharedArrayBuffer. */
export function sharedWords(words: Int32Array): Int32Array {
  if (!(words instanceof Int32Array)) throw refused('words', typeof words, 'an Int32Array');
  // By name: the constructor is missing in pages that are not cross-origin isolated.
  const memory = Object.prototype.toString.call(words.buffer);
  if (memory !== '[object SharedArrayBuffer]') throw refused('words.buffer', memory, 'a SharedArrayBuffer');
  return words;
}

/** The error for an argument that is not what it should be. */
export function refused(name: string, got: unknown, expected: string): RangeError {
  return new RangeError(`lock: ${name} is ${show(got)}, expected ${expected}`);
}

/** Writes any value; an object without running code of its own. */
function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
