// What instrumented code calls; recording and watching take the accesses. What changes is in fields of objects and not in variables: V8 keeps a variable
// of an enclosing function in memory in a form that costs twice as much.
import { isTypedArray, TYPED_ARRAY_PROTOTYPE, type TypedArray } from '../typed-array.ts';
import { atomicCalls } from './atomic-calls.ts';
import type { Calls } from './hook-types.ts';
import { ArrayReceiver, receiverOfView, ViewReceiver } from './receivers.ts';
import { Stamp } from './stamp.ts';

/** Places that remember an array, those with a lower number: a program of so many accesses in its source has some 10⁷ lines. */
const MOST_SITES = 2 ** 22;

/** What is known of an array or a DataView. */
export interface Known {
  /** The array or DataView. */
  readonly view: object;
  /** The recording or the watch that this is known for. */
  readonly owner: object;
  /** Elements, and 0 where these can change: then each access asks. */
  readonly length: number;
  /** When it was last seen to have its elements. */
  time: object;
}

/** Takes the accesses: 1 read, 2 write. */
export interface Taker<K extends Known> {
  /** Says what is to be known of an array or a DataView; null: it is left out, and this is asked again. */
  know(view: ArrayBufferView, basics: Omit<Known, 'view'>, site: number): K | null;
  /** Takes an access to an element that is there. */
  take(known: K, kind: number, element: number, array: TypedArray, site: number): void;
  /** Takes an access to bytes of a DataView. */
  takeBytes(known: K, kind: number, byte: number, bytes: number, site: number): void;
}

/** All calls but the one that tells what the sites are. */
export type AccessCalls = Omit<Calls, 's'>;

/** The calls, and what starts and stops them. */
export interface MadeCalls {
  readonly calls: AccessCalls;
  /**
   * Takes accesses for an owner from now on; for null, none. All arrays are looked at again, and none is kept.
   *
   * @param owner What was known for another one is not used.
   */
  takeFor(owner: object | null): void;
}

const isView: (value: unknown) => value is ArrayBufferView = ArrayBuffer.isView;
const arrayIteratorNext = Object.getPrototypeOf([][Symbol.iterator]()) as { next: unknown };
const nativeNext = arrayIteratorNext.next;
const nativeValues = TYPED_ARRAY_PROTOTYPE.values;

export function makeCalls<K extends Known>(taker: Taker<K>): MadeCalls {
  const state = {
    owner: null as object | null,
    /** Another object after anything that may have taken the elements of an array. */
    time: {},
  };
  /** By site: the array that was met there first since the last change of `time`, and the sites that have one. */
  const first: (K | undefined)[] = [];
  const met: number[] = [];
  /** By site: what stands in for the array or DataView whose method was called there last. */
  const receivers = new Map<number, ArrayReceiver | ViewReceiver>();

  /** What is known of an array or a DataView: what was said where it was met first. */
  const knownOf = (view: ArrayBufferView, site: number): K | null => {
    const { owner } = state;
    if (owner === null) return null;
    const before = Stamp.find(view) as K | undefined;
    if (before?.owner === owner) return before;
    const length = isTypedArray(view) && !canChange(view.buffer) ? view.length : 0;
    const known = taker.know(view, { owner, length, time: {} }, site);
    if (known !== null) Stamp.put(view, known);
    return known;
  };

  /** What is known of an array that has its elements; null for anything else. */
  const look = (view: ArrayBufferView, site: number): K | null => {
    const known = knownOf(view, site);
    // Its buffer may have been taken since it was met.
    if (known === null || !isTypedArray(view) || known.length > view.length) return null;
    known.time = state.time;
    return known;
  };

  /** The same, quickly where the place has met the array, and else if its shape is one of few. */
  const elementsOf = (array: unknown, site: number): K | null => {
    const before = first[site];
    if (before !== undefined && before.view === array) return before;
    return isView(array) ? meet(array, site) : null;
  };

  const meet = (view: ArrayBufferView, site: number): K | null => {
    const noted = Stamp.of(view) as K | undefined;
    const known = noted !== undefined && noted.time === state.time ? noted : look(view, site);
    if (known !== null && first[site] === undefined && site < MOST_SITES) {
      while (first.length <= site) first.push(undefined);
      first[site] = known;
      met.push(site);
    }
    return known;
  };

  /** Lets all arrays be looked at again, and keeps none that the program has dropped. */
  const forget = (): void => {
    state.time = {};
    for (const site of met) first[site] = undefined;
    met.length = 0;
  };

  /** Reports an access if it is one: to an element that is there, of an array that is one. */
  const access = (array: unknown, key: unknown, isRead: boolean, isWrite: boolean, site: number): void => {
    const known = elementsOf(array, site);
    if (known === null) return;
    const index = elementOf(key);
    if (!(index >= 0 && index < (array as TypedArray).length && Number.isInteger(index))) return;
    if (isRead) taker.take(known, 1, index, array as TypedArray, site);
    if (isWrite) taker.take(known, 2, index, array as TypedArray, site);
  };

  /** What stands in for an array: also for one that is left out, as its methods may read another one. */
  const arrayReceiver = (known: K | null, array: TypedArray, site: number): ArrayReceiver => {
    const { owner } = state;
    const take = (kind: number, element: number): void => {
      if (known !== null && state.owner === owner) taker.take(known, kind, element, array, site);
    };
    return new ArrayReceiver(array, take, (source) => receiverOf(source, site));
  };

  /** The same, for what may be no array. */
  const receiverOf = (value: unknown, site: number): ArrayReceiver | undefined =>
    state.owner !== null && isView(value) && isTypedArray(value)
      ? arrayReceiver(knownOf(value, site), value, site)
      : undefined;

  const viewReceiver = (known: K | null, view: DataView, site: number): ViewReceiver => {
    const { owner } = state;
    return new ViewReceiver(view, (kind, byte, bytes) => {
      if (known !== null && state.owner === owner) taker.takeBytes(known, kind, byte, bytes, site);
    });
  };

  const calls: AccessCalls = {
    r(array, key, value, site) {
      // Elements of typed arrays are numbers, and one that is not there is undefined.
      if (typeof value !== 'number' && typeof value !== 'bigint') return value;
      const known = elementsOf(array, site);
      if (known !== null && typeof key === 'number') taker.take(known, 1, key, array as TypedArray, site);
      else if (known !== null) access(array, key, true, false, site);
      return value;
    },
    w(array, key, value, site) {
      const known = elementsOf(array, site);
      if (known !== null && typeof key === 'number' && key >>> 0 === key && key < known.length)
        taker.take(known, 2, key, array as TypedArray, site);
      else if (known !== null) access(array, key, false, true, site);
      return value;
    },
    u(array, key, value, site) {
      const known = elementsOf(array, site);
      if (known !== null && typeof key === 'number' && key >>> 0 === key && key < known.length) {
        taker.take(known, 1, key, array as TypedArray, site);
        taker.take(known, 2, key, array as TypedArray, site);
      } else if (known !== null) access(array, key, true, true, site);
      return value;
    },
    t(array, key, site) {
      return {
        set v(value: unknown) {
          (array as Record<PropertyKey, unknown>)[key as PropertyKey] = value;
          access(array, key, false, true, site);
        },
      };
    },
    v(object, name, site) {
      if (state.owner === null || !isView(object)) return object;
      const before = receivers.get(site);
      if (before?.view === object) return before;
      if (!receiverOfView(object, name)) return object;
      const known = knownOf(object, site);
      const receiver = isTypedArray(object)
        ? arrayReceiver(known, object, site)
        : viewReceiver(known, object as DataView, site);
      if (known !== null) receivers.set(site, receiver);
      return receiver;
    },
    i(iterable, site) {
      if (!isView(iterable) || (iterable as { [Symbol.iterator]?: unknown })[Symbol.iterator] !== nativeValues)
        return iterable;
      if (arrayIteratorNext.next !== nativeNext) return iterable;
      return receiverOf(iterable, site)?.iterate('values') ?? iterable;
    },
    n(source, site) {
      receiverOf(source, site)?.readRange(0, (source as TypedArray).length);
      return source;
    },
    k(source, site) {
      if (isView(source)) knownOf(source, site);
      return source;
    },
    a: atomicCalls(access),
    d(value) {
      forget();
      return value;
    },
    o: (value) => value,
  };

  return {
    calls,
    takeFor(owner) {
      state.owner = owner;
      forget();
      receivers.clear();
    },
  };
}

/** The element that a property key names, or NaN. */
function elementOf(key: unknown): number {
  if (typeof key === 'number') return key;
  const index = typeof key === 'string' ? Number(key) : Number.NaN;
  return String(index) === key ? index : Number.NaN;
}

/** Whether a buffer may get another length. */
function canChange(buffer: object): boolean {
  const { resizable, growable } = buffer as { resizable?: boolean; growable?: boolean };
  return resizable === true || growable === true;
}
