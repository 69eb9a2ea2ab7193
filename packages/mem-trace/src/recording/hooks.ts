// What instrumented code calls. Each access goes into a batch, with the place in the source and the array's label.
// An array that was met at the same place before is known by a comparison; the rest of the call is five stores.
import { AddressMap } from '../address-map.ts';
import { refusal } from '../misuse.ts';
import { isTypedArray, TYPED_ARRAY_PROTOTYPE, type TypedArray } from '../typed-array.ts';
import { atomicCalls } from './atomic-calls.ts';
import type { BatchSink, Field, Hooks, Place, RecordedBatch } from './hook-types.ts';
import { ArrayReceiver, receiverOfView, ViewReceiver } from './receivers.ts';

/** Accesses in a batch at most. */
export const BATCH = 16_384;

interface Known {
  readonly start: number;
  readonly field: number;
}

/** The largest site that is kept by number: a program of this many accesses in its source has some 10⁸ lines. */
const MOST_SITES = 2 ** 26;

const isView: (value: unknown) => value is ArrayBufferView = ArrayBuffer.isView;
const arrayIteratorNext = Object.getPrototypeOf([][Symbol.iterator]()) as { next: unknown };
const nativeNext = arrayIteratorNext.next;
const nativeValues = TYPED_ARRAY_PROTOTYPE.values;

export function makeHooks(): Hooks {
  const kinds = new Uint8Array(BATCH);
  const addresses = new Float64Array(BATCH);
  const bytes = new Int32Array(BATCH);
  const sites = new Int32Array(BATCH);
  const fields = new Int32Array(BATCH);
  let length = 0;

  // By site: the array that was met there last, and what is known of it.
  const last: unknown[] = [];
  const receivers: unknown[] = [];
  let starts = new Float64Array(0);
  let sizes = new Int32Array(0);
  let fieldsOf = new Int32Array(0);
  /** Elements, and 0 where these can change: then each access asks. */
  let lengths = new Float64Array(0);

  /** Places that do not report. */
  let notSeen = 0;

  let sink: BatchSink | null = null;
  let paused = false;
  let map = new AddressMap();
  let known = new WeakMap<object, Known>();
  const files: { first: number; file: string; labels: readonly string[]; places: readonly number[] }[] = [];
  const fieldNumbers = new Map<string, number>();
  /** A program may make an array each time it comes by a place: its label is looked up one time. */
  const fieldOfSite = new Map<number, number>();
  const fieldList: Field[] = [];

  const forget = (): void => {
    last.fill(null);
    receivers.fill(null);
  };

  const flush = (): void => {
    if (length === 0 || sink === null) return;
    const batch: RecordedBatch = { kinds, addresses, bytes, sites, fields, length };
    length = 0;
    // Arrays that the program has dropped are not kept by us.
    forget();
    const receiver = sink;
    sink = null; // what the sink does is not the program's
    try {
      receiver(batch);
    } finally {
      sink = receiver;
    }
  };

  const add = (kind: number, address: number, size: number, site: number, field: number): void => {
    kinds[length] = kind;
    addresses[length] = address;
    bytes[length] = size;
    sites[length] = site;
    fields[length] = field;
    if (++length === BATCH) flush();
  };

  const placeOf = (site: number): Place | undefined => {
    for (const { first, file, labels, places } of files) {
      const at = (site - first) * 3;
      if (at >= 0 && at < places.length)
        return { file, line: places[at], column: places[at + 1], label: labels[places[at + 2]] };
    }
    return undefined;
  };

  /** The number of the label that an array has at a place. */
  const fieldAt = (site: number): number => {
    const before = fieldOfSite.get(site);
    if (before !== undefined) return before;
    const place = placeOf(site);
    const { file = '', label = '' } = place ?? {};
    const key = `${file}\n${label}`;
    let number = fieldNumbers.get(key);
    if (number === undefined) {
      number = fieldList.push({ file, label }) - 1;
      fieldNumbers.set(key, number);
    }
    if (place !== undefined) fieldOfSite.set(site, number);
    return number;
  };

  /** What is known of an array or a DataView: it has the label under which it was met first. */
  const knownOf = (view: ArrayBufferView, site: number): Known => {
    let found = known.get(view);
    if (found === undefined) {
      found = { start: map.placeOf(view.buffer) + view.byteOffset, field: fieldAt(site) };
      known.set(view, found);
    }
    return found;
  };

  const grow = (site: number): void => {
    const size = Math.min(MOST_SITES, Math.max(1024, 2 ** Math.ceil(Math.log2(site + 1))));
    const larger = <T extends Float64Array | Int32Array>(made: T, old: T): T => {
      made.set(old as never);
      return made;
    };
    starts = larger(new Float64Array(size), starts);
    sizes = larger(new Int32Array(size), sizes);
    fieldsOf = larger(new Int32Array(size), fieldsOf);
    lengths = larger(new Float64Array(size), lengths);
    while (last.length < size) {
      last.push(null);
      receivers.push(null);
    }
  };

  /** Remembers an array for a place. */
  const remember = (array: TypedArray, site: number): Known => {
    if (site >= starts.length) grow(site);
    const found = knownOf(array, site);
    receivers[site] = null;
    last[site] = array;
    starts[site] = found.start;
    sizes[site] = array.BYTES_PER_ELEMENT;
    fieldsOf[site] = found.field;
    lengths[site] = canChange(array.buffer) ? 0 : array.length;
    return found;
  };

  /** Reports an access if it is one: to an element that is there, of an array that is one. */
  const slow = (array: unknown, key: unknown, isRead: boolean, isWrite: boolean, site: number): void => {
    if (sink === null || paused || !isView(array) || !isTypedArray(array)) return;
    const index = elementOf(key);
    if (!(index >= 0 && index < array.length && Number.isInteger(index))) return;
    const { start, field } = remember(array, site);
    const size = array.BYTES_PER_ELEMENT;
    if (isRead) add(1, start + index * size, size, site, field);
    if (isWrite) add(2, start + index * size, size, site, field);
  };

  const r = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    // An element that is there is never undefined, and what is no typed array is never the last one.
    if (array === last[site] && value !== undefined && typeof key === 'number')
      add(1, starts[site] + key * sizes[site], sizes[site], site, fieldsOf[site]);
    else slow(array, key, true, false, site);
    return value;
  };

  const w = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    if (array === last[site] && typeof key === 'number' && key >>> 0 === key && key < lengths[site])
      add(2, starts[site] + key * sizes[site], sizes[site], site, fieldsOf[site]);
    else slow(array, key, false, true, site);
    return value;
  };

  const u = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    if (array === last[site] && typeof key === 'number' && key >>> 0 === key && key < lengths[site]) {
      const address = starts[site] + key * sizes[site];
      add(1, address, sizes[site], site, fieldsOf[site]);
      add(2, address, sizes[site], site, fieldsOf[site]);
    } else slow(array, key, true, true, site);
    return value;
  };

  const t = (array: unknown, key: unknown, site: number): { v: unknown } => ({
    set v(value: unknown) {
      (array as Record<PropertyKey, unknown>)[key as PropertyKey] = value;
      slow(array, key, false, true, site);
    },
  });

  const v = (object: unknown, name: string, site: number): unknown => {
    if (sink === null || paused || !isView(object)) return object;
    if (last[site] === object && receivers[site] !== null) return receivers[site];
    if (!receiverOfView(object, name)) return object;
    const receiver = receive(object, site);
    if (site >= starts.length) grow(site);
    last[site] = object;
    receivers[site] = receiver;
    // The place is a method's: nothing reads an element there.
    lengths[site] = 0;
    return receiver;
  };

  const receive = (view: ArrayBufferView, site: number): ArrayReceiver | ViewReceiver => {
    const { start, field } = knownOf(view, site);
    const report = (kind: number, address: number, size: number): void => {
      if (sink !== null && !paused) add(kind, address, size, site, field);
    };
    if (!isTypedArray(view)) return new ViewReceiver(view as DataView, start, report);
    return new ArrayReceiver(view, start, report, (source) =>
      isView(source) && isTypedArray(source) ? (receive(source, site) as ArrayReceiver) : undefined,
    );
  };

  const i = (iterable: unknown, site: number): unknown => {
    if (sink === null || paused || !isView(iterable) || !isTypedArray(iterable)) return iterable;
    if (iterable[Symbol.iterator] !== nativeValues || arrayIteratorNext.next !== nativeNext) return iterable;
    return (receive(iterable, site) as ArrayReceiver).iterate('values');
  };

  const n = <T>(source: T, site: number): T => {
    if (sink === null || paused || !isView(source) || !isTypedArray(source)) return source;
    (receive(source, site) as ArrayReceiver).readRange(0, source.length);
    return source;
  };

  const k = <T>(source: T, site: number): T => {
    if (sink !== null && !paused && isView(source)) knownOf(source, site);
    return source;
  };

  const o = <T>(value: T): T => value;

  const d = <T>(value: T): T => {
    forget();
    return value;
  };

  const s: Hooks['s'] = (first, file, labels, places, unseen) => {
    notSeen += unseen;
    // A file without places takes no numbers; one that is loaded a second time has its numbers already.
    if (places.length === 0 || files.some((other) => other.first === first && other.file === file)) return;
    const end = first + places.length / 3;
    const other = files.find((one) => first < one.first + one.places.length / 3 && one.first < end);
    if (other !== undefined)
      throw refusal('instrument', 'firstSite', `${first} for ${file}`, `numbers that ${other.file} does not have`);
    files.push({ first, file, labels, places });
    if (end > starts.length) grow(end - 1);
  };

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
    d,
    o,
    s,
    begin(given, givenMap) {
      sink = given;
      map = givenMap;
      known = new WeakMap();
      length = 0;
      paused = false;
      forget();
    },
    end() {
      flush();
      sink = null;
      forget();
    },
    flush,
    setPaused(value) {
      paused = value;
      forget();
    },
    get isRecording() {
      return sink !== null && !paused;
    },
    get unseen() {
      return notSeen;
    },
    placeOf,
    fieldOf: (number) => fieldList[number],
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
