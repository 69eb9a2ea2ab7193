// The miss-ratio curve of a trace's data, made while the trace is played.
import { type AccessBatch, type CurvePoint, ReuseDistance } from '@idspace/cache-sim';

const FETCH = 0;

export class DataCurve {
  private readonly reuse: ReuseDistance;

  /** @param line Bytes in a line. */
  constructor(line: number) {
    this.reuse = new ReuseDistance({ line });
  }

  /** Takes the accesses that are not fetches. */
  play({ kinds, addresses, bytes, length }: AccessBatch): void {
    for (let at = 0; at < length; at++) if (kinds[at] !== FETCH) this.reuse.use(addresses[at]!, bytes[at]!);
  }

  /** Counts from now on, of lines that are known. */
  resetCounters(): void {
    this.reuse.resetCounters();
  }

  points(): CurvePoint[] {
    return this.reuse.curve();
  }
}
