// Few: the keys of an IntMap while there are at most 16, side by side in a plain array: key, value, key, value… in ascending order
// of key. A tree of one node takes 1,280 bytes, and longer to make than a Map of 16 keys.
import type { Each } from './each.ts';
import type { Entries } from './entries.ts';
import { Steps } from './iterator-base.ts';
import { ascending, type ENTRIES, INDICES, PAIRS } from './iterators.ts';
import { MAX_INDEX, PRESENT } from './node-layout.ts';

/** Numbers that fit: 16 keys and their values. More are found faster by a Map, and a tree for 17 is made as fast as a Map of 17. */
const ROOM: number = 2 * 16;

/** What all maps have that are empty. Nothing is put into it. */
export const NO_PAIRS: number[] = [];

/** Finds the value of a key, or −1: from the middle on if it is there or beyond, else from the beginning. */
export function fewGet(pairs: readonly number[], key: number): number {
  const { length } = pairs;
  const middle = (length >> 2) << 1;
  let at = length > 8 && pairs[middle]! <= key ? middle : 0;
  for (; at < length; at += 2) if (pairs[at] === key) return pairs[at + 1]!;
  return -1;
}

/** Gives a key a value; returns false, and nothing changes, if there is no room for one more. */
export function fewSet(pairs: number[], key: number, value: number): boolean {
  let at = pairs.length;
  // Where it belongs, sought from the end: most maps are filled in ascending order.
  while (at > 0 && pairs[at - 2]! > key) at -= 2;
  if (at > 0 && pairs[at - 2] === key) {
    pairs[at - 1] = value;
    return true;
  }
  if (pairs.length === ROOM) return false;
  pairs.push(key, value);
  for (let to = pairs.length - 2; to > at; to -= 2) {
    pairs[to] = pairs[to - 2]!;
    pairs[to + 1] = pairs[to - 1]!;
  }
  pairs[at] = key;
  pairs[at + 1] = value;
  return true;
}

/** Removes a key; returns whether it was there. */
export function fewDelete(pairs: number[], key: number): boolean {
  let at = 0;
  while (at < pairs.length && pairs[at] !== key) at += 2;
  if (at >= pairs.length) return false;
  for (at += 2; at < pairs.length; at += 2) {
    pairs[at - 2] = pairs[at]!;
    pairs[at - 1] = pairs[at + 1]!;
  }
  pairs.length -= 2;
  return true;
}

/** A map that may have few keys, and may get more while it is visited. */
export interface Growing {
  /** The keys and values while they are few, else null. */
  readonly pairs: number[] | null;
  /** The tree that holds them when they are more, else null. */
  readonly tree: Entries | null;
}

/** Steps up through a map that has few keys when it begins. What is ahead may be set and deleted meanwhile. */
class FewSteps extends Steps {
  /** Not `map`: that is a method of iterators. */
  declare private readonly over: Growing;
  declare private readonly what: number;
  /** Place behind the pair visited last, and its key. */
  declare private at: number;
  declare private last: number;
  /** What goes on when there have come more. */
  declare private rest: Iterator<unknown> | null;

  constructor(over: Growing, what: number) {
    super('IntMap');
    this.over = over;
    this.what = what;
    this.at = 0;
    this.last = 0;
    this.rest = null;
  }

  next(): IteratorResult<unknown> {
    const { what } = this;
    const { pairs } = this.over;
    if (pairs === null || this.at < 0) return this.goOn();
    let { at } = this;
    if (at > 0 && (at > pairs.length || pairs[at - 2] !== this.last)) at = placeBehind(pairs, this.last);
    if (at >= pairs.length) return this.finish();
    this.last = pairs[at]!;
    this.at = at + 2;
    const key = this.last;
    const value = pairs[at + 1]!;
    if (what === PAIRS) return { done: false, value: [key, value] };
    return { done: false, value: what === INDICES ? key : value };
  }

  private goOn(): IteratorResult<unknown> {
    const { tree } = this.over;
    if (this.at < 0 || tree === null) return this.finish();
    if (this.rest === null) {
      const from = this.at === 0 ? 0 : this.last + 1;
      if (from > MAX_INDEX) return this.finish();
      this.rest = ascending(tree, from, MAX_INDEX, PRESENT, this.what, this.what === INDICES ? 0 : 1);
    }
    return this.rest.next();
  }

  /** Ends forever. */
  private finish(): IteratorResult<unknown> {
    this.at = -1;
    return { done: true, value: undefined };
  }
}

/** Finds the place of the first key above one. */
export function placeBehind(pairs: readonly number[], key: number): number {
  let at = 0;
  while (at < pairs.length && pairs[at]! <= key) at += 2;
  return at;
}

/** Iterates over what a map has, in ascending order of key. @param what PAIRS, INDICES or ENTRIES, which are values here. */
export function steps<T>(map: Growing, what: typeof PAIRS | typeof INDICES | typeof ENTRIES): Each<T> {
  const { tree } = map;
  if (tree === null) return new FewSteps(map, what) as unknown as Each<T>;
  return ascending(tree, 0, MAX_INDEX, PRESENT, what, 1);
}
