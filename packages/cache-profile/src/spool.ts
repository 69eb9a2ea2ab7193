// What a thread leaves behind in a file while it runs: its accesses in order, and what the numbers in them mean.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Field, Place, RecordedBatch } from '@idspace/mem-trace/recording';

/** What came up since the last batch. */
export interface News {
  /** Of the first batch only: number of the thread that made this one, and how many accesses that had made by then. */
  start?: { parent: number; at: number };
  sites: [site: number, place: Place][];
  fields: [field: number, named: Field][];
  /** Place and bytes of buffers. */
  buffers: [place: number, bytes: number][];
  /** Stamps of shared buffers. */
  stamps: [place: number, stamp: number][];
}

/** Accesses as they are kept: `codes` is the kind plus 4 × bytes. */
export interface Spooled {
  length: number;
  addresses: Float64Array;
  sites: Int32Array;
  fields: Int32Array;
  codes: Uint8Array;
  news: News;
}

/** Bytes of an access in a file. */
const WIDTH = 17;

export class SpoolWriter {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  write({ kinds, addresses, bytes, sites, fields, length }: RecordedBatch, news: News): void {
    const text = Buffer.from(JSON.stringify(news));
    const codes = new Uint8Array(length);
    for (let i = 0; i < length; i++) codes[i] = kinds[i]! + 4 * bytes[i]!;
    const parts = [addresses, sites, fields].map((array) =>
      Buffer.from(array.buffer, 0, length * array.BYTES_PER_ELEMENT),
    );
    const whole = Buffer.concat([Buffer.from(Int32Array.of(length, text.length).buffer), text, ...parts, codes]);
    for (let at = 0; at < whole.length; ) at += writeSync(this.file, whole, at);
  }
}

/** Reads a file batch by batch; one that was not written to its end is left out. */
export function* readSpool(path: string): Generator<Spooled> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const head = readWhole(file, 8);
      if (head === undefined) return;
      const [length, text] = [head.readInt32LE(0), head.readInt32LE(4)];
      const whole = readWhole(file, text + length * WIDTH);
      if (whole === undefined) return;
      const arrays = whole.buffer.slice(whole.byteOffset + text, whole.byteOffset + whole.length);
      yield {
        length,
        addresses: new Float64Array(arrays, 0, length),
        sites: new Int32Array(arrays, 8 * length, length),
        fields: new Int32Array(arrays, 12 * length, length),
        codes: new Uint8Array(arrays, 16 * length, length),
        news: JSON.parse(whole.toString('utf8', 0, text)) as News,
      };
    }
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, bytes: number): Buffer<ArrayBuffer> | undefined {
  const whole = Buffer.alloc(bytes);
  let at = 0;
  while (at < bytes) {
    const read = readSync(file, whole, at, bytes - at, null);
    if (read === 0) return undefined;
    at += read;
  }
  return whole;
}
