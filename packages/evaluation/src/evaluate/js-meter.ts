// JsMeter: what operations cost as they lie in JavaScript's typed arrays.
import { CacheSim, type Geometry } from '@idspace/cache-sim';
import type { JsCounts } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { Counts } from './tally.ts';

/** Accesses that are played together. */
const BATCH = 8192;

/** Counts references, lines and misses, by kind of operation. */
export class JsMeter {
  private readonly caches: CacheSim;
  private readonly line: number;
  private readonly lines: LineSet = new LineSet();
  private readonly kinds: Map<string, Counts> = new Map();
  private now: Counts = new Counts();
  private isCounting = true;
  /** Accesses of one kind, all counted or none, that the caches have not seen yet. */
  private readonly batch = {
    kinds: new Uint8Array(BATCH),
    addresses: new Float64Array(BATCH),
    bytes: new Int32Array(BATCH),
    length: 0,
  };

  constructor(levels: readonly Geometry[]) {
    this.caches = new CacheSim({ levels });
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
    const at = batch.length++;
    batch.kinds[at] = isWrite ? 2 : 1;
    batch.addresses[at] = address;
    batch.bytes[at] = bytes;
    if (at + 1 === BATCH) this.play();
    if (!this.isCounting) return;
    this.now.refer(category, isWrite);
    const last = Math.floor((address + bytes - 1) / this.line);
    for (let line = Math.floor(address / this.line); line <= last; line++) {
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
    const { batch, caches } = this;
    if (batch.length === 0) return;
    caches.resetCounters();
    caches.play(batch);
    batch.length = 0;
    if (!this.isCounting) return;
    const { D1mr, D1mw, DLmr, DLmw } = caches.stats();
    this.now.d1Misses += D1mr + D1mw;
    this.now.llMisses += DLmr + DLmw;
  }
}
