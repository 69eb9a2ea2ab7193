// The miss-ratio curve of a trace's data, made while the trace is played.
import { type AccessBatch, type CacheSim, type CurvePoint, ReuseDistance } from '@idspace/cache-sim';
import type { AccessSink } from '@idspace/cache-sim/trace';

const FETCH = 0;

export class DataCurve {
  private readonly reuse: ReuseDistance;

  /** @param line Bytes in a line. */
  constructor(line: number) {
    this.reuse = new ReuseDistance({ line });
  }

  /** Returns what plays accesses into the simulator, and the data's in here too. */
  beside(sim: CacheSim): AccessSink {
    return {
      fetch: (address, bytes) => sim.fetch(address, bytes),
      read: (address, bytes) => {
        sim.read(address, bytes);
        this.reuse.read(address, bytes);
      },
      write: (address, bytes) => {
        sim.write(address, bytes);
        this.reuse.write(address, bytes);
      },
      play: (batch) => {
        sim.play(batch);
        this.reuse.play(dataOf(batch));
      },
      smallestLine: sim.smallestLine,
    };
  }

  points(): CurvePoint[] {
    return this.reuse.curve();
  }
}

/** The accesses that are no fetches. */
function dataOf({ kinds, addresses, bytes, length }: AccessBatch): AccessBatch {
  const data = {
    kinds: new Uint8Array(length),
    addresses: new Float64Array(length),
    bytes: new Int32Array(length),
    length: 0,
  };
  for (let at = 0; at < length; at++) {
    if (kinds[at] === FETCH) continue;
    data.kinds[data.length] = kinds[at];
    data.addresses[data.length] = addresses[at];
    data.bytes[data.length++] = bytes[at];
  }
  return data;
}
