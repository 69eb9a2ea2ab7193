// Recording: each access goes into a batch, with the place in the source and the array's label.
import { AddressMap } from '../address-map.ts';
import { refusal } from '../misuse.ts';
import { isTypedArray } from '../typed-array.ts';
import { type Known, makeCalls } from './calls.ts';
import type { BatchSink, Field, Hooks, Place, RecordedBatch } from './hook-types.ts';

/** Accesses in a batch at most. */
export const BATCH = 16_384;

/** What is known of an array or a DataView. */
interface Placed extends Known {
  readonly start: number;
  readonly field: number;
  /** Bytes of an element; 0 for a DataView. */
  readonly size: number;
}

export function makeHooks(): Hooks {
  const kinds = new Uint8Array(BATCH);
  const addresses = new Float64Array(BATCH);
  const bytes = new Int32Array(BATCH);
  const sites = new Int32Array(BATCH);
  const fields = new Int32Array(BATCH);
  const batch = { kinds, addresses, bytes, sites, fields, length: 0 } satisfies RecordedBatch;

  const state = {
    sink: null as BatchSink | null,
    paused: false,
    /** Whether the sink is at work: what it does is not the program's. */
    inSink: false,
    /** Places that do not report. */
    unseen: 0,
    map: new AddressMap(),
    /** Another object for each recording. */
    recording: {},
  };
  const files: { first: number; file: string; labels: readonly string[]; places: readonly number[] }[] = [];
  const fieldNumbers = new Map<string, number>();
  /** A program may make an array each time it comes by a place: its label is looked up one time. */
  const fieldOfSite = new Map<number, number>();
  const fieldList: Field[] = [];

  const change = (changes: Partial<Pick<typeof state, 'sink' | 'paused' | 'inSink'>>): void => {
    Object.assign(state, changes);
    const isOpen = state.sink !== null && !state.paused && !state.inSink;
    takeFor(isOpen ? state.recording : null);
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

  const { calls, takeFor } = makeCalls<Placed>({
    // An array has the label under which it was met first.
    know: (view, { owner, length, time }, site) => ({
      view,
      owner,
      length,
      time,
      start: state.map.placeOf(view.buffer) + view.byteOffset,
      field: fieldAt(site),
      size: isTypedArray(view) ? view.BYTES_PER_ELEMENT : 0,
    }),
    take: ({ start, size, field }, kind, element, _array, site) => add(kind, start + element * size, size, site, field),
    takeBytes: ({ start, field }, kind, byte, size, site) => add(kind, start + byte, size, site, field),
  });

  const s: Hooks['s'] = (first, file, labels, places, unseen) => {
    state.unseen += unseen;
    // A file without places takes no numbers; one that is loaded a second time has its numbers already.
    if (places.length === 0 || files.some((other) => other.first === first && other.file === file)) return;
    const end = first + places.length / 3;
    const other = files.find((one) => first < one.first + one.places.length / 3 && one.first < end);
    if (other !== undefined)
      throw refusal('instrument', 'firstSite', `${first} for ${file}`, `numbers that ${other.file} does not have`);
    files.push({ first, file, labels, places });
  };

  return {
    ...calls,
    s,
    begin(sink, map) {
      state.map = map;
      state.recording = {};
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
