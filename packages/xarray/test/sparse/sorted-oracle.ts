// The same calls on a sorted array of keys, as short as can be: what SparseXArray is compared with.

interface Place {
  entry: number;
  marks: boolean[];
}

export class SortedOracle {
  readonly indices: number[] = [];
  private readonly places = new Map<number, Place>();

  get size(): number {
    return this.indices.length;
  }

  contents(): [number, number][] {
    return this.indices.map((index) => [index, this.load(index)]);
  }

  load(index: number): number {
    return this.places.get(index)?.entry ?? 0;
  }

  store(index: number, entry: number): number {
    const old = this.load(index);
    if (entry === 0) return this.erase(index);
    const place = this.places.get(index);
    if (place) place.entry = entry;
    else {
      this.places.set(index, { entry, marks: [false, false, false] });
      this.indices.splice(this.rank(index), 0, index);
    }
    return old;
  }

  erase(index: number): number {
    const old = this.load(index);
    if (this.places.delete(index)) this.indices.splice(this.rank(index), 1);
    return old;
  }

  insert(index: number, entry: number): boolean {
    return !this.places.has(index) && this.store(index, entry) === 0;
  }

  cmpxchg(index: number, old: number, entry: number): number {
    const current = this.load(index);
    if (current === old) this.store(index, entry);
    return current;
  }

  clear(): void {
    this.indices.length = 0;
    this.places.clear();
  }

  find(from: number, max: number, mark?: number): number {
    for (let rank = this.rank(from); rank < this.size; rank++) {
      const index = this.indices[rank]!;
      if (index > max) return -1;
      if (mark === undefined || this.getMark(index, mark)) return index;
    }
    return -1;
  }

  findAfter(from: number, max: number, mark?: number): number {
    return this.find(from + 1, max, mark);
  }

  findLast(from: number, min: number, mark?: number): number {
    for (let rank = this.rank(from + 1) - 1; rank >= 0; rank--) {
      const index = this.indices[rank]!;
      if (index < min) return -1;
      if (mark === undefined || this.getMark(index, mark)) return index;
    }
    return -1;
  }

  findBefore(from: number, min: number, mark?: number): number {
    return this.findLast(from - 1, min, mark);
  }

  /** Up to `n` of them. */
  between(from: number, max: number, mark: number | undefined, n: number): [number, number][] {
    const found: [number, number][] = [];
    for (let at = this.find(from, max, mark); at >= 0 && found.length < n; at = this.findAfter(at, max, mark)) {
      found.push([at, this.load(at)]);
    }
    return found;
  }

  count(first: number, last: number, mark?: number): number {
    return this.between(first, last, mark, this.size).length;
  }

  /** Index of the entry with `k` others before it. */
  nth(k: number, mark?: number): number {
    return this.indices.filter((index) => mark === undefined || this.getMark(index, mark))[k] ?? -1;
  }

  eraseRange(first: number, last: number): number {
    const gone = this.indices.filter((index) => index >= first && index <= last);
    for (const index of gone) this.erase(index);
    return gone.length;
  }

  getMark(index: number, mark: number): boolean {
    return this.places.get(index)?.marks[mark] ?? false;
  }

  setMark(index: number, mark: number): void {
    const place = this.places.get(index);
    if (place) place.marks[mark] = true;
  }

  clearMark(index: number, mark: number): void {
    const place = this.places.get(index);
    if (place) place.marks[mark] = false;
  }

  marked(mark: number): boolean {
    return this.indices.some((index) => this.getMark(index, mark));
  }

  /** Number of indices below one. */
  private rank(index: number): number {
    let low = 0;
    let high = this.indices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.indices[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
