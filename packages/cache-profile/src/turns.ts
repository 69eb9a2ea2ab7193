// The accesses of several threads in one order: each thread gives one in turn.
import type { AddressMap } from '@idspace/mem-trace';
import type { Field, Place, RecordedBatch } from '@idspace/mem-trace/recording';
import { lastUpTo } from './buffers.ts';
import { readSpool, type Spooled } from './spool.ts';

/** Accesses that are passed on together. */
const BATCH = 4096;

/** A batch of several threads. */
export interface ThreadedBatch extends RecordedBatch {
  /** Whose access it is. Int32Array, shape [≥ length], index of the thread in `Turns.threads`. */
  readonly threads: Int32Array;
}

/** One thread: its file, what its numbers stand for, and how far it has come. */
class Reader {
  readonly thread: number;
  parent = -1;
  at = 0;
  taken: number;
  isDone = false;
  accesses = 0;
  readonly places: Map<number, Place> = new Map();
  readonly fields: Map<number, number> = new Map();
  readonly starts: number[] = [];
  /** By the index of the start: where the buffer lies in the order of all threads, or NaN. */
  readonly lies: number[] = [];
  readonly bytes: Map<number, number> = new Map();
  readonly stamps: Map<number, number> = new Map();
  batch: Spooled | undefined;
  next = 0;
  private readonly batches: Generator<Spooled>;

  constructor(thread: number, path: string, before: number) {
    this.thread = thread;
    this.taken = before;
    this.batches = readSpool(path);
  }

  /** Goes to the next access. @returns false at the end. */
  advance(named: (field: Field) => number): boolean {
    while (!this.isDone && (this.batch === undefined || this.next === this.batch.length)) {
      const { value, done } = this.batches.next();
      if (done === true) this.isDone = true;
      else {
        this.batch = value;
        this.next = 0;
        this.learn(value.news, named);
      }
    }
    return !this.isDone;
  }

  private learn({ start, sites, fields, buffers, stamps }: Spooled['news'], named: (field: Field) => number): void {
    if (start !== undefined) [this.parent, this.at] = [start.parent, start.at];
    for (const [site, place] of sites) this.places.set(site, place);
    for (const [field, label] of fields) this.fields.set(field, named(label));
    for (const [place, bytes] of buffers) {
      this.starts.push(place);
      this.lies.push(Number.NaN);
      this.bytes.set(place, bytes);
    }
    for (const [place, stamp] of stamps) this.stamps.set(place, stamp);
  }
}

export class Turns {
  /** The main one, and those that have accesses, in the order in which they were made. */
  readonly threads: Reader[];
  private readonly addresses: AddressMap;
  private readonly names: Field[];
  private readonly numbers: Map<string, number>;
  /** The largest site of all threads, plus one: site s of threads[i] is i × that + s. */
  private sites: number;
  /** By stamp: the smallest of the same memory. */
  private readonly same: ReadonlyMap<number, number>;
  /** By stamp: the object that stands for its memory in `addresses`. */
  private readonly memory = new Map<number, { byteLength: number }>();
  /** By stamp: where the main thread has it. */
  private readonly mainPlaces = new Map<number, number>();

  /**
   * @param files By number of the thread, 0 the main one.
   * @param before How many accesses the main thread had made before its file begins.
   * @param same By stamp of a shared buffer: the smallest of the same memory.
   * @param addresses, sites, names Of the main thread: where its buffers lie, how many sites it has, and what its arrays are called. Its
   *   numbers stay.
   */
  constructor(
    files: readonly [thread: number, path: string][],
    before: number,
    same: ReadonlyMap<number, number>,
    { addresses, sites, names }: { addresses: AddressMap; sites: number; names: readonly Field[] },
  ) {
    this.same = same;
    this.addresses = addresses;
    this.sites = sites;
    this.names = [...names];
    this.numbers = new Map(names.map((field, i) => [keyOf(field), i]));
    for (const [thread, path] of files) this.lookThrough(path, thread);
    this.threads = files
      .map(([thread, path]) => new Reader(thread, path, thread === 0 ? before : 0))
      .filter((reader) => reader.advance((field) => this.named(field)) || reader.thread === 0);
  }

  /** Plays all to the end. */
  play(take: (batch: ThreadedBatch) => void): void {
    const batch = {
      kinds: new Uint8Array(BATCH),
      addresses: new Float64Array(BATCH),
      bytes: new Int32Array(BATCH),
      sites: new Int32Array(BATCH),
      fields: new Int32Array(BATCH),
      threads: new Int32Array(BATCH),
      length: 0,
    };
    const flush = (): void => {
      take(batch);
      batch.length = 0;
    };
    const byNumber = new Map(this.threads.map((reader) => [reader.thread, reader]));
    for (let left = true; left; ) {
      left = false;
      for (const [index, reader] of this.threads.entries()) {
        if (reader.isDone) continue;
        left = true;
        const parent = byNumber.get(reader.parent);
        if (reader.accesses === 0 && parent !== undefined && !parent.isDone && parent.taken < reader.at) continue;
        this.put(batch, index, reader);
        if (batch.length === BATCH) flush();
      }
    }
    flush();
  }

  placeOf(site: number): Place | undefined {
    return this.threads[this.threadOf(site)]?.places.get(site % this.sites);
  }

  /** The index of the thread that a site is of. */
  threadOf(site: number): number {
    return Math.floor(site / this.sites);
  }

  fieldOf(field: number): Field | undefined {
    return this.names[field];
  }

  private put(
    batch: { -readonly [Name in keyof ThreadedBatch]: ThreadedBatch[Name] },
    index: number,
    reader: Reader,
  ): void {
    const { addresses, sites, fields, codes } = reader.batch!;
    const { next } = reader;
    const at = batch.length++;
    batch.kinds[at] = codes[next]! & 3;
    batch.bytes[at] = codes[next]! >>> 2;
    batch.addresses[at] = this.translated(reader, addresses[next]!);
    batch.sites[at] = index * this.sites + sites[next]!;
    batch.fields[at] = reader.fields.get(fields[next]!)!;
    batch.threads[at] = index;
    reader.next++;
    reader.taken++;
    reader.accesses++;
    reader.advance((field) => this.named(field));
  }

  /** Where something lies in the order in which all threads together come by buffers. */
  private translated(reader: Reader, address: number): number {
    const { starts, lies } = reader;
    const at = lastUpTo(starts, address);
    const start = starts[at]!;
    if (Number.isNaN(lies[at])) lies[at] = this.placeFor(reader, start);
    return lies[at]! + address - start;
  }

  private placeFor(reader: Reader, start: number): number {
    if (reader.thread === 0) return start;
    const own = { byteLength: reader.bytes.get(start)! };
    const stamp = reader.stamps.get(start);
    if (stamp === undefined) return this.addresses.placeOf(own);
    const root = this.same.get(stamp) ?? stamp;
    const inMain = this.mainPlaces.get(root);
    if (inMain !== undefined) return inMain;
    const memory = this.memory.get(root) ?? own;
    this.memory.set(root, memory);
    return this.addresses.placeOf(memory);
  }

  /** Finds out how many sites there are, and where the main thread has shared buffers. */
  private lookThrough(path: string, thread: number): void {
    for (const { news } of readSpool(path)) {
      for (const [site] of news.sites) this.sites = Math.max(this.sites, site + 1);
      if (thread === 0)
        for (const [place, stamp] of news.stamps) this.mainPlaces.set(this.same.get(stamp) ?? stamp, place);
    }
  }

  private named(field: Field): number {
    const key = keyOf(field);
    const number = this.numbers.get(key) ?? this.names.push(field) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

function keyOf({ file, label }: Field): string {
  return `${file}\n${label}`;
}
