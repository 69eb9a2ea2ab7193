// CoreCaches: which level serves an access, on as many cores as threads run. All levels but the last are a core's own.
import type { Geometry } from '@idspace/cache-sim';
import { LOCK_SCOPES, LOCKS } from '../layouts/reference-sink.ts';
import { LruCaches } from './lru-caches.ts';
import { ACQUIRE, MOST, READ, type References } from './references.ts';
import { WrittenLines } from './written-lines.ts';

/** By its place in `LOCKS`: whether all threads of a process or of the machine want it; of the others there are more than threads. */
const IS_QUEUED: readonly boolean[] = LOCKS.map((name) => ['system', 'process'].includes(LOCK_SCOPES[name]));

/** Lines that are kept until the caches see them. */
const PASSED = 1024;

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
  private readonly line: number;
  private readonly otherCore: number;
  private readonly written: WrittenLines;
  /** Lines of skipped operations of one core that the caches have not seen yet: together they take half the time. */
  private readonly passed: Float64Array = new Float64Array(PASSED);
  private passedLength = 0;
  /** Of references: the first and the last line of each, and the places of those that no level has had so far. */
  private readonly firsts: Float64Array = new Float64Array(MOST);
  private readonly lasts: Float64Array = new Float64Array(MOST);
  private readonly places: Int32Array = new Int32Array(MOST);
  private passedBy = 0;
  /** Lines that came from another core in this operation, and those of them that have been lost again since. */
  private readonly came: Set<number> = new Set();
  private readonly lost: Set<number> = new Set();

  constructor(levels: readonly Geometry[], cores: number) {
    const [own, last] = [levels.slice(0, -1), levels.slice(-1)];
    this.cores = cores;
    this.own = own.map((level) => new LruCaches(level, cores));
    this.last = new LruCaches(last[0], 1);
    this.line = levels[0].line;
    this.otherCore = levels.length + 1;
    // After as many accesses a written line has gone on to the last level.
    this.written = new WrittenLines(cores, own[own.length - 1].size / this.line);
  }

  /** Puts into `levels` what serves each reference: see `access`. */
  play(references: References): void {
    if (this.passedLength > 0) this.flush();
    const { kinds, addresses, bytes, locks, levels, length, runs } = references;
    if (this.cores === 1) {
      this.playAlone(references);
      return;
    }
    for (let run = 0; run < runs.length; run++) {
      const { core, isNew, from } = runs[run];
      const to = run + 1 < runs.length ? runs[run + 1].from : length;
      if (isNew) this.begin();
      for (let at = from; at < to; at++) {
        if (kinds[at] === ACQUIRE && IS_QUEUED[locks[at]]) this.queued();
        levels[at] = this.access(core, addresses[at], bytes[at], kinds[at] !== READ);
      }
    }
  }

  /** One core's: level by level, as none of them depends on another. */
  private playAlone({ addresses, bytes, levels, length }: References): void {
    const { own, last, line, firsts, lasts, places } = this;
    for (let at = 0; at < length; at++) {
      firsts[at] = Math.floor(addresses[at] / line);
      lasts[at] = Math.floor((addresses[at] + bytes[at] - 1) / line);
      places[at] = at;
    }
    let missed = length;
    for (let level = 0; level < own.length; level++)
      missed = own[level].serve(level, firsts, lasts, places, missed, levels);
    missed = last.serve(own.length, firsts, lasts, places, missed, levels);
    for (let i = 0; i < missed; i++) levels[places[i]] = own.length + 1;
  }

  /** @param core 0…cores−1. @returns The level that serves it, see above. */
  access(core: number, address: number, bytes: number, isWrite: boolean): number {
    if (this.passedLength > 0) this.flush();
    const moved = this.cores > 1 && this.share(core, address, bytes, isWrite);
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
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
    this.flush();
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

  /** Brings a line in that a core used long enough ago for no other to wait for it. @returns Whether the first level had it. */
  warm(core: number, address: number): boolean {
    if (this.passedLength > 0) this.flush();
    this.written.step(core);
    const line = Math.floor(address / this.line);
    const level = this.ownLevel(core, line, line);
    if (level === this.own.length) this.last.use(0, line);
    return level === 0;
  }

  /** As `warm`, for one that does not ask: before anything else is asked of the caches, they see it. */
  pass(core: number, address: number): void {
    if (this.passedLength === PASSED || (core !== this.passedBy && this.passedLength > 0)) this.flush();
    this.passedBy = core;
    this.written.step(core);
    this.passed[this.passedLength++] = Math.floor(address / this.line);
  }

  private flush(): void {
    const { own, last, passed, passedBy } = this;
    let length = this.passedLength;
    this.passedLength = 0;
    for (let level = 0; level < own.length; level++) length = own[level].useEach(passedBy, passed, length);
    last.useEach(0, passed, length);
  }

  /** Keeps track of who wrote what. @returns Whether a line must come from another core. */
  private share(core: number, address: number, bytes: number, isWrite: boolean): boolean {
    const { written, came, lost } = this;
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
    let moved = false;
    written.step(core);
    for (let line = first; line <= last; line++) {
      const isElsewhere = written.isElsewhere(core, line);
      if (isElsewhere) came.add(line);
      if ((lost.size > 0 && lost.delete(line)) || isElsewhere) moved = true;
      if (isWrite) written.write(core, line);
      else written.read(core, line);
    }
    return moved;
  }
}
