// CoreCaches: which level serves an access, on as many cores as threads run. All levels but the last are a core's own.
import type { Geometry } from '@idspace/cache-sim';
import { LOCK_SCOPES, LOCKS } from '../layouts/reference-sink.ts';
import { Touched } from '../layouts/touched.ts';
import { LruCaches, SERVED, serveAll } from './lru-caches.ts';
import type { PassedLines } from './passed-lines.ts';
import type { Prefetcher } from './prefetcher.ts';
import { ACQUIRE, READ, type References } from './references.ts';
import type { Watcher } from './watcher.ts';
import { WrittenLines } from './written-lines.ts';

/** By its place in `LOCKS`: whether all threads of a process or of the machine want it; of the others there are more than threads. */
const IS_QUEUED: readonly boolean[] = LOCKS.map((name) => ['system', 'process'].includes(LOCK_SCOPES[name]));

/** Lines that are left for the last level at most, by how many it holds: the more, the fewer of them it has to look at. */
const MOST_LEFT = 3;

/**
 * Says where an access is served: 0 for the first level … `levels.length` for memory, and one more for another core.
 *
 * A line comes from another core where that one wrote it since this one had it, and still holds it.
 */
export class CoreCaches {
  private readonly cores: number;
  /** By level. */
  private readonly own: readonly LruCaches[];
  private readonly last: LruCaches;
  private readonly lastLines: number;
  /** Lines of skipped operations that the last level has not seen yet. */
  private readonly left: Touched = new Touched();
  private readonly otherCore: number;
  private readonly written: WrittenLines;
  /** Lines that came from another core in this operation, and those of them that have been lost again since. */
  private readonly came: Set<number> = new Set();
  private readonly lost: Set<number> = new Set();

  constructor(levels: readonly Geometry[], cores: number) {
    const [own, last] = [levels.slice(0, -1), levels.slice(-1)];
    this.cores = cores;
    this.own = own.map((level) => new LruCaches(level, cores));
    this.last = new LruCaches(last[0], 1);
    this.lastLines = last[0].size / last[0].line;
    this.otherCore = levels.length + 1;
    // After as many accesses a written line has gone on to the last level.
    this.written = new WrittenLines(cores, own[own.length - 1].size / levels[0].line);
  }

  /** Puts into `levels` what serves each reference: see `access`. */
  play(references: References): void {
    if (this.left.length > 0) this.showLeft();
    const { kinds, firsts, lasts, locks, levels, length, runs } = references;
    if (this.cores === 1) {
      serveAll([...this.own, this.last], references);
      return;
    }
    for (let run = 0; run < runs.length; run++) {
      const { core, isNew, from } = runs[run];
      const to = run + 1 < runs.length ? runs[run + 1].from : length;
      if (isNew) this.begin();
      for (let at = from; at < to; at++) {
        if (kinds[at] === ACQUIRE && IS_QUEUED[locks[at]]) this.queued();
        levels[at] = this.access(core, firsts[at], lasts[at], kinds[at] !== READ);
      }
    }
  }

  /** @param core 0…cores−1. @param first The first line, @param last and the last one. @returns The level that serves it, see above. */
  access(core: number, first: number, last: number, isWrite: boolean): number {
    const moved = this.share(core, first, last, isWrite);
    const level = this.ownLevel(core, first, last);
    if (level < this.own.length && !moved) return level;
    const isThere = this.last.useAll(0, first, last);
    return moved ? this.otherCore : this.own.length + (isThere ? 0 : 1);
  }

  /** Uses lines in the levels of a core, until one has them all. @returns That level; the number of levels where none has. */
  private ownLevel(core: number, first: number, last: number): number {
    const { own } = this;
    for (let level = 0; level < own.length; level++) if (own[level].useAll(core, first, last)) return level;
    return own.length;
  }

  /** The lines that a core's first cache holds. */
  lines(core: number): Float64Array {
    return this.own[0].lines(core);
  }

  /** An operation begins. */
  begin(): void {
    this.came.clear();
    this.lost.clear();
  }

  /** A core has waited in a queue of others that do the same: the lines that came from them have gone on to them. */
  queued(): void {
    for (const line of this.came) this.lost.add(line);
    this.came.clear();
  }

  /**
   * Brings lines in that cores used long enough ago for no other to wait for them.
   *
   * @param prefetchers By core: they see which lines the first level did not have. @param watcher Sees all lines. Both where they are to be seen.
   */
  pass(passed: PassedLines, prefetchers: readonly Prefetcher[], watcher: Watcher | undefined): void {
    const { own, left, written } = this;
    const { touched, seen } = passed;
    for (const [core, { lines, length }] of touched.entries()) {
      written.step(core, length);
      if (seen) watcher?.pass?.(core, lines, length);
      own[0].useEach(core, lines, length);
      if (seen) for (let at = 0; at < length; at++) if (lines[at] !== SERVED) prefetchers[core].covers(lines[at]);
      for (let level = 1; level < own.length; level++) own[level].useEach(core, lines, length);
    }
    passed.moveTo(left);
    if (left.length > MOST_LEFT * this.lastLines) this.showLeft();
  }

  /** The last level sees what was left for it. */
  private showLeft(): void {
    const { last, left } = this;
    if (left.length < this.lastLines) last.useEach(0, left.lines, left.length);
    else last.useMany(left.lines, left.length);
    left.length = 0;
  }

  /** Keeps track of who wrote what. @returns Whether a line must come from another core. */
  private share(core: number, first: number, last: number, isWrite: boolean): boolean {
    const { written, came, lost } = this;
    let moved = false;
    written.step(core);
    for (let line = first; line <= last; line++) {
      const isElsewhere = written.use(core, line, isWrite);
      if (isElsewhere) came.add(line);
      if ((lost.size > 0 && lost.delete(line)) || isElsewhere) moved = true;
    }
    return moved;
  }
}
