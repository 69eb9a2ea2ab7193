// Which SharedArrayBuffers of several threads are the same memory. Each thread has an object of its own for it, and JavaScript tells no
// address. But it wakes who waits at one: what is notified through one object wakes what waits through another, where both are the same.
// So all threads send their objects to the main one, which compares them at the end, when the others are silent.

/** A buffer, and the number that its thread has given to it. */
export interface Stamped {
  buffer: SharedArrayBuffer;
  stamp: number;
}

/** Buffers that are kept. */
const MOST = 4096;

export class SharedBuffers {
  private readonly heard: Stamped[] = [];

  hear(stamped: Stamped): void {
    if (this.heard.length < MOST) this.heard.push(stamped);
  }

  /** Returns, by stamp, the smallest stamp of the same memory. */
  compare(): Map<number, number> {
    const firsts: Stamped[] = [];
    const same = new Map<number, number>();
    for (const { buffer, stamp } of this.heard.sort((a, b) => a.stamp - b.stamp)) {
      const first = firsts.find((other) => isSameMemory(other.buffer, buffer));
      if (first === undefined) firsts.push({ buffer, stamp });
      same.set(stamp, first?.stamp ?? stamp);
    }
    return same;
  }
}

interface Waiting {
  async: boolean;
}

/** No value changes. Where a thread that still runs waits on the last word at this moment, the answer may be no. */
function isSameMemory(one: SharedArrayBuffer, other: SharedArrayBuffer): boolean {
  if (one === other) return true;
  const words = one.byteLength >>> 2;
  if (words === 0 || one.byteLength !== other.byteLength) return false;
  const [here, there] = [new Int32Array(one, 0, words), new Int32Array(other, 0, words)];
  const last = words - 1;
  const { waitAsync } = Atomics as unknown as { waitAsync(array: Int32Array, at: number, value: number): Waiting };
  // Another thread may change the value in between.
  while (!waitAsync(here, last, Atomics.load(here, last)).async);
  Atomics.notify(there, last, 1);
  return Atomics.notify(here, last, 1) === 0;
}
