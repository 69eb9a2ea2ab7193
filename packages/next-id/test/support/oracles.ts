// What pools and generational IDs are compared with, as short as can be.
import type { Reuse } from '../../src/index.ts';

/** The same rules over plain sets and loops. */
export class PoolOracle {
  private readonly owned = new Set<number>();
  private resting: number[] = [];
  /** IDs in quarantine, and how many frees each still rests. */
  readonly held: Map<number, number> = new Map();
  protected last: number;
  readonly min: number;
  readonly max: number;
  readonly reuse: Reuse;
  constructor(min: number, max: number, reuse: Reuse) {
    this.min = min;
    this.max = max;
    this.reuse = reuse;
    this.last = min - 1;
  }
  isFree(id: number): boolean {
    return !this.owned.has(id) && !this.resting.includes(id) && !this.held.has(id);
  }
  peek(): number {
    const count = this.max - this.min + 1;
    const first = this.reuse === 'cyclic' ? this.last + 1 - this.min : 0;
    for (let i = 0; i < count; i++) {
      const id = this.min + ((first + i) % count);
      if (this.isFree(id)) return id;
    }
    return -1;
  }
  allocate(): number {
    const id = this.peek();
    if (id < 0) return -1;
    this.owned.add(id);
    this.last = id;
    return id;
  }
  allocateRun(length: number): number {
    const next = this.last === this.max ? this.min : this.last + 1;
    for (const from of this.reuse === 'cyclic' ? [next, this.min] : [this.min]) {
      for (let first = from; first + length - 1 <= this.max; first++) {
        if (!this.reserveRange(first, first + length - 1)) continue;
        this.last = first + length - 1;
        return first;
      }
    }
    return -1;
  }
  reserve(id: number): boolean {
    if (!(id >= this.min && id <= this.max)) throw new RangeError();
    if (!this.isFree(id)) return false;
    this.owned.add(id);
    return true;
  }
  reserveRange(first: number, last: number): boolean {
    for (let id = first; id <= last; id++) if (!this.isFree(id)) return false;
    for (let id = first; id <= last; id++) this.owned.add(id);
    return true;
  }
  free(id: number): boolean {
    if (!this.owned.delete(id)) return false;
    const delay = typeof this.reuse === 'string' ? 0 : this.reuse.delay;
    this.resting.push(id);
    if (this.resting.length > delay) this.resting.shift();
    this.freed();
    return true;
  }
  freeRange(first: number, last: number): number {
    let count = 0;
    for (let id = first; id <= last; id++) if (this.free(id)) count++;
    return count;
  }
  quarantine(id: number, frees: number): boolean {
    if (!this.owned.delete(id)) return false;
    this.freed();
    this.held.set(id, frees);
    return true;
  }
  unquarantine(id: number): boolean {
    return this.held.delete(id);
  }
  private freed(): void {
    for (const [id, frees] of this.held) {
      if (frees === 1) this.held.delete(id);
      else this.held.set(id, frees - 1);
    }
  }
  has(id: number): boolean {
    return this.owned.has(id);
  }
  clear(): void {
    this.owned.clear();
    this.held.clear();
    this.resting = [];
    this.last = this.min - 1;
  }
  get size(): number {
    return this.owned.size;
  }
}

/** How handles are made up. */
export interface Layout {
  slotBits: number;
  bits?: number;
  epochBits?: number;
  epoch?: number;
  wrap?: 'around' | 'retire';
}

/** Slots as a pool hands them out, and a generation per slot that counts its frees. */
export class GenerationalOracle {
  readonly live: Map<number, number> = new Map();
  private readonly slots: PoolOracle;
  private readonly frees = new Map<number, number>();
  private readonly slotCount: number;
  private readonly generations: number;
  private readonly retires: boolean;
  private readonly retired = new Set<number>();
  epoch: number;
  constructor({ slotBits, bits = 31, epochBits = 0, epoch = 0, wrap = 'around' }: Layout, reuse: Reuse) {
    this.slotCount = 2 ** slotBits;
    this.generations = 2 ** (bits - slotBits - epochBits);
    this.epoch = epoch;
    this.retires = wrap === 'retire';
    this.slots = new PoolOracle(0, this.slotCount - 1, reuse);
  }
  private next(slot: number): number {
    const generation = (this.frees.get(slot) ?? 0) % this.generations;
    return slot + this.slotCount * (generation + this.generations * this.epoch);
  }
  peek(): number {
    const slot = this.slots.peek();
    return slot < 0 ? -1 : this.next(slot);
  }
  allocate(): number {
    const slot = this.slots.allocate();
    if (slot < 0) return -1;
    const id = this.next(slot);
    this.live.set(id, slot);
    return id;
  }
  reserve(id: number): boolean {
    const slot = id % this.slotCount;
    const generation = Math.floor(id / this.slotCount) % this.generations;
    if (this.retires && generation < (this.frees.get(slot) ?? 0)) return false;
    if (this.retired.has(slot) || !this.slots.reserve(slot)) return false;
    this.frees.set(slot, generation);
    this.live.set(id, slot);
    return true;
  }
  free(id: number): boolean {
    const slot = this.live.get(id);
    if (slot === undefined) return false;
    const frees = (this.frees.get(slot) ?? 0) % this.generations;
    this.frees.set(slot, frees + 1);
    // The slot stays taken.
    if (this.retires && frees + 1 === this.generations) this.retired.add(slot);
    else this.slots.free(slot);
    return this.live.delete(id);
  }
  clear(): void {
    for (const [id] of [...this.live].sort(([, a], [, b]) => a - b)) this.free(id);
  }
  get sorted(): number[] {
    return [...this.live].sort(([, a], [, b]) => a - b).map(([id]) => id);
  }
  get retiredCount(): number {
    return this.retired.size;
  }
}
