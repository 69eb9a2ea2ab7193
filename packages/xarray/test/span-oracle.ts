// What XArray with all its calls is compared with: a list of spans in ascending order, walked from the start each time.

/** An entry and the indices that share it. */
export interface Span {
  first: number;
  last: number;
  /** 0: reserved. */
  entry: number;
  /** Bit 0…2: marks 0…2. */
  marks: number;
}

const TOP = 0xffff_ffff;

export class SpanOracle {
  spans: Span[] = [];
  private readonly base: number;

  /** @param base −1: does not allocate; 0 or 1: allocates from there. */
  constructor(base: number) {
    this.base = base;
  }

  get size(): number {
    return this.entries().length;
  }

  entries(): Span[] {
    return this.spans.filter(({ entry }) => entry !== 0);
  }

  at(index: number): Span | undefined {
    const span = this.spans[this.reaching(index)];
    return span && span.first <= index ? span : undefined;
  }

  /** Number of the first span that ends at or after an index. */
  private reaching(index: number): number {
    let low = 0;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.spans[middle]!.last < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  load(index: number): number {
    return this.at(index)?.entry ?? 0;
  }

  getOrder(index: number): number {
    const span = this.at(index);
    return span ? Math.log2(span.last - span.first + 1) : 0;
  }

  store(index: number, entry: number): number {
    return entry === 0 && this.base < 0 ? this.erase(index) : this.put(index, index, entry);
  }

  erase(index: number): number {
    return this.cut(index, index);
  }

  insert(index: number, entry: number): boolean {
    if (this.at(index)) return false;
    this.put(index, index, entry);
    return true;
  }

  cmpxchg(index: number, old: number, entry: number): number {
    const current = this.load(index);
    if (current !== old || (old === 0 && this.at(index))) return current;
    if (entry === 0) this.erase(index);
    else this.put(index, index, entry);
    return current;
  }

  release(index: number): void {
    if (this.load(index) === 0) this.erase(index);
  }

  storeOrder(index: number, order: number, entry: number): number {
    const size = 2 ** order;
    const first = Math.floor(index / size) * size;
    return entry === 0 ? this.cut(first, first + size - 1) : this.put(first, first + size - 1, entry);
  }

  storeRange(first: number, last: number, entry: number): void {
    for (let index = first; index <= last; ) {
      let size = 1;
      while (index % (2 * size) === 0 && index + 2 * size - 1 <= last) size *= 2;
      this.storeOrder(index, Math.log2(size), entry);
      index += size;
    }
  }

  eraseRange(first: number, last: number): number {
    const { size } = this;
    this.storeRange(first, last, 0);
    return size - this.size;
  }

  fillRange(first: number, last: number, entry: number): void {
    for (let index = first; index <= last; index++) this.store(index, entry);
  }

  count(first: number, last: number, mark?: number): number {
    return this.between(first, last, mark).length;
  }

  /** First index of the entry with `k` others before it. */
  nth(k: number, mark?: number): number {
    return this.within(0, TOP, mark)[k]?.first ?? -1;
  }

  split(index: number, order: number): void {
    const span = this.at(index);
    const size = 2 ** order;
    if (!span || span.last - span.first + 1 <= size) return;
    const pieces: Span[] = [];
    for (let first = span.first; first <= span.last; first += size)
      pieces.push({ ...span, first, last: first + size - 1 });
    this.spans.splice(this.spans.indexOf(span), 1, ...pieces);
  }

  /** Entries that reach into a range. */
  within(from: number, max: number, mark?: number): Span[] {
    const found: Span[] = [];
    for (let at = this.reaching(from); (this.spans[at]?.first ?? Number.POSITIVE_INFINITY) <= max; at++) {
      const span = this.spans[at]!;
      if (span.entry !== 0 && (mark === undefined || ((span.marks >>> mark) & 1) !== 0)) found.push(span);
    }
    return found;
  }

  /** Index of the first entry from `from` on, `from` itself inside one. */
  find(from: number, max: number, mark?: number): number {
    for (let at = this.reaching(from); at < this.spans.length; at++) {
      const { first, entry, marks } = this.spans[at]!;
      if (entry === 0 || (mark !== undefined && ((marks >>> mark) & 1) === 0)) continue;
      const index = Math.max(from, first);
      return index <= max ? index : -1;
    }
    return -1;
  }

  findAfter(from: number, max: number, mark?: number): number {
    const last = this.at(from)?.last ?? from;
    return last === TOP ? -1 : this.find(last + 1, max, mark);
  }

  /** Index of the last entry up to `from`, `from` itself inside one. */
  findLast(from: number, min: number, mark?: number): number {
    const below = this.within(0, from, mark).at(-1);
    const index = below === undefined ? -1 : Math.min(from, below.last);
    return index >= min ? index : -1;
  }

  findBefore(from: number, min: number, mark?: number): number {
    const first = this.at(from)?.first ?? from;
    return first === 0 ? -1 : this.findLast(first - 1, min, mark);
  }

  /** `[index, entry]` as iteration gives them. */
  between(from: number, max: number, mark?: number): [number, number][] {
    if (from > max) return [];
    return this.within(from, max, mark).map(({ first, entry }) => [Math.max(from, first), entry]);
  }

  findAbsent(from: number, max: number): number {
    let index = from;
    for (let at = this.reaching(from); (this.spans[at]?.first ?? Number.POSITIVE_INFINITY) <= index; at++) {
      index = this.spans[at]!.last + 1;
    }
    return index <= max ? index : -1;
  }

  findGap(length: number, from: number, max: number): number {
    let index = from;
    for (const { first, last } of this.spans) {
      if (last < index) continue;
      if (first - index >= length) break;
      index = last + 1;
    }
    return index + length - 1 <= max ? index : -1;
  }

  getMark(index: number, mark: number): boolean {
    return (((this.at(index)?.marks ?? 0) >>> mark) & 1) !== 0;
  }

  setMark(index: number, mark: number): void {
    const span = this.at(index);
    if (span) span.marks |= 1 << mark;
  }

  clearMark(index: number, mark: number): void {
    const span = this.at(index);
    if (span) span.marks &= ~(1 << mark);
  }

  marked(mark: number): boolean {
    return this.spans.some(({ marks }) => ((marks >>> mark) & 1) !== 0);
  }

  alloc(entry: number, min: number, max: number): number {
    const index = this.findAbsent(Math.max(min, this.base), max);
    if (index >= 0) this.put(index, index, entry);
    return index;
  }

  allocCyclic(entry: number, next: number, min: number, max: number): number {
    const index = this.alloc(entry, Math.max(min, next), max);
    return index < 0 ? this.alloc(entry, min, max) : index;
  }

  clear(): void {
    this.spans = [];
  }

  /** Levels of 64-slot nodes that a tree needs. */
  height(): number {
    let height = 0;
    for (const { first, last } of this.spans) {
      const level = Math.floor(Math.log2(last - first + 1) / 6);
      if (last > 0) height = Math.max(height, level + 1);
      while (64 ** height <= last) height++;
    }
    return height;
  }

  /** Nodes of 64 slots that a tree needs: at each level, one for every 64 slots that any span is in. */
  nodeCount(): number {
    const height = this.height();
    let nodes = 0;
    for (let level = 0; level < height; level++) {
      const there = this.spans.filter(({ first, last }) => last - first + 1 < 64 ** (level + 1));
      nodes += new Set(there.map(({ first }) => Math.floor(first / 64 ** (level + 1)))).size;
    }
    return nodes;
  }

  /** Puts an entry over a range; over all of a larger span it lies in. */
  private put(first: number, last: number, entry: number): number {
    const larger = this.at(first);
    if (larger && larger.last >= last) {
      const old = larger.entry;
      larger.entry = entry;
      return old;
    }
    // An array from 1 keeps index 0 taken beside others.
    if (this.base === 1 && last > 0 && this.spans.length === 0)
      this.spans.push({ first: 0, last: 0, entry: 0, marks: 0 });
    const dropped = this.drop(first, last);
    const marks = dropped.reduce((all, span) => all | span.marks, 0);
    this.spans.splice(this.reaching(first), 0, { first, last, entry, marks });
    return firstEntry(dropped);
  }

  /** Removes what reaches into a range. */
  private cut(first: number, last: number): number {
    const before = this.spans.length;
    const old = firstEntry(this.drop(first, last));
    const [lone] = this.spans;
    const kept = this.spans.length === 1 && lone !== undefined && lone.entry === 0 && lone.last === 0;
    if (this.base === 1 && kept && before > 1) this.clear();
    return old;
  }

  private drop(first: number, last: number): Span[] {
    const from = this.reaching(first);
    let end = from;
    while (end < this.spans.length && this.spans[end]!.first <= last) end++;
    return this.spans.splice(from, end - from);
  }
}

function firstEntry(spans: Span[]): number {
  return spans.find(({ entry }) => entry !== 0)?.entry ?? 0;
}
