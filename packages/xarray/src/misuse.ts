// Errors for invalid arguments: a sentence, and its parts.
import { MAX_ENTRY, MAX_INDEX, MAX_NODES, MAX_ORDER } from './node-layout.ts';

/** Characters of a string that an error shows. */
const LONGEST = 60;

/** The error for an argument. Its message is "call: argument: got …, expected …". */
export interface Refusal extends RangeError {
  /** The argument or option, such as 'index' or 'capacity'. */
  readonly argument: string;
  /** The value, in one short line. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
}

/** Makes the error for an argument. @param call The class and method that was called, such as 'XArray.load'. @param got In words. */
export function refusal(call: string, argument: string, got: string, expected: string): Refusal {
  const error = new RangeError(`${call}: ${argument}: got ${got}, expected ${expected}`);
  // Not enumerable: what prints the error says them in the message already.
  for (const [part, value] of Object.entries({ argument, got, expected }))
    Object.defineProperty(error, part, { value });
  return error as Refusal;
}

/** Makes the error for an argument's value. */
export function refused(call: string, argument: string, value: unknown, expected: string): Refusal {
  return refusal(call, argument, show(value), expected);
}

/** Returns options that are an object with known keys alone: a mistyped key must not be passed over in silence. */
export function checkKeys<T extends object>(call: string, argument: string, options: T, known: string): T {
  const shown = show(options);
  const isBag = shown === '[object Object]';
  // A Map has no key of its own, and would be passed over, too.
  if (!isBag || Symbol.iterator in options) {
    throw refusal(call, argument, isBag ? 'an iterable' : shown, `an object with some of ${known}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.split(', ').includes(key)) throw refusal(call, argument, `the key ${show(key)}`, `some of ${known}`);
  }
  return options;
}

/** Makes the error for an array whose words are no tree. */
export function unsound(owner: string): Refusal {
  return refusal(owner, 'memory', 'a node that is not where its words say', 'a sound tree');
}

// Errors for what most calls take. `owner` is the class that the user called, `call` the method.

/** Makes the error for an index that is not a u32. */
export function badIndex(owner: string, call: string, got: unknown, name = 'index'): Refusal {
  return refused(`${owner}.${call}`, name, got, `an integer 0…${MAX_INDEX}`);
}

/** Makes the error for an entry that is not a u31. */
export function badEntry(owner: string, call: string, got: unknown, name = 'entry'): Refusal {
  return refused(`${owner}.${call}`, name, got, `an integer 0…${MAX_ENTRY} (0 is NULL)`);
}

/** Makes the error for an order that does not exist. */
export function badOrder(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'order', got, `an integer 0…${MAX_ORDER}`);
}

/** Makes the error for a range that ends before it begins. */
export function badRange(owner: string, call: string, first: number, last: number): Refusal {
  return refused(`${owner}.${call}`, 'last', last, `at least first, ${first}`);
}

/** Makes the error for a number of indices. */
export function badLength(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'length', got, `an integer 1…${MAX_INDEX + 1}`);
}

/** Makes the error for how many entries should come before one. */
export function badRank(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'k', got, `an integer 0…${MAX_INDEX}`);
}

/** Makes the error for a mark that does not exist. */
export function badMark(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'mark', got, '0, 1 or 2');
}

/** Makes the error for what should be a function. */
export function badFunction(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'fn', got, 'a function');
}

/** Makes the error for what entries cannot be copied to. */
export function badArray(owner: string, call: string, got: unknown): Refusal {
  return refused(`${owner}.${call}`, 'dst', got, 'an Int32Array');
}

/** Makes the error for alloc on an array that does not track its free indices for it. */
export function notAllocating(owner: string, call: string): Refusal {
  const expected = `one made with new ${owner}({ alloc: 'from0' }) or 'from1'`;
  return refusal(`${owner}.${call}`, 'array', 'one that does not allocate', expected);
}

// For calls so hot that each place which throws would count: one place, and the search for what is wrong is here.

/** Makes the error for a call that puts an entry at an index. */
export function badPut(owner: string, call: string, index: unknown, entry: unknown): Refusal {
  return isIndex(index) ? badEntry(owner, call, entry) : badIndex(owner, call, index);
}

/** Makes the error for a call that puts an entry at a free index. */
export function badAlloc(owner: string, call: string, entry: unknown, min: unknown, max: unknown): Refusal {
  if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) return badEntry(owner, call, entry);
  if (!isIndex(min)) return badIndex(owner, call, min, 'min');
  return isIndex(max) ? notAllocating(owner, call) : badIndex(owner, call, max, 'max');
}

/** Makes the error for a call on a mark of the entry at an index. */
export function badMarking(owner: string, call: string, index: unknown, mark: unknown): Refusal {
  return isIndex(index) ? badMark(owner, call, mark) : badIndex(owner, call, index);
}

function isIndex(value: unknown): boolean {
  return typeof value === 'number' && value >>> 0 === value;
}

/** Makes the error for an array that has used up its node handles. */
export function outOfNodes(owner: string): Refusal {
  return refusal(owner, 'content', `more than ${MAX_NODES} nodes`, 'content that fits them (keys closer together)');
}

/** Writes any value in one short line: '3' is told from 3, and an object runs no code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, LONGEST)).slice(1, -1)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
