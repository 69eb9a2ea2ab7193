// Counts what instrumented code does, while it does it: every access goes through the simulated caches.
import type { CacheSim } from '@idspace/cache-sim';
import type { Field, Place, RecordedBatch, Recording } from '@idspace/mem-trace/recording';
import { Buffers } from './buffers.ts';
import { type ArrayProfile, type Counts, type LineProfile, PLACES, type Profile } from './profile.ts';
import { SharingTally } from './sharing-tally.ts';
import type { Turns } from './turns.ts';

/** Counts of a site or an array: three for reads, three for writes, coherence misses and invalidations. */
const WIDTH = 8;
const [LOST, INVALIDATED] = [6, 7];
const MOST_PICTURES = 4096;

export class Tally {
  readonly buffers: Buffers;
  /** Of one core until threads are played. */
  private sim: CacheSim;
  private readonly levels: number;
  private readonly sharing = new SharingTally();
  private sites = new Float64Array(WIDTH * 1024);
  private fields = new Float64Array(WIDTH * 64);
  /** By site: the address of the last access, the step that most accesses took, and how far it leads (Boyer and Moore's majority). */
  private lastAddress = new Float64Array(1024);
  private step = new Float64Array(1024);
  private lead = new Float64Array(1024);
  private stepped = new Float64Array(1024);
  /** Misses by place, for each buffer and name that it is reached by. */
  private readonly pictures = new Map<string, { buffer: number; field: number; places: number[] }>();
  accesses = 0;

  constructor(sim: CacheSim, buffers: Buffers = new Buffers()) {
    this.sim = sim;
    this.levels = sim.levels.length;
    this.buffers = buffers;
  }

  /** Plays what several threads did, on as many cores; their caches are empty at first. */
  takeTurns(turns: Turns, sim: CacheSim): void {
    this.sim = sim;
    turns.play((batch) => this.take(batch));
  }

  /** How many numbers of sites have room. */
  get siteCount(): number {
    return this.sites.length / WIDTH;
  }

  /** Takes what was recorded. */
  take({ kinds, addresses, bytes, sites, fields, length, threads }: RecordedBatch & { threads?: Int32Array }): void {
    this.accesses += length;
    const { cores } = this.sim;
    for (let i = 0; i < length; i++) {
      const isWrite = kinds[i] === 2;
      const address = addresses[i]!;
      const site = sites[i]!;
      const field = fields[i]!;
      const core = threads === undefined ? 0 : threads[i]! % cores;
      const level = isWrite ? this.sim.write(address, bytes[i]!, core) : this.sim.read(address, bytes[i]!, core);
      if (site * WIDTH >= this.sites.length) this.growSites(site);
      if (field * WIDTH >= this.fields.length) this.fields = grown(this.fields, field * WIDTH);
      const at = isWrite ? 3 : 0;
      this.count(this.sites, site * WIDTH + at, level);
      this.count(this.fields, field * WIDTH + at, level);
      if (cores > 1) this.share(site, field, address, bytes[i]!);
      this.follow(site, address);
      if (level > 0) this.picture(address, field);
    }
  }

  private count(counts: Float64Array, at: number, level: number): void {
    counts[at]!++;
    if (level > 0) counts[at + 1]!++;
    if (level === this.levels) counts[at + 2]!++;
  }

  /** Counts what the last access did to other cores, or they to it. */
  private share(site: number, field: number, address: number, bytes: number): void {
    const { lost, invalidated } = this.sim.last;
    if (!lost && invalidated === 0) return;
    for (const [counts, number] of [
      [this.sites, site],
      [this.fields, field],
    ] as const) {
      if (lost) counts[number * WIDTH + LOST]!++;
      counts[number * WIDTH + INVALIDATED]! += invalidated;
    }
    this.sharing.note(site, field, address, bytes, lost, invalidated);
  }

  private follow(site: number, address: number): void {
    const last = this.lastAddress[site]!;
    const step = address - last;
    // A read and a write of one element are no step, and neither is the first access.
    if (step === 0) return;
    this.lastAddress[site] = address;
    if (last === 0) return;
    this.stepped[site]!++;
    if (this.lead[site] === 0) {
      this.step[site] = step;
      this.lead[site] = 1;
    } else if (this.step[site] === step) this.lead[site]!++;
    else this.lead[site]!--;
  }

  /** Notes a miss in the picture of its buffer. */
  private picture(address: number, field: number): void {
    const { starts, bytes } = this.buffers;
    const low = this.buffers.find(address);
    const size = bytes[low] ?? 0;
    if (size === 0) return;
    const key = `${low} ${field}`;
    let picture = this.pictures.get(key);
    if (picture === undefined) {
      if (this.pictures.size === MOST_PICTURES) return;
      picture = { buffer: low, field, places: new Array<number>(PLACES).fill(0) };
      this.pictures.set(key, picture);
    }
    picture.places[Math.min(PLACES - 1, Math.floor(((address - starts[low]!) / size) * PLACES))]!++;
  }

  private growSites(site: number): void {
    this.sites = grown(this.sites, site * WIDTH);
    const sites = this.sites.length / WIDTH;
    this.lastAddress = grown(this.lastAddress, sites - 1);
    this.step = grown(this.step, sites - 1);
    this.lead = grown(this.lead, sites - 1);
    this.stepped = grown(this.stepped, sites - 1);
  }

  /** Sums up. */
  profile({ placeOf, fieldOf, unseen }: Pick<Recording, 'placeOf' | 'fieldOf' | 'unseen'>, turns?: Turns): Profile {
    const threadOf = (site: number): number => turns!.threads[turns!.threadOf(site)]!.thread;
    return {
      node: process.version,
      accesses: this.accesses,
      totals: this.totals(),
      lines: this.lines(placeOf),
      arrays: this.arrays(fieldOf),
      unseen,
      threads: (turns?.threads ?? [])
        .map(({ thread, taken }) => ({ thread, accesses: taken }))
        .filter(({ accesses }) => accesses > 0),
      sharedLines:
        turns === undefined ? [] : this.sharing.lines(this.sim, this.buffers, { placeOf, fieldOf, threadOf }),
      isCut: false,
    };
  }

  private totals(): Counts {
    const sum = new Float64Array(WIDTH);
    for (let i = 0; i < this.sites.length; i++) sum[i % WIDTH]! += this.sites[i]!;
    return countsAt(sum, 0);
  }

  private lines(placeOf: (site: number) => Place | undefined): LineProfile[] {
    const lines = new Map<string, LineProfile & { most: number }>();
    for (let site = 0; site < this.sites.length / WIDTH; site++) {
      const counts = countsAt(this.sites, site * WIDTH);
      const place = counts.Dr + counts.Dw > 0 ? placeOf(site) : undefined;
      if (place === undefined) continue;
      const { file, line, label } = place;
      const key = `${line} ${file}`;
      const found = lines.get(key) ?? { file, line, arrays: [], walk: null, most: 0, ...countsAt(NONE, 0) };
      lines.set(key, found);
      add(found, counts);
      if (!found.arrays.includes(label)) found.arrays.push(label);
      const misses = counts.D1mr + counts.D1mw;
      if (misses <= found.most) continue;
      found.most = misses;
      const accesses = counts.Dr + counts.Dw;
      // As many more took this step than took others as are half of all: three quarters of them, or more.
      const isWalk = this.lead[site]! > this.stepped[site]! / 2;
      found.walk = isWalk ? { array: label, step: this.step[site]!, accesses, misses } : null;
    }
    return [...lines.values()].map(({ most: _, ...line }) => line).sort(byMisses);
  }

  private arrays(fieldOf: (field: number) => Field | undefined): ArrayProfile[] {
    const arrays: (ArrayProfile & { field: number })[] = [];
    for (let field = 0; field < this.fields.length / WIDTH; field++) {
      const counts = countsAt(this.fields, field * WIDTH);
      const named = counts.Dr + counts.Dw > 0 ? fieldOf(field) : undefined;
      if (named === undefined) continue;
      arrays.push({ file: named.file, name: named.label, count: 0, bytes: 0, places: [], field, ...counts });
    }
    const byField = new Map(arrays.map((array) => [array.field, array]));
    for (const { buffer, field, places } of this.pictures.values()) {
      const array = byField.get(field);
      if (array === undefined) continue;
      array.count++;
      if (this.buffers.bytes[buffer]! <= array.bytes) continue;
      array.bytes = this.buffers.bytes[buffer]!;
      array.places = places;
    }
    return arrays.map(({ field: _, ...array }) => array).sort(byMisses);
  }
}

const NONE = new Float64Array(WIDTH);

function countsAt(counts: Float64Array, at: number): Counts {
  const [Dr, D1mr, DLmr, Dw, D1mw, DLmw, coherenceMisses, invalidations] = counts.subarray(at, at + WIDTH);
  return { Dr, D1mr, DLmr, Dw, D1mw, DLmw, coherenceMisses, invalidations };
}

function add(sum: Counts, counts: Counts): void {
  for (const name of Object.keys(counts) as (keyof Counts)[]) sum[name] += counts[name];
}

function byMisses(a: Counts, b: Counts): number {
  return b.D1mr + b.D1mw - (a.D1mr + a.D1mw) || b.Dr + b.Dw - (a.Dr + a.Dw);
}

/** A longer copy that has room for an index. */
function grown(counts: Float64Array, index: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(WIDTH * 2 ** Math.ceil(Math.log2((index + WIDTH) / WIDTH + 1)));
  longer.set(counts);
  return longer;
}
