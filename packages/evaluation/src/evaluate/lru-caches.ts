// LruCaches: equal set-associative caches, one for each core, by one piece of code. A CacheSim compiles code for each simulation, which
// suits one that plays batches; here each access waits for what the one before found, and there may be 256 cores.
import type { Geometry } from '@idspace/cache-sim';

/** The tag of an empty place. */
const EMPTY = -1;

/** What `useEach` puts in the place of a line that was there. */
export const SERVED = -1;

/** Accesses by their lines. */
export interface Accesses {
  /** The first and the last line of each: address / bytes of a line. Float64Array, shape [≥ length]. */
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  /** What serves each. Uint8Array, shape [≥ length]. */
  readonly levels: Uint8Array;
  readonly length: number;
}

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
    const end = first + ways;
    let place = first + 1;
    // Four at a time: most lines are looked for in vain in all places of a set, and V8 unrolls no loop.
    for (; place + 3 < end; place += 4) {
      const a = tags[place];
      tags[place] = tagBefore;
      if (a === tag) return true;
      const b = tags[place + 1];
      tags[place + 1] = a;
      if (b === tag) return true;
      const c = tags[place + 2];
      tags[place + 2] = b;
      if (c === tag) return true;
      tagBefore = tags[place + 3];
      tags[place + 3] = c;
      if (tagBefore === tag) return true;
    }
    for (; place < end; place++) {
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
   * @param level What is put into `levels` where all lines are there.
   * @param places Of the accesses; those that were not served are moved to the front. @param length How many. @returns How many were not.
   */
  serve(level: number, { firsts, lasts, levels }: Accesses, places: Int32Array, length: number): number {
    let missed = 0;
    let latest = -1;
    for (let i = 0; i < length; i++) {
      const place = places[i];
      const first = firsts[place];
      const last = lasts[place];
      // The line that was used last is the latest of its set already.
      if ((first === latest && last === latest) || this.useAll(0, first, last)) levels[place] = level;
      else places[missed++] = place;
      latest = last;
    }
    return missed;
  }

  /** Uses lines one after the other; those that are there become `SERVED`, and those that are `SERVED` already are left out. */
  useEach(cache: number, lines: Float64Array, length: number): void {
    for (let at = 0; at < length; at++) {
      const line = lines[at];
      if (line !== SERVED && this.use(cache, line)) lines[at] = SERVED;
    }
  }

  /**
   * Uses many lines one after the other in the first cache, without telling which of them were there. Only the last different ones of each
   * set stay, so that they are looked for from the end.
   */
  useMany(lines: Float64Array, length: number): void {
    const { sets, perSet, ways, tags } = this;
    const latest = new Int32Array(sets * ways);
    const found = new Uint16Array(sets);
    for (let at = length - 1, missing = sets; at >= 0 && missing > 0; at--) {
      const line = lines[at];
      const set = line & (sets - 1);
      const first = set * ways;
      const end = first + found[set];
      if (end === first + ways) continue;
      const tag = (line * perSet) | 0;
      let place = first;
      while (place < end && latest[place] !== tag) place++;
      if (place < end) continue;
      latest[end] = tag;
      if (++found[set] === ways) missing--;
    }
    // Behind them stay those that were there before.
    for (let set = 0; set < sets; set++) {
      const first = set * ways;
      const fresh = first + found[set];
      let end = fresh;
      for (let old = first; end < first + ways; old++) {
        let place = first;
        while (place < fresh && latest[place] !== tags[old]) place++;
        if (place === fresh) latest[end++] = tags[old];
      }
    }
    tags.set(latest);
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

/** Puts into `levels` which of one core's caches serves each access, their number where none does: cache by cache, as none waits for another. */
export function serveAll(caches: readonly LruCaches[], accesses: Accesses): void {
  const { length, levels } = accesses;
  const places = new Int32Array(length);
  for (let at = 0; at < length; at++) places[at] = at;
  let missed = length;
  for (const [level, cache] of caches.entries()) missed = cache.serve(level, accesses, places, missed);
  for (let i = 0; i < missed; i++) levels[places[i]] = caches.length;
}
