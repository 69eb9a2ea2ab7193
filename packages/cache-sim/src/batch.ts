// Batches of accesses, which traces give and simulators take.
import { FETCH, READ } from './cache-stats.ts';
import type { AccessBatch } from './simulator.ts';

/** Anything that takes a trace's accesses: a CacheSim, or another consumer. */
export interface AccessSink {
  fetch(address: number, bytes: number): unknown;
  read(address: number, bytes: number): unknown;
  write(address: number, bytes: number): unknown;
  /** Takes a batch, where there is a quicker way; the arrays are used again afterwards. */
  play?(batch: AccessBatch): unknown;
  /** Data accesses of lackey traces are cut to this many bytes, as cachegrind does. Absent: they are not. */
  readonly smallestLine?: number;
}

/** Accesses of a trace; `threads` says whose they are, where the format tells. */
export interface TraceBatch extends AccessBatch {
  /** Number of the thread in the order of their first accesses; 0 where the format names none. Uint16Array, shape [≥ length]. */
  threads: Uint16Array;
}

/** Accesses in a batch at most. */
export const BATCH = 4096;

/** Collects accesses to be passed on together. */
export class Batch implements TraceBatch {
  readonly kinds: Uint8Array = new Uint8Array(BATCH);
  readonly addresses: Float64Array = new Float64Array(BATCH);
  readonly bytes: Int32Array = new Int32Array(BATCH);
  readonly threads: Uint16Array = new Uint16Array(BATCH);
  length = 0;

  get isFull(): boolean {
    return this.length === BATCH;
  }

  /** Adds an access; there must be room. */
  add(kind: number, address: number, bytes: number, thread = 0): void {
    const at = this.length++;
    this.kinds[at] = kind;
    this.addresses[at] = address;
    this.bytes[at] = bytes;
    this.threads[at] = thread;
  }
}

/** Passes a batch on. */
export function playInto(sink: AccessSink, batch: AccessBatch): void {
  if (sink.play) {
    sink.play(batch);
    return;
  }
  const { kinds, addresses, bytes, length } = batch;
  for (let at = 0; at < length; at++) {
    if (kinds[at] === FETCH) sink.fetch(addresses[at], bytes[at]);
    else if (kinds[at] === READ) sink.read(addresses[at], bytes[at]);
    else sink.write(addresses[at], bytes[at]);
  }
}
