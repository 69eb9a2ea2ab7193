// What instrumented code calls, and what it reports.
import type { AddressMap } from '../address-map.ts';
import type { AtomicCalls } from './atomic-calls.ts';

/** Accesses as they were made. The arrays are used again after the sink has returned. `CacheSim.play` takes it as it is. */
export interface RecordedBatch {
  /** 1 read, 2 write. Uint8Array, shape [≥ length]. */
  readonly kinds: Uint8Array;
  /** Address of the first byte, as `AddressMap` gives it. Float64Array, shape [≥ length]. */
  readonly addresses: Float64Array;
  /** Bytes of the element. Int32Array, shape [≥ length]. */
  readonly bytes: Int32Array;
  /** Number of the place in the source. Int32Array, shape [≥ length]. */
  readonly sites: Int32Array;
  /** Number of the array's label. Int32Array, shape [≥ length]. */
  readonly fields: Int32Array;
  /** Accesses in it. */
  readonly length: number;
}

/** Where an array is called something. */
export interface Field {
  readonly file: string;
  readonly label: string;
}

/** What is known of a place in instrumented code. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly label: string;
}

export type BatchSink = (batch: RecordedBatch) => void;

/** The calls of instrumented code, by the letter that they have there. */
export interface Calls {
  /** Read: `value` is `array[key]`. */
  r<T>(array: unknown, key: unknown, value: T, site: number): T;
  /** Written: `value` was assigned to `array[key]`. */
  w<T>(array: unknown, key: unknown, value: T, site: number): T;
  /** Read, then written: `array[key]++`. */
  u<T>(array: unknown, key: unknown, value: T, site: number): T;
  /** Something with a property `v`: what is assigned to it goes to `array[key]`. */
  t(array: unknown, key: unknown, site: number): { v: unknown };
  /** The object whose method is called, or one that reports and then calls it. */
  v(object: unknown, name: string, site: number): unknown;
  /** What is iterated over, or an iterator of it that reports. */
  i(iterable: unknown, site: number): unknown;
  /** Something whose elements are all read. */
  n<T>(source: T, site: number): T;
  /** Something that a method is given: what it is called. */
  k<T>(source: T, site: number): T;
  /** In place of `Atomics`, the site as first argument. */
  readonly a: AtomicCalls;
  /** After a call that may have taken the buffer of an array. */
  d<T>(value: T): T;
  o<T>(value: T): T;
  /**
   * Tells what the sites of a file are: line, column and number of the label of each; and how many places in it do not report.
   *
   * @throws RangeError where another file has one of the numbers.
   */
  s(first: number, file: string, labels: readonly string[], places: readonly number[], unseen: number): void;
}

/** The calls, and what starts and stops them. */
export interface Hooks extends Calls {
  begin(sink: BatchSink, addresses: AddressMap): void;
  end(): void;
  flush(): void;
  setPaused(paused: boolean): void;
  isRecording(): boolean;
  unseen(): number;
  placeOf(site: number): Place | undefined;
  fieldOf(field: number): Field | undefined;
}
