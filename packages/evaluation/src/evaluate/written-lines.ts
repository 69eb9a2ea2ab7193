// WrittenLines: which lines a core has written that others have not had since. What has left the writer's caches is forgotten, so
// that what is kept is bounded by the caches of all cores, however much memory a workload uses.

/** No line is there. */
const FREE = -1;
const FIRST_PLACES = 1 << 10;

/** The written lines of cores that each hold so many. */
export class WrittenLines {
  /** Accesses after which a written line has left the caches of its writer. */
  private readonly capacity: number;
  /** Int32 words of a set of cores. */
  private readonly words: number;
  /** By core: accesses so far. */
  private readonly accesses: Float64Array;
  /** Open addressing, at most half full. Float64Array, shape [places], a line or FREE. */
  private lines: Float64Array;
  /** The core that wrote it last. Int16Array, shape [places]. */
  private writer: Int16Array;
  /** How many accesses the writer had made. Float64Array, shape [places]. */
  private at: Float64Array;
  /** Which others have had it since. Int32Array, shape [places × words], one bit for each core. */
  private holders: Int32Array;
  private size = 0;

  /** @param cores 1…. @param capacity Lines in the caches of one. */
  constructor(cores: number, capacity: number) {
    this.capacity = capacity;
    this.words = (cores + 31) >>> 5;
    this.accesses = new Float64Array(cores);
    this.lines = new Float64Array(FIRST_PLACES).fill(FREE);
    this.writer = new Int16Array(FIRST_PLACES);
    this.at = new Float64Array(FIRST_PLACES);
    this.holders = new Int32Array(FIRST_PLACES * this.words);
  }

  /** Bytes that all of it takes. */
  get byteLength(): number {
    const { lines, writer, at, holders } = this;
    return lines.byteLength + writer.byteLength + at.byteLength + holders.byteLength;
  }

  /** A core makes accesses. */
  step(core: number, accesses = 1): void {
    this.accesses[core] += accesses;
  }

  /** A core reads or writes a line. @returns Whether another core wrote it since this one had it, and still holds it. */
  use(core: number, line: number, isWrite: boolean): boolean {
    const { words } = this;
    let place = this.placeOf(line);
    const isWritten = this.lines[place] === line;
    const word = place * words + (core >>> 5);
    const isHeld = this.writer[place] === core || (this.holders[word] & (1 << core)) !== 0;
    const isElsewhere = isWritten && !isHeld && this.isFresh(place);
    if (isWrite) {
      if (!isWritten) place = this.add(line, place);
      this.lines[place] = line;
      this.writer[place] = core;
      this.at[place] = this.accesses[core];
      this.holders.fill(0, place * words, (place + 1) * words);
    } else if (isWritten) this.holders[word] |= 1 << core;
    return isElsewhere;
  }

  /** Makes room for one more line. @param place Where it belongs as it is. @returns Where it belongs then. */
  private add(line: number, place: number): number {
    this.size++;
    if (2 * this.size <= this.lines.length) return place;
    this.forget();
    this.size++;
    return this.placeOf(line);
  }

  private isFresh(place: number): boolean {
    return this.accesses[this.writer[place]] - this.at[place] < this.capacity;
  }

  /** Keeps what writers still hold, in twice the room where that is more than a quarter of the places. */
  private forget(): void {
    const { lines, writer, at, holders, words } = this;
    const fresh: number[] = [];
    for (let place = 0; place < lines.length; place++) {
      if (lines[place] !== FREE && this.isFresh(place)) fresh.push(place);
    }
    const places = 4 * fresh.length > lines.length ? 2 * lines.length : lines.length;
    this.lines = new Float64Array(places).fill(FREE);
    this.writer = new Int16Array(places);
    this.at = new Float64Array(places);
    this.holders = new Int32Array(places * words);
    this.size = fresh.length;
    for (const old of fresh) {
      const place = this.placeOf(lines[old]);
      this.lines[place] = lines[old];
      this.writer[place] = writer[old];
      this.at[place] = at[old];
      this.holders.set(holders.subarray(old * words, (old + 1) * words), place * words);
    }
  }

  /** The place a line is at or belongs to. */
  private placeOf(line: number): number {
    const { lines } = this;
    const mask = lines.length - 1;
    const upper = Math.floor(line / 2 ** 32);
    const hash = Math.imul((line | 0) ^ Math.imul(upper, 0x85eb_ca6b), 0x9e37_79b1);
    // The upper bits, as many as number the places.
    let place = hash >>> (Math.clz32(lines.length) + 1);
    for (; lines[place] !== line && lines[place] !== FREE; place = (place + 1) & mask);
    return place;
  }
}
