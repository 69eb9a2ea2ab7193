// Reuse distances in one pass, and the misses of every size of cache that follow from them: the miss-ratio curve.
import { isPowerOfTwo } from './geometry.ts';
import { LastUse } from './last-use.ts';
import { checkKeys, refused } from './misuse.ts';
import { type AccessBatch, checkBatch } from './simulator.ts';

/** What a {@link ReuseDistance} looks at. */
export interface ReuseDistanceOptions {
  /** Bytes in a line, a power of two; default 64. */
  line?: number | undefined;
  /** Share of the lines that are followed, 0 < rate ≤ 1; default 1: all of them, exactly. */
  rate?: number | undefined;
}

/** One size of cache on the curve. */
export interface CurvePoint {
  /** Bytes that the cache holds. */
  size: number;
  /** Share of the uses of lines that miss in it, 0…1: an access on two lines is two. */
  missRatio: number;
}

/** References that wait to be played together: the processor then waits for the memory of several at a time. */
const WAITING = 64;

/** Lines are chosen by 24 bits of a hash. */
const HASH_BITS = 24;

/**
 * Measures how many other lines are used between two uses of the same: its reuse distance. A fully associative LRU cache of n lines
 * hits exactly where it is below n (Mattson, Gecsei, Slutz, Traiger: Evaluation techniques for storage hierarchies, 1970).
 *
 * With a `rate` below 1 only lines whose hash is below it are followed; distances are divided by the rate, and the curve is corrected
 * for the references that the choice of lines brought more or less than the rate promised (SHARDS-adj: Waldspurger, Park, Garthwaite,
 * Ahmad: Efficient MRC construction with SHARDS, FAST 2015). Caches of fewer than some 100 / rate lines are too small for it.
 *
 * Cost: about 0.1 µs a reference, less where memory is small; 15…180 bytes for each line followed, most where no two are neighbours.
 */
export class ReuseDistance {
  /** Bytes in a line. */
  readonly line: number;
  /** Share of the lines that are followed. */
  readonly rate: number;
  /** Uses of lines so far: an access counts once for every line it lies on. */
  refs = 0;
  private readonly threshold: number;
  private lastUse = new LastUse();
  /** Float64Array, shape [≥ largest distance + 1], references by distance among the lines followed. */
  private counts: Float64Array = new Float64Array(1024);
  /** Lines used last, to be played. Float64Array, shape [WAITING], the first `waitingLength`. */
  private readonly waiting: Float64Array = new Float64Array(WAITING);
  private waitingLength = 0;
  /** What `lastUse` says of them. Int32Array, shape [WAITING]. */
  private readonly distances: Int32Array = new Int32Array(WAITING);
  /** How many of `distances` are not in `counts` yet: 0, but where there was no memory for them. */
  private uncounted = 0;
  /** First uses of the lines followed. */
  private cold = 0;
  /** References to the lines followed. */
  private followed = 0;

  /**
   * Makes a measurement that has seen nothing.
   *
   * @param options See {@link ReuseDistanceOptions}.
   * @throws RangeError when an option is out of range or not known.
   */
  constructor(options: ReuseDistanceOptions = {}) {
    const call = 'new ReuseDistance';
    const { line = 64, rate = 1 } = checkKeys(call, 'options', options, 'line, rate');
    if (!(isPowerOfTwo(line) && line <= 2 ** 30)) {
      throw refused(call, 'line', line, 'a power of two, 1…1073741824');
    }
    if (typeof rate !== 'number' || !(rate > 0 && rate <= 1)) throw refused(call, 'rate', rate, 'above 0, at most 1');
    this.line = line;
    this.threshold = Math.max(1, Math.round(rate * 2 ** HASH_BITS));
    this.rate = this.threshold / 2 ** HASH_BITS;
  }

  /**
   * Uses memory.
   *
   * @param address 0…2⁵³−1; the access may not go beyond that end.
   * @param bytes 1…2³⁰.
   * @throws RangeError when an argument is out of range, or if there is no memory: then nothing has changed, unless the access has
   *   more than 64 lines.
   */
  use(address: number, bytes = 1): void {
    this.useAs('use', address, bytes);
  }

  private useAs(call: string, address: number, bytes: number): void {
    const where = `ReuseDistance.${call}`;
    if (!Number.isInteger(bytes) || bytes < 1 || bytes > 2 ** 30) throw refused(where, 'bytes', bytes, '1…1073741824');
    if (!Number.isInteger(address) || address < 0 || address > 2 ** 53 - bytes) {
      throw refused(where, 'address', address, `an integer 0…9007199254740992 - ${bytes}`);
    }
    const perByte = 1 / this.line;
    const first = Math.floor(address * perByte);
    const last = Math.floor((address + bytes - 1) * perByte);
    if (this.waitingLength + last - first >= WAITING) this.count();
    for (let line = first; line <= last; line++) this.useLine(line);
  }

  /** As `use`; so that a trace can be replayed into it. */
  fetch(address: number, bytes = 1): void {
    this.useAs('fetch', address, bytes);
  }

  /** As `use`. */
  read(address: number, bytes = 1): void {
    this.useAs('read', address, bytes);
  }

  /** As `use`. */
  write(address: number, bytes = 1): void {
    this.useAs('write', address, bytes);
  }

  /** Uses memory many times; the kinds do not matter. */
  play(batch: AccessBatch): void {
    const { addresses, bytes, length } = checkBatch('ReuseDistance.play', batch, ['addresses', 'bytes']);
    if (!Number.isInteger(length) || length < 0) throw refused('ReuseDistance.play', 'length', length, '0 or more');
    for (let at = 0; at < length; at++) this.useAs('play', addresses[at], bytes[at]);
  }

  /**
   * Returns references by distance, in classes that double: 0, 1, 2–3, 4–7 …
   *
   * @returns `from` is a class's smallest distance; the last class, `from` Infinity, are first uses. With a rate below 1 an estimate.
   */
  histogram(): { from: number; refs: number }[] {
    this.count();
    const classes = new Map<number, number>();
    const add = (from: number, refs: number): unknown => classes.set(from, (classes.get(from) ?? 0) + refs);
    for (let distance = 0; distance < this.counts.length; distance++) {
      const count = this.counts[distance];
      if (count === 0) continue;
      const scaled = Math.floor(distance / this.rate);
      add(scaled === 0 ? 0 : 2 ** Math.floor(Math.log2(scaled)), count / this.rate);
    }
    if (this.cold > 0) add(Number.POSITIVE_INFINITY, this.cold / this.rate);
    return [...classes].sort(([a], [b]) => a - b).map(([from, refs]) => ({ from, refs }));
  }

  /**
   * Returns the share of uses of lines that miss in a fully associative LRU cache of so many lines; 0 before the first.
   *
   * @param lines 0 or more; a fraction is as the next integer.
   * @throws RangeError for another number.
   */
  missRatio(lines: number): number {
    if (typeof lines !== 'number' || !(lines >= 0))
      throw refused('ReuseDistance.missRatio', 'lines', lines, '0 or more');
    this.count();
    let misses = this.cold;
    for (let distance = Math.ceil(lines * this.rate); distance < this.counts.length; distance++) {
      misses += this.counts[distance];
    }
    return this.share(misses);
  }

  /** Returns the curve at every size of 2ⁿ lines, from one line up to the first that holds all that was used. */
  curve(): CurvePoint[] {
    this.count();
    const points: CurvePoint[] = [];
    const held = this.lastUse.size / this.rate;
    for (let lines = 1; ; lines *= 2) {
      points.push({ size: lines * this.line, missRatio: this.missRatio(lines) });
      if (lines >= held) return points;
    }
  }

  /** Lines used; with a rate below 1 an estimate. */
  get lines(): number {
    this.count();
    return Math.round(this.lastUse.size / this.rate);
  }

  /** Sets the counts to zero and keeps which lines were used when: the end of a warm-up. */
  resetCounters(): void {
    this.count();
    this.counts.fill(0);
    this.refs = this.cold = this.followed = 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.lastUse = new LastUse();
    this.counts.fill(0);
    this.refs = this.cold = this.followed = this.waitingLength = this.uncounted = 0;
  }

  private useLine(line: number): void {
    if (this.waitingLength === WAITING) this.count();
    this.refs++;
    if (this.rate < 1 && hashOf(line) >= this.threshold) return;
    this.waiting[this.waitingLength++] = line;
  }

  /** Plays what waits, and counts the distances. If memory ends, what was not done is done the next time. */
  private count(): void {
    this.settle();
    this.lastUse.use(this.waiting, this.waitingLength, this.distances);
    this.uncounted = this.waitingLength;
    this.waitingLength = 0;
    this.settle();
  }

  /** Counts the distances that are known. */
  private settle(): void {
    const { distances, uncounted } = this;
    let furthest = -1;
    for (let at = 0; at < uncounted; at++) if (distances[at] > furthest) furthest = distances[at];
    if (furthest >= this.counts.length) this.grow(furthest);
    const { counts } = this;
    let cold = 0;
    for (let at = 0; at < uncounted; at++) {
      const distance = distances[at];
      if (distance < 0) cold++;
      else counts[distance]++;
    }
    this.cold += cold;
    this.followed += uncounted;
    this.uncounted = 0;
  }

  /**
   * What misses are of all references. The references missing from the sample, or too many in it, are taken for hits of distance 0,
   * as they come from lines that are used much more often than others: the sum is what the rate promised.
   */
  private share(misses: number): number {
    const promised = this.rate === 1 ? this.followed : this.refs * this.rate;
    return promised === 0 ? 0 : Math.min(1, misses / promised);
  }

  private grow(distance: number): void {
    const counts = new Float64Array(2 ** Math.ceil(Math.log2(distance + 1)));
    counts.set(this.counts);
    this.counts = counts;
  }
}

/** HASH_BITS bits that depend on all of a line's (the finisher of MurmurHash3). */
function hashOf(line: number): number {
  let hash = (line | 0) ^ Math.imul(Math.floor(line / 2 ** 32) + 0x7f4a7c15, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> (32 - HASH_BITS);
}
