// Which accesses are played and which of them are counted: some are skipped, some warm the caches up, and then they count.
import type { AccessBatch, CacheSim } from '@idspace/cache-sim';
import type { DataCurve } from './data-curve.ts';
import type { CoreBatch } from './turns.ts';

const FETCH = 0;
const READ = 1;

/** Plays accesses into a simulator, and into a curve where there is one. */
export class Window {
  /** Accesses that were counted. */
  counted = 0;
  private skipLeft: number;
  private warmLeft: number;
  private readonly limit: number;
  private readonly sim: CacheSim;
  private readonly curve: DataCurve | undefined;

  constructor(
    sim: CacheSim,
    curve: DataCurve | undefined,
    { skip = 0, warmUp = 0, limit = Number.POSITIVE_INFINITY }: { skip?: number; warmUp?: number; limit?: number },
  ) {
    this.sim = sim;
    this.curve = curve;
    this.skipLeft = skip;
    this.warmLeft = warmUp;
    this.limit = limit;
  }

  /** Whether as many were counted as are to be. */
  get isDone(): boolean {
    return this.counted >= this.limit;
  }

  /** Takes accesses, as many as are wanted. */
  take(batch: CoreBatch): void {
    const { length } = batch;
    let at = Math.min(this.skipLeft, length);
    this.skipLeft -= at;
    if (this.warmLeft > 0 && at < length) {
      const end = Math.min(at + this.warmLeft, length);
      this.play(batch, at, end);
      this.warmLeft -= end - at;
      at = end;
      if (this.warmLeft === 0) {
        this.sim.resetCounters();
        this.curve?.resetCounters();
      }
    }
    const end = Math.min(length, at + this.limit - this.counted);
    if (at >= end) return;
    this.play(batch, at, end);
    this.counted += end - at;
  }

  private play(batch: CoreBatch, from: number, to: number): void {
    const part = from === 0 && to === batch.length ? batch : partOf(batch, from, to);
    if (this.sim.cores === 1) this.sim.play(part);
    else this.playByCore(part);
    this.curve?.play(part);
  }

  private playByCore({ kinds, addresses, bytes, cores, length }: CoreBatch): void {
    const { sim } = this;
    for (let at = 0; at < length; at++) {
      const [kind, address, size, core] = [kinds[at]!, addresses[at]!, bytes[at]!, cores[at]!];
      if (kind === FETCH) sim.fetch(address, size, core);
      else if (kind === READ) sim.read(address, size, core);
      else sim.write(address, size, core);
    }
  }
}

function partOf<Batch extends AccessBatch & { cores: Uint16Array }>(
  { kinds, addresses, bytes, cores }: Batch,
  from: number,
  to: number,
): CoreBatch {
  return {
    kinds: kinds.subarray(from, to),
    addresses: addresses.subarray(from, to),
    bytes: bytes.subarray(from, to),
    cores: cores.subarray(from, to),
    length: to - from,
  };
}
