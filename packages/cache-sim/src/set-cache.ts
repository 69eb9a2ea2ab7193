// One set-associative cache that also knows of each line whether it is dirty, whether it was prefetched, and when it was used.
import type { Level, Policy } from './options.ts';

/** The tag of an empty place; line numbers are not negative. */
export const EMPTY: number = -1;
/** Flags of a line. */
export const DIRTY = 1;
export const PREFETCHED = 2;

/** Tags, flags and the order of replacement; what follows from a miss is the caller's. */
export class SetCache {
  readonly level: Readonly<Level>;
  readonly ways: number;
  readonly lineBytes: number;
  /** Line number (address / line) of each place. Float64Array, shape [sets × ways], EMPTY where there is none. */
  readonly tags: Float64Array;
  /** Uint8Array, shape [sets × ways]. */
  readonly flags: Uint8Array;
  /** Line and flags that the last `insert` pushed out; EMPTY for none. */
  evicted: number = EMPTY;
  evictedFlags = 0;
  private readonly policy: Policy;
  private readonly setMask: number;
  /** lru: when last used, fifo: when brought in. Float64Array, shape [sets × ways]. */
  private readonly stamps: Float64Array;
  /** The place that was found or filled last, by set: most accesses are to it. Int32Array, shape [sets]. */
  private readonly latest: Int32Array;
  /** plru: bit n is node n of the set's tree (1 is the root), set when its upper half is the older. Int32Array, shape [sets]. */
  private readonly trees: Int32Array;
  private readonly seed: number;
  private clock = 0;
  private random: number;

  constructor(level: Level, policy: Policy, seed: number) {
    this.level = level;
    this.policy = policy;
    this.ways = level.ways;
    this.lineBytes = level.line;
    const sets = level.size / (level.ways * level.line);
    this.setMask = sets - 1;
    const places = sets * this.ways;
    this.tags = new Float64Array(places).fill(EMPTY);
    this.flags = new Uint8Array(places);
    this.stamps = new Float64Array(policy === 'lru' || policy === 'fifo' ? places : 0);
    this.latest = Int32Array.from({ length: sets }, (_, set) => set * this.ways);
    this.trees = new Int32Array(policy === 'plru' ? sets : 0);
    this.seed = seed;
    this.random = firstRandom(seed);
  }

  /** Returns the place of a line, or −1. */
  find(line: number): number {
    const { tags, ways, latest } = this;
    const set = (line | 0) & this.setMask;
    if (tags[latest[set]] === line) return latest[set];
    const first = set * ways;
    for (let place = first; place < first + ways; place++) {
      if (tags[place] === line) return (latest[set] = place);
    }
    return -1;
  }

  /** Makes the line at a place its set's latest, where the policy looks at uses. */
  use(place: number): void {
    if (this.policy === 'lru') this.stamps[place] = ++this.clock;
    else if (this.policy === 'plru') this.pointAway(place);
  }

  /** Brings in a line that is not there, and leaves what it pushed out in `evicted`. Returns its place. */
  insert(line: number, flags: number): number {
    const set = (line | 0) & this.setMask;
    const place = this.victim(set * this.ways);
    this.latest[set] = place;
    this.evicted = this.tags[place];
    this.evictedFlags = this.flags[place];
    this.tags[place] = line;
    this.flags[place] = flags;
    if (this.policy === 'plru') this.pointAway(place);
    else if (this.policy !== 'random') this.stamps[place] = ++this.clock;
    return place;
  }

  /** Empties a place. */
  remove(place: number): void {
    this.tags[place] = EMPTY;
    this.flags[place] = 0;
  }

  clear(): void {
    this.tags.fill(EMPTY);
    this.flags.fill(0);
    this.trees.fill(0);
    this.random = firstRandom(this.seed);
  }

  /** The place that a new line takes: the tree's choice, or else the first empty place, or else the policy's choice. */
  private victim(first: number): number {
    if (this.policy === 'plru') return first + this.oldestLeaf(first / this.ways);
    const { tags, stamps, ways } = this;
    let oldest = first;
    for (let place = first; place < first + ways; place++) {
      if (tags[place] === EMPTY) return place;
      if (stamps[place] < stamps[oldest]) oldest = place;
    }
    if (this.policy !== 'random') return oldest;
    this.random = nextRandom(this.random);
    return first + randomBelow(this.random, ways);
  }

  private oldestLeaf(set: number): number {
    const tree = this.trees[set];
    let node = 1;
    while (node < this.ways) node = 2 * node + ((tree >>> node) & 1);
    return node - this.ways;
  }

  /** Turns the nodes above a place to the other side. */
  private pointAway(place: number): void {
    const set = Math.floor(place / this.ways);
    let tree = this.trees[set];
    for (let node = this.ways + place - set * this.ways; node > 1; node >>= 1) {
      if (node & 1) tree &= ~(1 << (node >> 1));
      else tree |= 1 << (node >> 1);
    }
    this.trees[set] = tree;
  }
}

/** The generator's first state: any 32 bits but 0. */
export function firstRandom(seed: number): number {
  return Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
}

/** The next state of the generator (xorshift32: every value but 0, once in 2³² − 1 steps). */
export function nextRandom(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  return x ^ (x << 5);
}

/** 0…n−1 from a state. */
export function randomBelow(state: number, n: number): number {
  return Math.floor((state >>> 0) * 2 ** -32 * n);
}
