// Lines that cores lost to another core's write, and what was written meanwhile, to tell true sharing from false.
//
// A miss on a line that another core's write took away is true sharing when, before it is lost again, the core uses a byte that
// another core has written in between; otherwise the line came back for nothing new: false sharing (Dubois, Skeppstedt, Ricciulli,
// Ramamurthy, Stenström: The detection and elimination of useless misses in multiprocessors, ISCA 1993).
//
// A loss has 14 bytes and a bit for each byte of a line: no object, as most lines of a program with threads are lost once.

/** No loss; also the end of a list. */
const NONE = 0;
/** In place of a row: the line has not come back. */
const AWAY = -2;
const FIRST_LOSSES = 16;

/** One loss for each line and core, until the line comes back and it is known what for. Losses are numbered from 1. */
export class LostLines {
  /** Int32 words of a line's bits. */
  private readonly words: number;
  /** The first loss of each line, or NONE. Int32Array, shape [lines]. */
  private first: Int32Array = new Int32Array(0);
  /** The next loss of the same line; of a free loss, the next free one. Int32Array, shape [losses + 1]. */
  private next: Int32Array = new Int32Array(1);
  /** Int16Array, shape [losses + 1]. */
  private core: Int16Array = new Int16Array(1);
  /** AWAY, or the row of the region of the miss with which the line came back. Int32Array, shape [losses + 1]. */
  private row: Int32Array = new Int32Array(1);
  /** What others have written while it was away, a bit for each byte. Int32Array, shape [(losses + 1) × words]. */
  private written: Int32Array;
  private free: number = NONE;
  private freeLosses = 0;

  /** @param lineBytes 8 or more. */
  constructor(lineBytes: number) {
    this.words = (lineBytes + 31) >>> 5;
    this.written = new Int32Array(this.words);
  }

  /** Bytes that all losses take, those to come included. */
  get byteLength(): number {
    const { first, next, core, row, written } = this;
    return [first, next, core, row, written].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Losses for which there is room. */
  get room(): number {
    return this.freeLosses;
  }

  /** Makes sure that so many losses need no memory; throws before anything has changed if there is none. */
  makeRoom(losses: number): void {
    if (this.freeLosses >= losses) return;
    const before = this.next.length;
    // Twice as many, but of lines that are pages no more than are needed.
    const more = Math.max(
      losses - this.freeLosses,
      this.words > 2 ** 10 ? 0 : before,
      this.words > 2 ** 10 ? 0 : FIRST_LOSSES,
    );
    const next = new Int32Array(before + more);
    const core = new Int16Array(before + more);
    const row = new Int32Array(before + more);
    const written = new Int32Array((before + more) * this.words);
    next.set(this.next);
    core.set(this.core);
    row.set(this.row);
    written.set(this.written);
    this.next = next;
    this.core = core;
    this.row = row;
    this.written = written;
    for (let loss = before + more - 1; loss >= before; loss--) this.giveBack(loss);
  }

  /** Makes sure that lines 0…lines−1 have a place each; all or nothing. */
  makePlaces(lines: number): void {
    if (lines <= this.first.length) return;
    const first = new Int32Array(lines);
    first.set(this.first);
    this.first = first;
  }

  /** Another core's write takes the line away. */
  lose(line: number, core: number): void {
    let loss = this.find(line, core);
    if (loss === NONE) {
      loss = this.free;
      this.free = this.next[loss];
      this.freeLosses--;
      this.next[loss] = this.first[line];
      this.core[loss] = core;
      this.first[line] = loss;
    }
    this.row[loss] = AWAY;
    this.written.fill(0, loss * this.words, (loss + 1) * this.words);
  }

  /** The line makes room for another. */
  evict(line: number, core: number): void {
    const loss = this.find(line, core);
    if (loss !== NONE) this.remove(line, loss);
  }

  /** The line comes back. Returns true when it had been lost to a writer: a coherence miss, which waits to be told. */
  comeBack(line: number, core: number, row: number): boolean {
    const loss = this.find(line, core);
    if (loss === NONE || this.row[loss] !== AWAY) return false;
    this.row[loss] = row;
    return true;
  }

  /** Uses the bytes from…to−1. Returns the row of a miss that this makes true sharing, or undefined. */
  use(line: number, core: number, from: number, to: number): number | undefined {
    const loss = this.find(line, core);
    if (loss === NONE || this.row[loss] === AWAY) return undefined;
    for (let word = from >>> 5; word <= (to - 1) >>> 5; word++) {
      if ((this.written[loss * this.words + word] & bitsOf(word, from, to)) === 0) continue;
      const row = this.row[loss];
      this.remove(line, loss);
      return row;
    }
    return undefined;
  }

  /** Writes the bytes from…to−1. A line that is back is that of the core which writes: the others have lost it. */
  write(line: number, from: number, to: number): void {
    for (let loss = this.first[line]; loss !== NONE; loss = this.next[loss]) {
      if (this.row[loss] !== AWAY) continue;
      for (let word = from >>> 5; word <= (to - 1) >>> 5; word++) {
        this.written[loss * this.words + word] |= bitsOf(word, from, to);
      }
    }
  }

  /** Leaves the misses not told yet as they are counted now. */
  settle(): void {
    for (let line = 0; line < this.first.length; line++) {
      for (let loss = this.first[line]; loss !== NONE; ) {
        const after = this.next[loss];
        if (this.row[loss] !== AWAY) this.remove(line, loss);
        loss = after;
      }
    }
  }

  clear(): void {
    this.first.fill(NONE);
    this.free = NONE;
    this.freeLosses = 0;
    for (let loss = this.next.length - 1; loss >= 1; loss--) this.giveBack(loss);
  }

  private find(line: number, core: number): number {
    let loss = this.first[line];
    while (loss !== NONE && this.core[loss] !== core) loss = this.next[loss];
    return loss;
  }

  private remove(line: number, loss: number): void {
    if (this.first[line] === loss) this.first[line] = this.next[loss];
    else {
      let before = this.first[line];
      while (this.next[before] !== loss) before = this.next[before];
      this.next[before] = this.next[loss];
    }
    this.giveBack(loss);
  }

  private giveBack(loss: number): void {
    this.next[loss] = this.free;
    this.free = loss;
    this.freeLosses++;
  }
}

/** The bits of a word that stand for the bytes from…to−1 of a line; some do. */
function bitsOf(word: number, from: number, to: number): number {
  const low = Math.max(from - word * 32, 0);
  const bits = Math.min(to - word * 32, 32) - low;
  return bits === 32 ? -1 : ((1 << bits) - 1) << low;
}
