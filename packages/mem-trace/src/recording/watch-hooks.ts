// What instrumented code calls where each access is taken when it is made, and not in a batch. As in hooks.ts, what changes is in fields.
import { isTypedArray, TYPED_ARRAY_PROTOTYPE, type TypedArray } from '../typed-array.ts';
import { atomicCalls } from './atomic-calls.ts';
import type { Calls } from './hook-types.ts';
import { elementOf } from './hooks.ts';
import { ArrayReceiver, receiverOfView } from './receivers.ts';

/**
 * Takes an access to an array, a write when it is done.
 *
 * @param element 0…`array.length` − 1.
 */
export type Watcher = (element: number, isWrite: boolean, array: TypedArray) => void;

/** Says who takes the accesses to an array: asked when a place meets another array than before. Null: those of this place are left out. */
export type WatcherOf = (array: TypedArray) => Watcher | null;

/** The calls, and what starts and stops them. */
export interface WatchHooks extends Calls {
  /** Says who is asked for watchers from now on; null: nothing is watched. Lets go of all arrays. */
  setWatcherOf(asked: WatcherOf | null): void;
}

const isView: (value: unknown) => value is ArrayBufferView = ArrayBuffer.isView;
const arrayIteratorNext = Object.getPrototypeOf([][Symbol.iterator]()) as { next: unknown };
const nativeNext = arrayIteratorNext.next;
const nativeValues = TYPED_ARRAY_PROTOTYPE.values;

export function makeWatchHooks(): WatchHooks {
  const state = { watcherOf: null as WatcherOf | null };
  /** By site: the array that was met there last, or null, and who takes its accesses. */
  const last: unknown[] = [];
  const watchers: Watcher[] = [];
  const leftOut: Watcher = () => {};
  /** Sites that have an array. */
  const met: number[] = [];

  /** Finds who takes the accesses to an array, and remembers it for the place. */
  const watcherAt = (array: TypedArray, site: number): Watcher => {
    if (array === last[site]) return watchers[site];
    const watcher = state.watcherOf!(array) ?? leftOut;
    if (last[site] === null) met.push(site);
    last[site] = array;
    watchers[site] = watcher;
    return watcher;
  };

  /** Reports an access if it is one: to an element that is there, of an array that is one. */
  const slow = (array: unknown, key: unknown, isRead: boolean, isWrite: boolean, site: number): void => {
    if (state.watcherOf === null || !isView(array) || !isTypedArray(array)) return;
    const index = elementOf(key);
    if (!(index >= 0 && index < array.length && Number.isInteger(index))) return;
    const watcher = watcherAt(array, site);
    if (isRead) watcher(index, false, array);
    if (isWrite) watcher(index, true, array);
  };

  const r = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    // An element that is there is never undefined, and what is no typed array is never the last one.
    if (array === last[site] && value !== undefined && typeof key === 'number')
      watchers[site](key, false, array as TypedArray);
    else slow(array, key, true, false, site);
    return value;
  };

  const w = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    if (array === last[site] && typeof key === 'number' && key >>> 0 === key && key < (array as TypedArray).length)
      watchers[site](key, true, array as TypedArray);
    else slow(array, key, false, true, site);
    return value;
  };

  const u = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    if (array === last[site] && typeof key === 'number' && key >>> 0 === key && key < (array as TypedArray).length) {
      watchers[site](key, false, array as TypedArray);
      watchers[site](key, true, array as TypedArray);
    } else slow(array, key, true, true, site);
    return value;
  };

  const t = (array: unknown, key: unknown, site: number): { v: unknown } => ({
    set v(value: unknown) {
      (array as Record<PropertyKey, unknown>)[key as PropertyKey] = value;
      slow(array, key, false, true, site);
    },
  });

  const v = (object: unknown, name: string): unknown => {
    if (state.watcherOf === null || !isView(object) || !isTypedArray(object) || !receiverOfView(object, name))
      return object;
    return receive(object);
  };

  /** One call's receiver: what the place met before says nothing. It lies at byte 0, so that an address tells the element. */
  const receive = (array: TypedArray): ArrayReceiver => {
    const watcher = state.watcherOf!(array) ?? leftOut;
    const report = (kind: number, address: number, bytes: number): void => {
      if (state.watcherOf !== null) watcher(address / bytes, kind === 2, array);
    };
    return new ArrayReceiver(array, 0, report, (source) =>
      isView(source) && isTypedArray(source) ? receive(source) : undefined,
    );
  };

  const i = (iterable: unknown): unknown => {
    if (state.watcherOf === null || !isView(iterable) || !isTypedArray(iterable)) return iterable;
    if (iterable[Symbol.iterator] !== nativeValues || arrayIteratorNext.next !== nativeNext) return iterable;
    return receive(iterable).iterate('values');
  };

  const n = <T>(source: T): T => {
    if (state.watcherOf !== null && isView(source) && isTypedArray(source)) receive(source).readRange(0, source.length);
    return source;
  };

  const k = <T>(value: T): T => value;

  return {
    r,
    w,
    u,
    t,
    v,
    i,
    n,
    k,
    a: atomicCalls(slow),
    d: k,
    o: k,
    s(first, _file, _labels, places) {
      // All places at the beginning: an array with gaps is read more slowly.
      for (const end = first + places.length / 3; last.length < end; ) {
        last.push(null);
        watchers.push(leftOut);
      }
    },
    setWatcherOf(asked) {
      state.watcherOf = asked;
      for (const site of met) {
        last[site] = null;
        watchers[site] = leftOut;
      }
      met.length = 0;
    },
  };
}
