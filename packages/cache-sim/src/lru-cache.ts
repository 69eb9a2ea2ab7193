// One set-associative cache with least-recently-used replacement: each set is a row of tags, the latest used first.
//
// An address comes as its low 32 bits; the rest is its region (4 GiB), announced by `enter`. A tag is the whole line number:
//   narrow  Int32    region's number << (32 − lineShift) | line within the region     (up to 2^lineShift − 1 regions)
//   wide    Float64  address / line, exact below 2⁵³                                  (after `widen`; the same code, slower)
import { checkGeometry, type Geometry } from './geometry.ts';

/** The tag of an empty place. No line has it: narrow tags would need region number 2^lineShift − 1, wide ones are not negative. */
const EMPTY = -1;

/** A cache that a hierarchy is made of. */
export class LruCache {
  readonly geometry: Readonly<Geometry>;
  /** log2 of the line's bytes. */
  private readonly lineShift: number;
  private readonly ways: number;
  private readonly setMask: number;
  private readonly lineMask: number;
  /** Int32Array or, wide, Float64Array, shape [sets × ways]. */
  private tags: Int32Array | Float64Array;
  /** What the current region adds to a line number within it. */
  private regionTag = 0;

  constructor(geometry: Geometry) {
    const sets = checkGeometry(geometry);
    this.geometry = Object.freeze({ ...geometry });
    this.ways = geometry.ways;
    this.setMask = sets - 1;
    this.lineMask = geometry.line - 1;
    this.lineShift = Math.log2(geometry.line);
    this.tags = new Int32Array(sets * geometry.ways).fill(EMPTY);
  }

  /**
   * Makes a region (4 GiB of addresses) the one that `touch` means.
   *
   * @param region Its number in the order of first use when narrow, 0…2^lineShift − 2; address / 2³² when wide.
   */
  enter(region: number): void {
    const regionShift = 32 - this.lineShift;
    this.regionTag = this.tags instanceof Int32Array ? region << regionShift : region * 2 ** regionShift;
  }

  /** Goes over to wide tags; `regions[number]` is address / 2³² of each region used so far. */
  widen(regions: ArrayLike<number>): void {
    const regionShift = 32 - this.lineShift;
    const lineInRegion = 2 ** regionShift - 1;
    this.tags = Float64Array.from(this.tags, (tag) =>
      tag === EMPTY ? EMPTY : regions[tag >>> regionShift]! * 2 ** regionShift + (tag & lineInRegion),
    );
  }

  /**
   * Uses the lines that an access lies on: they become their sets' latest, whether they were there or not.
   *
   * @param low The low 32 bits of the address, signed or not.
   * @param bytes 1 or more; the access ends within the region.
   * @returns true when every line was there.
   */
  touch(low: number, bytes: number): boolean {
    const line = low >>> this.lineShift;
    if ((low & this.lineMask) + bytes - 1 <= this.lineMask) return this.touchLine(line);
    const last = ((low >>> 0) + bytes - 1) >>> this.lineShift;
    let hit = true;
    for (let each = line; each <= last; each++) if (!this.touchLine(each)) hit = false;
    return hit;
  }

  /** Forgets every line. */
  clear(): void {
    this.tags.fill(EMPTY);
  }

  /** Moves one line to the front of its set; what stood before it moves back by one, and on a miss the last falls out. */
  private touchLine(line: number): boolean {
    const tags = this.tags;
    const tag = line + this.regionTag;
    const first = (line & this.setMask) * this.ways;
    let moved = tags[first]!;
    if (moved === tag) return true;
    tags[first] = tag;
    const end = first + this.ways;
    for (let place = first + 1; place < end; place++) {
      const next = tags[place]!;
      tags[place] = moved;
      if (next === tag) return true;
      moved = next;
    }
    return false;
  }
}
