// JsMeter: what operations cost as they lie in JavaScript's typed arrays.
import type { Geometry } from '@idspace/cache-sim';
import type { JsCounts } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { LruCaches, serveAll } from './lru-caches.ts';
import { Counts } from './tally.ts';

/** Accesses that are played together. */
const BATCH = 8192;

/** Counts references, lines and misses, by kind of operation. */
export class JsMeter {
  private readonly caches: readonly LruCaches[];
  private readonly line: number;
  private readonly lines: LineSet = new LineSet();
  private readonly kinds: Map<string, Counts> = new Map();
  private now: Counts = new Counts();
  private isCounting = true;
  /** Accesses of one kind, all counted or none, that the caches have not seen yet. */
  private readonly batch = {
    firsts: new Float64Array(BATCH),
    lasts: new Float64Array(BATCH),
    levels: new Uint8Array(BATCH),
    length: 0,
  };

  constructor(levels: readonly Geometry[]) {
    this.caches = levels.map((level) => new LruCaches(level, 1));
    this.line = levels[0].line;
  }

  /** False while references only warm the caches up. */
  set counting(counting: boolean) {
    this.play();
    this.isCounting = counting;
  }

  /** Starts the sums again; what the caches hold stays. */
  reset(): void {
    this.play();
    this.kinds.clear();
  }

  /** Tells that an operation begins. */
  begin(kind: string): void {
    let now = this.kinds.get(kind);
    if (now === undefined) {
      now = new Counts();
      this.kinds.set(kind, now);
    }
    if (now !== this.now) this.play();
    this.now = now;
    if (!this.isCounting) return;
    now.operations++;
    this.lines.clear();
  }

  access(address: number, bytes: number, isWrite: boolean, category: number): void {
    const { batch } = this;
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
    const at = batch.length++;
    batch.firsts[at] = first;
    batch.lasts[at] = last;
    if (at + 1 === BATCH) this.play();
    if (!this.isCounting) return;
    this.now.refer(category, isWrite);
    for (let line = first; line <= last; line++) {
      if (this.lines.add(line)) this.now.linesBy[category]++;
    }
  }

  /** Means per operation of a kind. @param isWhole Whether every operation was recorded. */
  counts(kind: string, isWhole: boolean): JsCounts {
    this.play();
    const counts = (this.kinds.get(kind) ?? new Counts()).means();
    return isWhole ? counts : { ...counts, llMisses: null };
  }

  /** Sends what has been collected through the caches. */
  private play(): void {
    const { batch, caches, now } = this;
    const { length, levels } = batch;
    if (length === 0) return;
    serveAll(caches, batch);
    batch.length = 0;
    if (!this.isCounting) return;
    for (let at = 0; at < length; at++) {
      if (levels[at] > 0) now.d1Misses++;
      if (levels[at] === caches.length) now.llMisses++;
    }
  }
}
