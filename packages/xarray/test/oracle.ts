// The same calls on a plain Map, as short as can be: what XArray is compared with. Every search is a scan.

interface Place {
  /** 0: reserved. */
  entry: number;
  marks: Set<number>;
}

export class Oracle {
  private readonly places = new Map<number, Place>();
  private readonly base: number;

  /** @param base −1: does not allocate; 0 or 1: allocates from there. */
  constructor(base: number) {
    this.base = base;
  }

  get size(): number {
    return this.indices().length;
  }

  /** Indices with an entry, ascending. */
  indices(mark?: number): number[] {
    const found: number[] = [];
    for (const [index, { entry, marks }] of this.places) {
      if (entry !== 0 && (mark === undefined || marks.has(mark))) found.push(index);
    }
    return found.sort((a, b) => a - b);
  }

  contents(): [number, number][] {
    return this.indices().map((index) => [index, this.load(index)]);
  }

  /** Everything there is, reservations included. */
  taken(): number[] {
    return [...this.places.keys()];
  }

  load(index: number): number {
    return this.places.get(index)?.entry ?? 0;
  }

  store(index: number, entry: number): number {
    return entry === 0 && this.base < 0 ? this.erase(index) : this.put(index, entry);
  }

  insert(index: number, entry: number): boolean {
    if (this.places.has(index)) return false;
    this.put(index, entry);
    return true;
  }

  cmpxchg(index: number, old: number, entry: number): number {
    const current = this.load(index);
    if (current !== old || (old === 0 && this.places.has(index))) return current;
    if (entry === 0) this.erase(index);
    else this.put(index, entry);
    return current;
  }

  /** Leaves a reservation of what is at an index, with its marks. */
  empty(index: number): void {
    this.places.get(index)!.entry = 0;
  }

  release(index: number): void {
    if (this.load(index) === 0) this.erase(index);
  }

  erase(index: number): number {
    const old = this.load(index);
    // An array from 1 forgets the index 0 it keeps with the last index beside it.
    if (this.places.delete(index) && this.base === 1 && this.places.size === 1 && this.places.get(0)?.entry === 0) {
      this.places.clear();
    }
    return old;
  }

  find(from: number, max: number, mark?: number): number {
    return this.indices(mark).find((index) => index >= from && index <= max) ?? -1;
  }

  findAfter(from: number, max: number, mark?: number): number {
    return this.indices(mark).find((index) => index > from && index <= max) ?? -1;
  }

  findLast(from: number, min: number, mark?: number): number {
    return this.indices(mark).findLast((index) => index <= from && index >= min) ?? -1;
  }

  findBefore(from: number, min: number, mark?: number): number {
    return this.indices(mark).findLast((index) => index < from && index >= min) ?? -1;
  }

  between(from: number, max: number, mark?: number): [number, number][] {
    const range = this.indices(mark).filter((index) => index >= from && index <= max);
    return range.map((index) => [index, this.load(index)]);
  }

  count(first: number, last: number, mark?: number): number {
    return this.between(first, last, mark).length;
  }

  /** Index of the entry with `k` others before it. */
  nth(k: number, mark?: number): number {
    return this.indices(mark)[k] ?? -1;
  }

  eraseRange(first: number, last: number): number {
    const { size } = this;
    for (const index of this.taken()) if (index >= first && index <= last) this.erase(index);
    return size - this.size;
  }

  fillRange(first: number, last: number, entry: number): void {
    // From the last on: in an array from 1, the first index above 0 keeps 0.
    for (let index = last; index >= first; index--) this.store(index, entry);
  }

  getMark(index: number, mark: number): boolean {
    return this.places.get(index)?.marks.has(mark) ?? false;
  }

  setMark(index: number, mark: number): void {
    this.places.get(index)?.marks.add(mark);
  }

  clearMark(index: number, mark: number): void {
    this.places.get(index)?.marks.delete(mark);
  }

  marked(mark: number): boolean {
    return [...this.places.values()].some(({ marks }) => marks.has(mark));
  }

  alloc(entry: number, min: number, max: number): number {
    for (let index = Math.max(min, this.base); index <= max; index++) {
      if (this.insert(index, entry)) return index;
    }
    return -1;
  }

  allocCyclic(entry: number, next: number, min: number, max: number): number {
    const index = this.alloc(entry, Math.max(min, next), max);
    return index < 0 ? this.alloc(entry, min, max) : index;
  }

  clear(): void {
    this.places.clear();
  }

  /** Nodes a tree of 64-slot nodes needs, by the number of distinct prefixes at each level. */
  nodeCount(): number {
    const taken = this.taken();
    const highest = Math.max(0, ...taken);
    let nodes = 0;
    for (let size = 64; ; size *= 64) {
      if (highest === 0) return nodes;
      nodes += new Set(taken.map((index) => Math.floor(index / size))).size;
      if (size > highest) return nodes;
    }
  }

  private put(index: number, entry: number): number {
    const old = this.load(index);
    if (this.base === 1 && index > 0 && this.places.size === 0) this.places.set(0, { entry: 0, marks: new Set() });
    const place = this.places.get(index);
    if (place) place.entry = entry;
    else this.places.set(index, { entry, marks: new Set() });
    return old;
  }
}
