// Accesses on their way from a trace to a simulator.
import { FETCH, READ } from './cache-stats.ts';
import type { AccessBatch } from './simulator.ts';

/** Anything that takes a trace's accesses: a CacheSim, or what somebody else makes of them. */
export interface AccessSink {
  fetch(address: number, bytes: number): unknown;
  read(address: number, bytes: number): unknown;
  write(address: number, bytes: number): unknown;
  /** Takes many at once, where there is a quicker way; the arrays are used again afterwards. */
  play?(batch: AccessBatch): unknown;
  /** Data accesses of lackey traces are cut to this many bytes, as cachegrind does. Absent: they are not. */
  readonly smallestLine?: number;
}

/** Accesses in a batch at most. */
export const BATCH = 4096;

/** Collects accesses and passes them on together. */
export class Batch implements AccessBatch {
  readonly kinds: Uint8Array = new Uint8Array(BATCH);
  readonly addresses: Float64Array = new Float64Array(BATCH);
  readonly bytes: Int32Array = new Int32Array(BATCH);
  length = 0;
  private readonly sink: AccessSink;

  constructor(sink: AccessSink) {
    this.sink = sink;
  }

  get isFull(): boolean {
    return this.length === BATCH;
  }

  add(kind: number, address: number, bytes: number): void {
    if (this.isFull) this.flush();
    const at = this.length++;
    this.kinds[at] = kind;
    this.addresses[at] = address;
    this.bytes[at] = bytes;
  }

  /** Passes on what is there. */
  flush(): void {
    const { sink, kinds, addresses, bytes, length } = this;
    if (length === 0) return;
    if (sink.play) sink.play(this);
    else {
      for (let at = 0; at < length; at++) {
        if (kinds[at] === FETCH) sink.fetch(addresses[at], bytes[at]);
        else if (kinds[at] === READ) sink.read(addresses[at], bytes[at]);
        else sink.write(addresses[at], bytes[at]);
      }
    }
    this.length = 0;
  }
}
