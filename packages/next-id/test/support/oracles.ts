// What pools and generational IDs are compared with, as short as can be.
import type { Reuse } from '../../src/index.ts';

/** The same rules over plain sets and loops. */
export class PoolOracle {
  private readonly owned = new Set<number>();
  private resting: number[] = [];
  private last: number;
  readonly min: number;
  readonly max: number;
  readonly reuse: Reuse;
  constructor(min: number, max: number, reuse: Reuse) {
    this.min = min;
    this.max = max;
    this.reuse = reuse;
    this.last = min - 1;
  }
  allocate(): number {
    const count = this.max - this.min + 1;
    const first = this.reuse === 'cyclic' ? this.last + 1 - this.min : 0;
    for (let i = 0; i < count; i++) {
      const id = this.min + ((first + i) % count);
      if (this.owned.has(id) || this.resting.includes(id)) continue;
      this.owned.add(id);
      this.last = id;
      return id;
    }
    return -1;
  }
  reserve(id: number): boolean {
    if (!(id >= this.min && id <= this.max)) throw new RangeError();
    if (this.owned.has(id) || this.resting.includes(id)) return false;
    this.owned.add(id);
    return true;
  }
  free(id: number): boolean {
    if (!this.owned.delete(id)) return false;
    const delay = typeof this.reuse === 'string' ? 0 : this.reuse.delay;
    this.resting.push(id);
    if (this.resting.length > delay) this.resting.shift();
    return true;
  }
  has(id: number): boolean {
    return this.owned.has(id);
  }
  clear(): void {
    this.owned.clear();
    this.resting = [];
    this.last = this.min - 1;
  }
  get size(): number {
    return this.owned.size;
  }
}

/** Slots as a pool hands them out, and a generation per slot that counts its frees. */
export class GenerationalOracle {
  readonly live: Map<number, number> = new Map();
  private readonly slots: PoolOracle;
  private readonly frees = new Map<number, number>();
  readonly slotBits: number;
  constructor(slotBits: number, reuse: Reuse) {
    this.slotBits = slotBits;
    this.slots = new PoolOracle(0, 2 ** slotBits - 1, reuse);
  }
  allocate(): number {
    const slot = this.slots.allocate();
    if (slot < 0) return -1;
    const generation = (this.frees.get(slot) ?? 0) % 2 ** (31 - this.slotBits);
    const id = generation * 2 ** this.slotBits + slot;
    this.live.set(id, slot);
    return id;
  }
  reserve(id: number): boolean {
    const slot = id % 2 ** this.slotBits;
    if (!this.slots.reserve(slot)) return false;
    this.frees.set(slot, Math.floor(id / 2 ** this.slotBits));
    this.live.set(id, slot);
    return true;
  }
  free(id: number): boolean {
    const slot = this.live.get(id);
    if (slot === undefined) return false;
    this.frees.set(slot, (this.frees.get(slot) ?? 0) + 1);
    this.slots.free(slot);
    return this.live.delete(id);
  }
}
