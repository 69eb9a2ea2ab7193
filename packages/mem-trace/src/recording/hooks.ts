// What instrumented code calls. Each access goes into a batch, with the place in the source and the array's label.
// An array that was met at the same place before is known by a comparison, or by two; the rest of the call is five stores. What changes is
// in fields of objects and not in variables: V8 keeps a variable of an enclosing function in memory in a form that costs twice as much.
import { AddressMap } from '../address-map.ts';
import { refusal } from '../misuse.ts';
import { isTypedArray, TYPED_ARRAY_PROTOTYPE, type TypedArray } from '../typed-array.ts';
import { atomicCalls } from './atomic-calls.ts';
import type { BatchSink, Field, Hooks, Place, RecordedBatch } from './hook-types.ts';
import { ArrayReceiver, receiverOfView, ViewReceiver } from './receivers.ts';

/** Accesses in a batch at most. */
export const BATCH = 16_384;

/** What is known of an array or a DataView. */
interface Known {
  /** The array or DataView. */
  readonly view: unknown;
  readonly start: number;
  readonly field: number;
  /** Bytes of an element; 0 for a DataView. */
  readonly size: number;
  /** Elements, and 0 where these can change: then each access asks. */
  readonly length: number;
  /** What its methods are called on at a place, or null: there elements are accessed. */
  readonly receiver: unknown;
}

/** What a place knows that has met no array. Nothing in a program is its view. */
const NOTHING: Known = { view: {}, start: 0, field: 0, size: 0, length: 0, receiver: null };

/** Sites that remember arrays, those below it: a program of this many accesses in its source has some 10⁸ lines. */
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
  const batch = { kinds, addresses, bytes, sites, fields, length: 0 } satisfies RecordedBatch;

  /** By site: the array that was met there last, and the one before it. */
  const last: Known[] = [];
  const before: Known[] = [];
  /** Sites that have an array. */
  const met: number[] = [];

  const state = {
    sink: null as BatchSink | null,
    paused: false,
    /** Whether the sink is at work: what it does is not the program's. */
    inSink: false,
    /** Whether accesses are recorded: the sum of the above. */
    isOpen: false,
    /** Places that do not report. */
    unseen: 0,
    map: new AddressMap(),
    known: new WeakMap<object, Known>(),
  };
  const files: { first: number; file: string; labels: readonly string[]; places: readonly number[] }[] = [];
  const fieldNumbers = new Map<string, number>();
  /** A program may make an array each time it comes by a place: its label is looked up one time. */
  const fieldOfSite = new Map<number, number>();
  const fieldList: Field[] = [];

  /** Arrays that the program has dropped are not kept by us. */
  const forget = (): void => {
    for (const site of met) {
      last[site] = NOTHING;
      before[site] = NOTHING;
    }
    met.length = 0;
  };

  const change = (changes: Partial<Pick<typeof state, 'sink' | 'paused' | 'inSink'>>): void => {
    Object.assign(state, changes);
    state.isOpen = state.sink !== null && !state.paused && !state.inSink;
    forget();
  };

  const flush = (): void => {
    const { sink, inSink } = state;
    if (batch.length === 0 || sink === null || inSink) return;
    change({ inSink: true });
    try {
      sink(batch);
    } finally {
      batch.length = 0;
      change({ inSink: false });
    }
  };

  const add = (kind: number, address: number, size: number, site: number, field: number): void => {
    const { length } = batch;
    kinds[length] = kind;
    addresses[length] = address;
    bytes[length] = size;
    sites[length] = site;
    fields[length] = field;
    batch.length = length + 1;
    if (length + 1 === BATCH) flush();
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
    let found = state.known.get(view);
    if (found === undefined) {
      const { buffer } = view;
      found = {
        view,
        start: state.map.placeOf(buffer) + view.byteOffset,
        field: fieldAt(site),
        size: isTypedArray(view) ? view.BYTES_PER_ELEMENT : 0,
        length: isTypedArray(view) && !canChange(buffer) ? view.length : 0,
        receiver: null,
      };
      state.known.set(view, found);
    }
    return found;
  };

  const grow = (site: number): void => {
    const size = Math.min(MOST_SITES, Math.max(1024, 2 ** Math.ceil(Math.log2(site + 1))));
    while (last.length < size) {
      last.push(NOTHING);
      before.push(NOTHING);
    }
  };

  /** Remembers an array for a place. */
  const remember = (found: Known, site: number): void => {
    if (site >= MOST_SITES) return;
    if (site >= last.length) grow(site);
    if (last[site] === NOTHING) met.push(site);
    before[site] = last[site];
    last[site] = found;
  };

  /** What is known of an array that a place did not meet last; NOTHING of what has no elements, and while nothing is recorded. */
  const other = (array: unknown, site: number): Known => {
    const found = before[site] ?? NOTHING;
    if (array === found.view) return found;
    if (!isView(array) || !state.isOpen) return NOTHING;
    const known = knownOf(array, site);
    // Its buffer may have been taken since.
    if (known.size === 0 || known.length > (array as TypedArray).length) return NOTHING;
    remember(known, site);
    return known;
  };

  /** Reports an access if it is one: to an element that is there, of an array that is one. */
  const slow = (array: unknown, key: unknown, isRead: boolean, isWrite: boolean, site: number): void => {
    let found = last[site] ?? NOTHING;
    if (array !== found.view) found = other(array, site);
    if (found === NOTHING) return;
    const { start, field, size } = found;
    const index = elementOf(key);
    if (!(index >= 0 && index < (array as TypedArray).length && Number.isInteger(index))) return;
    if (isRead) add(1, start + index * size, size, site, field);
    if (isWrite) add(2, start + index * size, size, site, field);
  };

  const r = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    let found = last[site] ?? NOTHING;
    if (array !== found.view) found = other(array, site);
    // An element that is there is never undefined.
    if (found !== NOTHING && value !== undefined && typeof key === 'number')
      add(1, found.start + key * found.size, found.size, site, found.field);
    else if (found !== NOTHING) slow(array, key, true, false, site);
    return value;
  };

  const w = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    let found = last[site] ?? NOTHING;
    if (array !== found.view) found = other(array, site);
    if (typeof key === 'number' && key >>> 0 === key && key < found.length)
      add(2, found.start + key * found.size, found.size, site, found.field);
    else if (found !== NOTHING) slow(array, key, false, true, site);
    return value;
  };

  const u = <T>(array: unknown, key: unknown, value: T, site: number): T => {
    let found = last[site] ?? NOTHING;
    if (array !== found.view) found = other(array, site);
    if (typeof key === 'number' && key >>> 0 === key && key < found.length) {
      const address = found.start + key * found.size;
      add(1, address, found.size, site, found.field);
      add(2, address, found.size, site, found.field);
    } else if (found !== NOTHING) slow(array, key, true, true, site);
    return value;
  };

  const t = (array: unknown, key: unknown, site: number): { v: unknown } => ({
    set v(value: unknown) {
      (array as Record<PropertyKey, unknown>)[key as PropertyKey] = value;
      slow(array, key, false, true, site);
    },
  });

  const v = (object: unknown, name: string, site: number): unknown => {
    if (!isView(object) || !state.isOpen) return object;
    const { view, receiver } = last[site] ?? NOTHING;
    if (view === object && receiver !== null) return receiver;
    if (!receiverOfView(object, name)) return object;
    const made = receive(object, site);
    // The place is a method's: nothing reads an element there.
    remember({ ...knownOf(object, site), length: 0, receiver: made }, site);
    return made;
  };

  const receive = (view: ArrayBufferView, site: number): ArrayReceiver | ViewReceiver => {
    const { start, field } = knownOf(view, site);
    const report = (kind: number, address: number, size: number): void => {
      if (state.isOpen) add(kind, address, size, site, field);
    };
    if (!isTypedArray(view)) return new ViewReceiver(view as DataView, start, report);
    return new ArrayReceiver(view, start, report, (source) =>
      isView(source) && isTypedArray(source) ? (receive(source, site) as ArrayReceiver) : undefined,
    );
  };

  const i = (iterable: unknown, site: number): unknown => {
    if (!state.isOpen || !isView(iterable) || !isTypedArray(iterable)) return iterable;
    if (iterable[Symbol.iterator] !== nativeValues || arrayIteratorNext.next !== nativeNext) return iterable;
    return (receive(iterable, site) as ArrayReceiver).iterate('values');
  };

  const n = <T>(source: T, site: number): T => {
    if (!state.isOpen || !isView(source) || !isTypedArray(source)) return source;
    (receive(source, site) as ArrayReceiver).readRange(0, source.length);
    return source;
  };

  const k = <T>(source: T, site: number): T => {
    if (state.isOpen && isView(source)) knownOf(source, site);
    return source;
  };

  const o = <T>(value: T): T => value;

  const d = <T>(value: T): T => {
    forget();
    return value;
  };

  const s: Hooks['s'] = (first, file, labels, places, unseen) => {
    state.unseen += unseen;
    // A file without places takes no numbers; one that is loaded a second time has its numbers already.
    if (places.length === 0 || files.some((other) => other.first === first && other.file === file)) return;
    const end = first + places.length / 3;
    const other = files.find((one) => first < one.first + one.places.length / 3 && one.first < end);
    if (other !== undefined)
      throw refusal('instrument', 'firstSite', `${first} for ${file}`, `numbers that ${other.file} does not have`);
    files.push({ first, file, labels, places });
    if (end > last.length) grow(end - 1);
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
    begin(sink, map) {
      state.map = map;
      state.known = new WeakMap();
      change({ sink, paused: false });
    },
    end() {
      flush();
      change({ sink: null });
    },
    flush,
    setPaused(paused) {
      change({ paused });
    },
    // Functions: an object with getters is slow to call.
    isRecording() {
      return state.sink !== null && !state.paused;
    },
    unseen() {
      return state.unseen;
    },
    placeOf,
    fieldOf: (number) => fieldList[number],
  };
}

/** The element that a property key names, or NaN. */
export function elementOf(key: unknown): number {
  if (typeof key === 'number') return key;
  const index = typeof key === 'string' ? Number(key) : Number.NaN;
  return String(index) === key ? index : Number.NaN;
}

/** Whether a buffer may get another length. */
function canChange(buffer: object): boolean {
  const { resizable, growable } = buffer as { resizable?: boolean; growable?: boolean };
  return resizable === true || growable === true;
}
