// JsMeter: what operations cost as they lie in JavaScript's typed arrays.
import { CacheSim, type Geometry } from '@idspace/cache-sim';
import type { Category, JsCounts } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { CATEGORIES, Counts } from './tally.ts';

/** Counts references, lines and misses, by kind of operation. */
export class JsMeter {
  /** False while references only warm the caches up. */
  counting = true;
  private readonly caches: CacheSim;
  private readonly line: number;
  private readonly lines: LineSet = new LineSet();
  private readonly kinds: Map<string, Counts> = new Map();
  private now: Counts = new Counts();

  constructor(levels: readonly Geometry[]) {
    this.caches = new CacheSim({ levels });
    this.line = levels[0].line;
  }

  /** Starts the sums again; what the caches hold stays. */
  reset(): void {
    this.kinds.clear();
  }

  /** Tells that an operation begins. */
  begin(kind: string): void {
    let now = this.kinds.get(kind);
    if (now === undefined) {
      now = new Counts();
      this.kinds.set(kind, now);
    }
    this.now = now;
    if (!this.counting) return;
    now.operations++;
    this.lines.clear();
  }

  access(address: number, bytes: number, isWrite: boolean, category: Category): void {
    const level = isWrite ? this.caches.write(address, bytes) : this.caches.read(address, bytes);
    if (!this.counting) return;
    const number = CATEGORIES.indexOf(category);
    this.now.count(number, isWrite, level, this.caches.levels.length);
    const last = Math.floor((address + bytes - 1) / this.line);
    for (let line = Math.floor(address / this.line); line <= last; line++) {
      if (this.lines.add(line)) this.now.linesBy[number]++;
    }
  }

  /** Means per operation of a kind. @param isWhole Whether every operation was recorded. */
  counts(kind: string, isWhole: boolean): JsCounts {
    const counts = (this.kinds.get(kind) ?? new Counts()).means();
    return isWhole ? counts : { ...counts, llMisses: null };
  }
}
