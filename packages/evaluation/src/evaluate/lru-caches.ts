// LruCaches: equal set-associative caches, one for each core, by one piece of code. A CacheSim compiles code for each simulation, which
// suits one that plays batches; here each access waits for what the one before found, and there may be 256 cores.
import type { Geometry } from '@idspace/cache-sim';

/** The tag of an empty place. */
const EMPTY = -1;

/** The least recently used line of a set makes room. Addresses are below 2³¹ × size / ways: with 64 sets of 64 bytes that is 2⁴³. */
export class LruCaches {
  private readonly sets: number;
  /** 1 / sets: exact, as the sets are a power of two. */
  private readonly perSet: number;
  private readonly ways: number;
  /** Line number / sets of each place, the latest of a set first. Int32Array, shape [caches × sets × ways]. */
  private readonly tags: Int32Array;

  constructor({ size, ways, line }: Geometry, caches: number) {
    this.sets = size / (ways * line);
    this.perSet = 1 / this.sets;
    this.ways = ways;
    this.tags = new Int32Array(caches * this.sets * ways).fill(EMPTY);
  }

  /** A cache uses a line, which is there afterwards. @param line Address / bytes of a line. @returns Whether it was there. */
  use(cache: number, line: number): boolean {
    const { sets, ways, tags } = this;
    const set = line & (sets - 1);
    const tag = (line * this.perSet) | 0;
    const first = (cache * sets + set) * ways;
    let tagBefore = tags[first];
    if (tagBefore === tag) return true;
    tags[first] = tag;
    for (let place = first + 1; place < first + ways; place++) {
      const moved = tags[place];
      tags[place] = tagBefore;
      if (moved === tag) return true;
      tagBefore = moved;
    }
    return false;
  }

  /** Uses the lines first…last. @returns Whether all of them were there. */
  useAll(cache: number, first: number, last: number): boolean {
    let hit = this.use(cache, first);
    for (let line = first + 1; line <= last; line++) hit = this.use(cache, line) && hit;
    return hit;
  }

  /**
   * Uses the lines of accesses one after the other in the first cache.
   *
   * @param level What is put into `levels` where all lines are there. @param firsts By place: the first line. @param lasts The last one.
   * @param places Of the accesses; those that were not served are moved to the front. @param length How many. @returns How many were not.
   */
  serve(
    level: number,
    firsts: Float64Array,
    lasts: Float64Array,
    places: Int32Array,
    length: number,
    levels: Uint8Array,
  ): number {
    let missed = 0;
    for (let i = 0; i < length; i++) {
      const place = places[i];
      if (this.useAll(0, firsts[place], lasts[place])) levels[place] = level;
      else places[missed++] = place;
    }
    return missed;
  }

  /** Uses lines one after the other. @returns How many were not there: they are moved to the front, in their order. */
  useEach(cache: number, lines: Float64Array, length: number): number {
    const { sets, perSet, ways, tags } = this;
    let missed = 0;
    each: for (let at = 0; at < length; at++) {
      const line = lines[at];
      const set = line & (sets - 1);
      const tag = (line * perSet) | 0;
      const first = (cache * sets + set) * ways;
      const end = first + ways;
      let tagBefore = tags[first];
      if (tagBefore === tag) continue;
      tags[first] = tag;
      for (let place = first + 1; place < end; place++) {
        const moved = tags[place];
        tags[place] = tagBefore;
        if (moved === tag) continue each;
        tagBefore = moved;
      }
      lines[missed++] = line;
    }
    return missed;
  }

  /** Copies the lines that a cache holds: Float64Array, shape [sets × ways], address / line; −1 where there is none. */
  lines(cache: number): Float64Array {
    const { sets, ways, tags } = this;
    const places = sets * ways;
    return Float64Array.from({ length: places }, (_, place) => {
      const tag = tags[cache * places + place];
      return tag === EMPTY ? -1 : tag * sets + Math.floor(place / ways);
    });
  }
}
