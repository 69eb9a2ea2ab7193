// References: what operations refer to, in the order in which they do. They are kept until the caches see them together: one loop goes
// over all of them for each cache, which takes half the time of going through all caches for each of them.
import type { Tally } from './tally.ts';

/** Kinds of references. */
export const READ = 0;
export const WRITE = 1;
export const ATOMIC = 2;
export const ACQUIRE = 3;
export const RELEASE = 4;

/** References that are kept at most. */
export const MOST = 4096;

/** References of one core that are counted in one tally. */
interface Run {
  readonly core: number;
  readonly tally: Tally;
  /** Whether an operation begins here, or goes on that had begun before. */
  readonly isNew: boolean;
  /** Its first reference. */
  readonly from: number;
}

export class References {
  /** Uint8Array, shape [references]. */
  readonly kinds: Uint8Array = new Uint8Array(MOST);
  /** The object that holds what is referred to, see `ReferenceSink.read`. Float64Array, shape [references]. */
  readonly objects: Float64Array = new Float64Array(MOST);
  /** Float64Array, shape [references]. */
  readonly addresses: Float64Array = new Float64Array(MOST);
  /** The first and the last line of each. Float64Array, shape [references]. */
  readonly firsts: Float64Array = new Float64Array(MOST);
  readonly lasts: Float64Array = new Float64Array(MOST);
  /** Int32Array, shape [references]. */
  readonly bytes: Int32Array = new Int32Array(MOST);
  /** The part of the design, its place in `CATEGORIES`. Uint8Array, shape [references]. */
  readonly categories: Uint8Array = new Uint8Array(MOST);
  /** Of ACQUIRE and RELEASE: the lock, its place in `LOCKS`. Uint8Array, shape [references]. */
  readonly locks: Uint8Array = new Uint8Array(MOST);
  /** What serves each; the caches write it. Uint8Array, shape [references]. */
  readonly levels: Uint8Array = new Uint8Array(MOST);
  length = 0;
  /** In their order; at least one. */
  runs: Run[];
  private readonly line: number;

  /** @param line Bytes of a line. */
  constructor(tally: Tally, line: number) {
    this.line = line;
    this.runs = [{ core: 0, tally, isNew: false, from: 0 }];
  }

  get isFull(): boolean {
    return this.length === MOST;
  }

  /** An operation begins. */
  begin(core: number, tally: Tally): void {
    this.runs.push({ core, tally, isNew: true, from: this.length });
  }

  /** Adds a reference; there must be room. */
  add(kind: number, object: number, address: number, bytes: number, category: number, lock: number): void {
    const at = this.length++;
    this.kinds[at] = kind;
    this.objects[at] = object;
    this.addresses[at] = address;
    this.bytes[at] = bytes;
    this.firsts[at] = Math.floor(address / this.line);
    this.lasts[at] = Math.floor((address + bytes - 1) / this.line);
    this.categories[at] = category;
    this.locks[at] = lock;
  }

  /** Forgets all. The operation that is under way goes on. */
  clear(): void {
    const { core, tally } = this.runs[this.runs.length - 1];
    this.runs = [{ core, tally, isNew: false, from: 0 }];
    this.length = 0;
  }
}
