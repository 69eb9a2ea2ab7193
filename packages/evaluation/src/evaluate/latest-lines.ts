// LatestLines: the line that each set of a cache used last. A further access within it is a hit that changes nothing, whatever the
// policy, so that the cache need not be asked.
import type { Geometry } from '@idspace/cache-sim';

export class LatestLines {
  private readonly bytes: number;
  private readonly mask: number;
  /** Float64Array, shape [sets], a line; −1 where there is none. */
  private readonly lines: Float64Array;

  constructor({ size, ways, line }: Geometry) {
    const sets = size / (ways * line);
    this.bytes = line;
    this.mask = sets - 1;
    this.lines = new Float64Array(sets).fill(-1);
  }

  /** An access uses its lines. @returns Whether it is within the line that its set used last. */
  use(address: number, bytes: number): boolean {
    const first = Math.floor(address / this.bytes);
    const last = Math.floor((address + bytes - 1) / this.bytes);
    if (first === last && this.lines[first & this.mask] === first) return true;
    for (let line = first; line <= last; line++) this.lines[line & this.mask] = line;
    return false;
  }
}
