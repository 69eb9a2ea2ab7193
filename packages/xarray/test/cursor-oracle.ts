// What a Cursor is compared with: an index, whether it has been met, and a search from the start for every answer.
import type { SpanOracle } from './span-oracle.ts';

const TOP = 0xffff_ffff;

export class CursorOracle {
  index = 0;
  ended = false;
  conflictIndex = -1;
  private readonly spans: SpanOracle;
  private readonly height: () => number;
  private walked = false;
  private target: [first: number, last: number] = [0, 0];

  /** @param height Of the tree: where a search ends that goes beyond it. */
  constructor(spans: SpanOracle, height: () => number) {
    this.spans = spans;
    this.height = height;
  }

  set(index: number): void {
    this.setRange(index, index);
  }

  setOrder(index: number, order: number): void {
    const first = Math.floor(index / 2 ** order) * 2 ** order;
    this.setRange(first, first + 2 ** order - 1);
  }

  setRange(first: number, last: number): void {
    this.moveTo(first);
    this.target = [first, last];
    this.reset();
  }

  reset(): void {
    this.walked = false;
    this.ended = false;
    this.conflictIndex = -1;
  }

  load(): number {
    this.walked = true;
    this.ended = false;
    return this.spans.load(this.index);
  }

  store(entry: number): number {
    const [first, last] = this.target;
    const old = this.spans.within(first, last)[0]?.entry ?? 0;
    this.spans.storeRange(first, last, entry);
    this.walked = true;
    this.ended = false;
    this.conflictIndex = -1;
    return old;
  }

  next(): number {
    return this.step(1);
  }

  prev(): number {
    return this.step(-1);
  }

  find(max: number): number {
    if (this.ended) return 0;
    const from = this.from();
    const index = from > TOP ? -1 : this.spans.find(from, max);
    if (index < 0) return this.stop(from, max, true);
    this.moveTo(index);
    return this.load();
  }

  findPrev(min: number): number {
    if (this.ended) return 0;
    const from = this.walked ? (this.spans.at(this.index)?.first ?? this.index) - 1 : this.index;
    const index = from < 0 ? -1 : this.spans.findLast(from, min);
    if (index >= 0) {
      this.moveTo(index);
      return this.load();
    }
    this.moveTo(Math.min(from, min - 1) < 0 ? TOP : Math.min(from, min - 1));
    this.walked = false;
    this.ended = true;
    return 0;
  }

  findMarked(max: number, mark: number): number {
    if (this.ended) return 0;
    const from = this.from();
    const index = from > TOP ? -1 : this.spans.find(from, TOP, mark);
    if (index < 0 || index > max) return this.stop(from, max, index < 0);
    this.moveTo(this.spans.at(index)!.first);
    return this.load();
  }

  findConflict(): number {
    const [first, last] = this.target;
    const after = this.conflictIndex < 0 ? first : (this.spans.at(this.conflictIndex)?.last ?? this.conflictIndex) + 1;
    const span = after > last ? undefined : this.spans.within(after, last)[0];
    this.conflictIndex = span?.first ?? -1;
    return span?.entry ?? 0;
  }

  pause(): void {
    if (!this.walked) return;
    const from = this.from();
    this.moveTo(from > TOP ? 0 : from);
    this.walked = false;
    this.ended = from > TOP;
  }

  getOrder(): number {
    return this.spans.getOrder(this.conflictIndex < 0 ? this.index : this.conflictIndex);
  }

  getMark(mark: number): boolean {
    return this.spans.getMark(this.index, mark);
  }

  setMark(mark: number): void {
    this.spans.setMark(this.index, mark);
  }

  clearMark(mark: number): void {
    this.spans.clearMark(this.index, mark);
  }

  initMarks(): void {
    for (const mark of [0, 1, 2]) this.clearMark(mark);
  }

  private step(by: number): number {
    if (this.walked || this.ended) this.moveTo((this.index + by + TOP + 1) % (TOP + 1));
    return this.load();
  }

  private from(): number {
    return this.walked ? (this.spans.at(this.index)?.last ?? this.index) + 1 : this.index;
  }

  private stop(from: number, max: number, ended: boolean): number {
    this.moveTo(from > TOP ? 0 : Math.max(from, Math.min(max + 1, 64 ** this.height())) % (TOP + 1));
    this.walked = false;
    this.ended = ended;
    return 0;
  }

  private moveTo(index: number): void {
    this.index = index;
    this.target = [index, index];
    this.conflictIndex = -1;
  }
}
