// What a profile holds: counts by line of source, by array, and by place within arrays.
import type { CacheStats } from '@idspace/cache-sim';

/** The counts of cg_annotate: data reads and writes, and how many of each missed the first and the last level. */
export type CacheCounts = Pick<CacheStats, 'Dr' | 'D1mr' | 'DLmr' | 'Dw' | 'D1mw' | 'DLmw'>;

/** Those, and what threads do to each other; 0 in a program of one thread. */
export interface Counts extends CacheCounts {
  /** Misses on cache lines that another thread's write had taken away. */
  coherenceMisses: number;
  /** Copies of cache lines that writes took from other threads. */
  invalidations: number;
}

/** One line of a file. */
export interface LineProfile extends Counts {
  file: string;
  line: number;
  /** What was accessed there, by the names that it has there. */
  arrays: string[];
  /** How the place in the line that misses most goes through memory; null where no step is common. */
  walk: Walk | null;
}

/** A place whose accesses lie as far apart from each other, three quarters of them or more. */
export interface Walk {
  array: string;
  /** Bytes from one access to the next at another address. */
  step: number;
  accesses: number;
  misses: number;
}

/** One array, or all that were met first under the same name. */
export interface ArrayProfile extends Counts {
  file: string;
  name: string;
  /** How many arrays that is. */
  count: number;
  /** Bytes of the largest one's buffer. */
  bytes: number;
  /** D1 misses in that one, by place: 64 parts of the same size, from its beginning. */
  places: number[];
}

/** A cache line that goes from thread to thread. */
export interface SharedLineProfile {
  /** The array that begins it, and the byte in its buffer at which the line begins. */
  array: string;
  offset: number;
  /** Coherence misses that went on to use what another thread had written, and those that did not. */
  trueSharing: number;
  falseSharing: number;
  invalidations: number;
  places: SharingPlace[];
}

/** A place in the source at which a thread takes part in that: most coherence misses and invalidations first. */
export interface SharingPlace {
  thread: number;
  file: string;
  line: number;
  array: string;
  /** Bytes of the cache line that it used: from…to − 1. */
  from: number;
  to: number;
  coherenceMisses: number;
  invalidations: number;
}

/** A thread of the program. */
export interface ThreadProfile {
  /** 0 the main one; workers in the order in which they were made. */
  thread: number;
  accesses: number;
}

/** What a program's memory accesses come to. Plain data, ready for JSON; the same each time for a program that does the same. */
export interface Profile {
  /** The Node.js that ran it, as process.version says. */
  node: string;
  /** To elements of typed arrays and DataViews, of all threads. */
  accesses: number;
  totals: Counts;
  /** Those that accessed any, most D1 misses first. */
  lines: LineProfile[];
  /** The same of arrays. */
  arrays: ArrayProfile[];
  /** Places in the source whose accesses were not seen. */
  unseen: number;
  /** Those that accessed typed arrays; empty where the main one is alone. */
  threads: ThreadProfile[];
  /** The cache lines that threads take from each other most, at most 20. */
  sharedLines: SharedLineProfile[];
  /** Whether the threads made more accesses than are kept: the rest is not counted. */
  isCut: boolean;
}

/** Parts of an array for which misses are counted. */
export const PLACES = 64;

/** Returns the accesses that missed the first-level data cache. */
export function missesOf({ D1mr, D1mw }: Counts): number {
  return D1mr + D1mw;
}
