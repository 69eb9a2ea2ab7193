// Counts what accesses cost: a cache hierarchy, and the reuse distances from which the misses of every other size of cache follow.
import { type AccessBatch, CacheSim, type CurvePoint, parseGeometry, ReuseDistance } from '@idspace/cache-sim';

/** Two levels of caches, each as cachegrind writes them: size,ways,line. */
export interface Caches {
  readonly d1: string;
  readonly ll: string;
}

export const USUAL_CACHES: Caches = { d1: '32768,8,64', ll: '8388608,16,64' };

/** What one field of a structure, or all data of a trace, cost. */
export interface Counts {
  readonly reads: number;
  readonly writes: number;
  /** Accesses that missed in the first level, and in the last. */
  readonly d1Misses: number;
  readonly llMisses: number;
}

/** The sums over all data, the lines and the curve. */
export interface Metered extends Counts {
  /** Instruction fetches, and those that missed; 0 where there are none. */
  readonly fetches: number;
  readonly i1Misses: number;
  /** Different lines that data lie on: with a `rate` below 1 an estimate. */
  readonly dataLines: number;
  /** Share of the uses of lines that miss in a fully associative cache, by its size. */
  readonly curve: readonly CurvePoint[];
  /** Share of the lines that the curve follows. */
  readonly rate: number;
}

const FETCH = 0;

export class Meter {
  readonly sim: CacheSim;
  private readonly reuse: ReuseDistance;

  /**
   * @param rate Share of the lines that the curve follows.
   * @throws RangeError for caches that are none.
   */
  constructor({ d1, ll }: Caches, { rate = 1, regions = false }: { rate?: number; regions?: boolean } = {}) {
    const first = parseGeometry(d1, 'D1');
    this.sim = new CacheSim({
      levels: [first, parseGeometry(ll, 'LL')],
      ...(regions ? { regions: [] } : { instruction: parseGeometry(d1, 'I1') }),
    });
    this.reuse = new ReuseDistance({ line: first.line, rate });
  }

  play(batch: AccessBatch): void {
    this.sim.play(batch);
    const { kinds, addresses, bytes, length } = batch;
    for (let at = 0; at < length; at++) if (kinds[at] !== FETCH) this.reuse.use(addresses[at]!, bytes[at]!);
  }

  access(address: number, bytes: number, isWrite: boolean): void {
    if (isWrite) this.sim.write(address, bytes);
    else this.sim.read(address, bytes);
    this.reuse.use(address, bytes);
  }

  result(): Metered {
    const { Ir, I1mr, Dr, D1mr, DLmr, Dw, D1mw, DLmw } = this.sim.stats();
    const cold = this.reuse.histogram().find(({ from }) => from === Number.POSITIVE_INFINITY);
    return {
      fetches: Ir,
      i1Misses: I1mr,
      reads: Dr,
      writes: Dw,
      d1Misses: D1mr + D1mw,
      llMisses: DLmr + DLmw,
      dataLines: Math.round(cold?.refs ?? 0),
      curve: this.reuse.curve(),
      rate: this.reuse.rate,
    };
  }
}
