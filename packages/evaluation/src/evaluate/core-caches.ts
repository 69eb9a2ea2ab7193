// CoreCaches: which level serves an access, on as many cores as threads run. All levels but the last are a core's own.
import { CacheSim, type Geometry } from '@idspace/cache-sim';

/** A line that was written. */
interface Written {
  core: number;
  /** Goes up with each write. */
  version: number;
  /** How many accesses the writer had made: after many more the line has left its caches. */
  at: number;
}

/**
 * Says where an access is served: 0 for the first level … `levels.length` for memory, and one more for another core.
 *
 * A line comes from another core where that one wrote it since this one had it, and still holds it.
 */
export class CoreCaches {
  private readonly own: readonly CacheSim[];
  private readonly last: CacheSim;
  private readonly line: number;
  /** Accesses after which a written line has gone on to the last level. */
  private readonly capacity: number;
  private readonly otherCore: number;
  private readonly written: Map<number, Written> = new Map();
  /** By core, by line: the version it has. */
  private readonly seen: readonly Map<number, number>[];
  private readonly accesses: Float64Array;
  /** Lines that came from another core in this operation, and those of them that have been lost again since. */
  private readonly came: Set<number> = new Set();
  private readonly lost: Set<number> = new Set();

  constructor(levels: readonly Geometry[], cores: number) {
    const [own, last] = [levels.slice(0, -1), levels.slice(-1)];
    this.own = Array.from({ length: cores }, () => new CacheSim({ levels: own }));
    this.last = new CacheSim({ levels: last });
    this.line = levels[0].line;
    this.capacity = own[own.length - 1].size / this.line;
    this.otherCore = levels.length + 1;
    this.seen = this.own.map(() => new Map());
    this.accesses = new Float64Array(cores);
  }

  /** @param core 0…cores−1. @returns The level that serves it, see above. */
  access(core: number, address: number, bytes: number, isWrite: boolean): number {
    const moved = this.own.length > 1 && this.share(core, address, bytes, isWrite);
    const own = isWrite ? this.own[core].write(address, bytes) : this.own[core].read(address, bytes);
    const levels = this.own[core].levels.length;
    if (own < levels && !moved) return own;
    const last = isWrite ? this.last.write(address, bytes) : this.last.read(address, bytes);
    return moved ? this.otherCore : own + last;
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
    this.accesses[core]++;
    const level = this.own[core].write(address, 1);
    if (level === this.own[core].levels.length) this.last.write(address, 1);
    return level === 0;
  }

  /** Keeps track of versions. @returns Whether a line must come from another core. */
  private share(core: number, address: number, bytes: number, isWrite: boolean): boolean {
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
    const now = ++this.accesses[core];
    let moved = false;
    for (let line = first; line <= last; line++) {
      const written = this.written.get(line);
      if (written !== undefined) {
        const held = written.core === core || this.seen[core].get(line) === written.version;
        const elsewhere = !held && this.accesses[written.core] - written.at < this.capacity;
        if (elsewhere) this.came.add(line);
        if (this.lost.delete(line) || elsewhere) moved = true;
        if (!isWrite) this.seen[core].set(line, written.version);
      }
      if (!isWrite) continue;
      if (written === undefined) this.written.set(line, { core, version: 1, at: now });
      else {
        written.core = core;
        written.version++;
        written.at = now;
      }
    }
    return moved;
  }
}
