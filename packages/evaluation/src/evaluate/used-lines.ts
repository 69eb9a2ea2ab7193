// UsedLines: how many bytes of a line are used while it is in the first cache of a core. As CacheSim's option `usage` counts, for many cores
// by one piece of code.
import type { Geometry } from '@idspace/cache-sim';

/** The tag of an empty place. */
const EMPTY = -1;

/** Equal caches, the least recently used line of a set makes room; addresses as in LruCaches. */
export class UsedLines {
  private readonly sets: number;
  /** 1 / sets: exact, as the sets are a power of two. */
  private readonly perSet: number;
  private readonly ways: number;
  private readonly lineBytes: number;
  /** Int32 words of a line's bits. */
  private readonly words: number;
  /** Line number / sets, the latest of a set first. Int32Array, shape [caches × sets × ways]. */
  private readonly tags: Int32Array;
  /** Which of its set's records is the line's; as `tags`. Uint8Array. */
  private readonly records: Uint8Array;
  /** Bytes that were used, a bit for each. Int32Array, shape [caches × sets × ways records × words]. */
  private readonly used: Int32Array;
  /** 1 where the line came since the last reset. Uint8Array, shape [records]. */
  private readonly counted: Uint8Array;
  private lines = 0;
  private bytes = 0;

  constructor({ size, ways, line }: Geometry, caches: number) {
    this.sets = size / (ways * line);
    this.perSet = 1 / this.sets;
    this.ways = ways;
    this.lineBytes = line;
    this.words = Math.ceil(line / 32);
    const places = caches * this.sets * ways;
    this.tags = new Int32Array(places).fill(EMPTY);
    this.records = Uint8Array.from({ length: places }, (_, place) => place % ways);
    this.used = new Int32Array(places * this.words);
    this.counted = new Uint8Array(places);
  }

  /** A core accesses bytes. */
  use(cache: number, address: number, bytes: number): void {
    const { lineBytes } = this;
    const first = Math.floor(address / lineBytes);
    const from = address - first * lineBytes;
    if (from + bytes <= lineBytes) {
      this.useLine(cache, first, from, from + bytes);
      return;
    }
    const end = address + bytes;
    for (let line = first; line * lineBytes < end; line++) {
      const start = line * lineBytes;
      this.useLine(cache, line, Math.max(address - start, 0), Math.min(end - start, lineBytes));
    }
  }

  /** Counts the lines that come from now on. */
  reset(): void {
    this.lines = this.bytes = 0;
    this.counted.fill(0);
  }

  /** Bytes used of a line that came in while it was there, mean; 0 when none came. */
  get mean(): number {
    return this.lines === 0 ? 0 : this.bytes / this.lines;
  }

  private useLine(cache: number, line: number, from: number, to: number): void {
    const { sets, words, used, counted } = this;
    const set = line & (sets - 1);
    const first = (cache * sets + set) * this.ways;
    const record = first + this.recordOf(first, (line * this.perSet) | 0);
    for (let at = from; at < to; ) {
      const end = Math.min(to, (at & ~31) + 32);
      const word = record * words + (at >>> 5);
      // Bits at…end−1 of their word that are not set yet: shifts are modulo 32.
      let fresh = ((-1 >>> (at - end)) << at) & ~used[word];
      used[word] |= fresh;
      if (counted[record] === 1) for (; fresh !== 0; fresh &= fresh - 1) this.bytes++;
      at = end;
    }
  }

  /** Makes a line the latest of its set. @param first The set's first place. @returns Its record in the set. */
  private recordOf(first: number, tag: number): number {
    const { ways, tags, records } = this;
    if (tags[first] === tag) return records[first];
    const end = first + ways;
    let place = first + 1;
    while (place < end && tags[place] !== tag) place++;
    const isThere = place < end;
    if (!isThere) place--;
    const record = records[place];
    for (; place > first; place--) {
      tags[place] = tags[place - 1];
      records[place] = records[place - 1];
    }
    tags[first] = tag;
    records[first] = record;
    if (!isThere) this.replace(first + record);
    return record;
  }

  /** A line leaves, another comes. */
  private replace(record: number): void {
    for (let word = record * this.words; word < (record + 1) * this.words; word++) this.used[word] = 0;
    this.counted[record] = 1;
    this.lines++;
  }
}
