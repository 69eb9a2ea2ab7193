// MESI over the private caches of several cores, by an exact directory: who holds a line, who may write it, who has written it.
import { bitsIn } from './bits.ts';
import { LineTable } from './line-table.ts';
import { LostLines } from './lost-lines.ts';

/** A core's state of a line: modified, exclusive, shared, invalid. */
export type MesiState = 'M' | 'E' | 'S' | 'I';

/** What happened between the cores. */
export interface CoherenceStats {
  /** Lines that came from another core, which had modified them. */
  transfers: number;
  /** Writes to lines that others were allowed to hold too (state S): they wait until those have given them up. */
  upgrades: number;
  /** Copies that cores lost to another's write. */
  invalidations: number;
  /** Misses on lines so lost, whose core went on to use a byte that another core had written. */
  trueSharing: number;
  /** The others: what the core used was the same as before. Misses of which it is not known yet are counted here. */
  falseSharing: number;
  /** Transfers + upgrades of the line that has most of them, as a share of all; 0 when there are none. */
  hottestShare: number;
  /** That line's address; −1 when there is none. */
  hottestLine: number;
}

/** One line that moves between cores. */
export interface SharedLine {
  /** Address of its first byte. */
  address: number;
  transfers: number;
  upgrades: number;
  invalidations: number;
  trueSharing: number;
  falseSharing: number;
  /** 'region.field' of what lies on it, of the regions that are known. */
  fields: string[];
}

/** What a core must do with its copy. */
export interface CopyKeeper {
  /** Gives the line up. */
  invalidate(core: number, line: number): void;
  /** Writes the line back and keeps it. */
  clean(core: number, line: number): void;
}

/** Is told what concerns other cores, by the row of the region it is in. */
export interface SharingSink {
  /** A transfer or an upgrade. */
  moved(row: number): void;
  /** A miss on a line lost to another core's write: false sharing, unless `trueSharing` follows. */
  lostLine(row: number): void;
  trueSharing(row: number): void;
}

/** No core. */
const NO_CORE = -1;
/** Counters of a line, in this order. */
const [TRANSFERS, UPGRADES, INVALIDATIONS, TRUE, MISSES] = [0, 1, 2, 3, 4];
const COUNTERS = 5;

export class Directory {
  /** Copies given up in the last `acquire`. */
  invalidated = 0;
  /** Whether it was a write to a line that the core held, but not alone. */
  upgraded = false;
  /** Whether the core had lost the line to another's write. */
  cameBack = false;
  private readonly lineBytes: number;
  private readonly copies: CopyKeeper;
  private readonly sink: SharingSink | undefined;
  private readonly table = new LineTable();
  /** Int32 words of a set of cores. */
  private readonly words: number;
  /** Who holds a line. Int32Array, shape [lines × words], one bit for each core. */
  private holders: Int32Array;
  /** The core that holds it alone and may write (E or M), or NO_CORE. */
  private owner: Int16Array = new Int16Array(64);
  /** 1 when the owner has written (M). */
  private modified: Uint8Array = new Uint8Array(64);
  /** Float64Array, shape [lines × COUNTERS]. */
  private counts: Float64Array = new Float64Array(64 * COUNTERS);
  private readonly lost: LostLines;
  private readonly cores: number;

  constructor(cores: number, lineBytes: number, copies: CopyKeeper, sink: SharingSink | undefined) {
    this.lineBytes = lineBytes;
    this.copies = copies;
    this.sink = sink;
    this.words = (cores + 31) >>> 5;
    this.holders = new Int32Array(64 * this.words);
    this.cores = cores;
    this.lost = new LostLines(lineBytes);
    this.lost.makePlaces(64);
  }

  /** Makes sure that `acquire` needs no memory for the lines from…to; throws before anything has changed if there is none. */
  makeRoom(core: number, isWrite: boolean, from: number, to: number): void {
    const lines = to - from + 1;
    this.table.makeRoom(lines);
    while (this.table.size + lines > this.owner.length) this.grow();
    if (!isWrite || this.lost.room >= lines * (this.cores - 1)) return;
    let losses = 0;
    for (let line = from; line <= to; line++) losses += this.otherHolders(this.table.find(line), core);
    this.lost.makeRoom(losses);
  }

  /** How many cores a write of the core takes the line from. @param index −1 where the line is not known. */
  private otherHolders(index: number, core: number): number {
    let others = 0;
    for (let word = 0; index >= 0 && word < this.words; word++) {
      const own = word === core >>> 5 ? 1 << core : 0;
      others += bitsIn(this.holders[index * this.words + word] & ~own);
    }
    return others;
  }

  /**
   * Lets a core use a line, before it looks into its caches.
   *
   * @param from, to The bytes of the line that it uses: from…to−1.
   * @param row Where the access is counted, −1 for nowhere.
   * @returns true when the line comes from another core that had modified it.
   */
  acquire(core: number, line: number, isWrite: boolean, from: number, to: number, row: number): boolean {
    const index = this.indexOf(line);
    this.invalidated = 0;
    const held = this.holds(index, core);
    const owner = this.owner[index];
    this.cameBack = !held && this.lost.comeBack(index, core, row);
    if (this.cameBack) {
      this.counts[index * COUNTERS + MISSES]++;
      this.sink?.lostLine(row);
    }
    this.judge(index, core, from, to);
    const transferred = !held && owner !== NO_CORE && this.modified[index] === 1;
    this.upgraded = held && isWrite && owner !== core;
    if (transferred) this.counts[index * COUNTERS + TRANSFERS]++;
    if (this.upgraded) this.counts[index * COUNTERS + UPGRADES]++;
    if (transferred || this.upgraded) this.sink?.moved(row);
    if (isWrite) this.own(index, line, core, from, to);
    else if (!held) this.share(index, line, core);
    return transferred;
  }

  /** A core's last copy has made room for another line. */
  leave(core: number, line: number): void {
    const index = this.table.find(line);
    if (index < 0 || !this.holds(index, core)) return;
    this.holders[index * this.words + (core >>> 5)] &= ~(1 << core);
    if (this.owner[index] === core) this.disown(index);
    this.lost.evict(index, core);
  }

  /** What a core may do with a line. */
  state(core: number, line: number): MesiState {
    const index = this.table.find(line);
    if (index < 0 || !this.holds(index, core)) return 'I';
    if (this.owner[index] !== core) return 'S';
    return this.modified[index] === 1 ? 'M' : 'E';
  }

  stats(): CoherenceStats {
    const sums = new Float64Array(COUNTERS);
    let hottest = NO_CORE;
    let most = 0;
    for (let index = 0; index < this.table.size; index++) {
      const at = index * COUNTERS;
      for (let counter = 0; counter < COUNTERS; counter++) sums[counter] += this.counts[at + counter];
      const moves = this.counts[at + TRANSFERS] + this.counts[at + UPGRADES];
      if (moves > most) [most, hottest] = [moves, index];
    }
    return {
      transfers: sums[TRANSFERS],
      upgrades: sums[UPGRADES],
      invalidations: sums[INVALIDATIONS],
      trueSharing: sums[TRUE],
      falseSharing: sums[MISSES] - sums[TRUE],
      hottestShare: most === 0 ? 0 : most / (sums[TRANSFERS] + sums[UPGRADES]),
      hottestLine: hottest === NO_CORE ? -1 : this.table.lines[hottest] * this.lineBytes,
    };
  }

  /** The lines with the most transfers and upgrades, those first; ties by address. */
  hottest(limit: number): Omit<SharedLine, 'fields'>[] {
    const lines: Omit<SharedLine, 'fields'>[] = [];
    for (let index = 0; index < this.table.size; index++) {
      const [transfers, upgrades, invalidations, trueSharing, misses] = this.counts.subarray(index * COUNTERS);
      if (transfers + upgrades + misses === 0) continue;
      const address = this.table.lines[index] * this.lineBytes;
      lines.push({ address, transfers, upgrades, invalidations, trueSharing, falseSharing: misses - trueSharing });
    }
    const moves = (one: Omit<SharedLine, 'fields'>): number => one.transfers + one.upgrades;
    return lines.sort((a, b) => moves(b) - moves(a) || a.address - b.address).slice(0, limit);
  }

  resetCounters(): void {
    this.counts.fill(0);
    this.lost.settle();
  }

  /** Forgets the lines; the counts are `resetCounters`' to set. */
  clear(): void {
    this.table.clear();
    this.holders.fill(0);
    this.modified.fill(0);
    this.lost.clear();
  }

  /** The core becomes the only one, and has written. */
  private own(index: number, line: number, core: number, from: number, to: number): void {
    if (this.owner[index] !== core) this.takeFromOthers(index, line, core);
    this.holders[index * this.words + (core >>> 5)] |= 1 << core;
    this.owner[index] = core;
    this.modified[index] = 1;
    this.lost.write(index, from, to);
  }

  /** The core's own copy is left to `own`, which notes it again. */
  private takeFromOthers(index: number, line: number, core: number): void {
    for (let word = 0; word < this.words; word++) {
      const at = index * this.words + word;
      for (let bits = this.holders[at]; bits !== 0; bits &= bits - 1) {
        const other = word * 32 + 31 - Math.clz32(bits & -bits);
        if (other === core) continue;
        this.copies.invalidate(other, line);
        this.invalidated++;
        this.lost.lose(index, other);
      }
      this.holders[at] = 0;
    }
    this.counts[index * COUNTERS + INVALIDATIONS] += this.invalidated;
  }

  /** The core becomes one of those that hold it; the only one, if no other does. */
  private share(index: number, line: number, core: number): void {
    const owner = this.owner[index];
    if (owner !== NO_CORE) {
      if (this.modified[index] === 1) this.copies.clean(owner, line);
      this.disown(index);
    } else if (this.isFree(index)) this.owner[index] = core;
    this.holders[index * this.words + (core >>> 5)] |= 1 << core;
  }

  private disown(index: number): void {
    this.owner[index] = NO_CORE;
    this.modified[index] = 0;
  }

  private holds(index: number, core: number): boolean {
    return ((this.holders[index * this.words + (core >>> 5)] >>> (core & 31)) & 1) === 1;
  }

  private isFree(index: number): boolean {
    for (let word = 0; word < this.words; word++) if (this.holders[index * this.words + word] !== 0) return false;
    return true;
  }

  /** Sees whether a miss that waits turns out as true sharing by this use. */
  private judge(index: number, core: number, from: number, to: number): void {
    const row = this.lost.use(index, core, from, to);
    if (row === undefined) return;
    this.counts[index * COUNTERS + TRUE]++;
    this.sink?.trueSharing(row);
  }

  private indexOf(line: number): number {
    const known = this.table.size;
    const index = this.table.add(line);
    if (index === known) this.owner[index] = NO_CORE;
    return index;
  }

  /** Doubles; all or nothing. */
  private grow(): void {
    const owner = new Int16Array(this.owner.length * 2);
    const modified = new Uint8Array(this.modified.length * 2);
    const holders = new Int32Array(this.holders.length * 2);
    const counts = new Float64Array(this.counts.length * 2);
    this.lost.makePlaces(owner.length);
    owner.set(this.owner);
    modified.set(this.modified);
    holders.set(this.holders);
    counts.set(this.counts);
    this.owner = owner;
    this.modified = modified;
    this.holders = holders;
    this.counts = counts;
  }
}
