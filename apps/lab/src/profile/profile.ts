// What a profile holds: counts by line of source, by array, and by place within arrays.
import type { CacheStats } from '@idspace/cache-sim';

/** The counts of cg_annotate: data reads and writes, and how many of each missed the first and the last level. */
export type Counts = Pick<CacheStats, 'Dr' | 'D1mr' | 'DLmr' | 'Dw' | 'D1mw' | 'DLmw'>;

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

/** What the program's process leaves behind. */
export interface Profile {
  node: string;
  accesses: number;
  totals: Counts;
  lines: LineProfile[];
  arrays: ArrayProfile[];
  /** Places in the source whose accesses were not seen. */
  unseen: number;
}

/** What the program's process is told. */
export interface ProfileOrder {
  /** Options of the simulator. */
  caches: object;
  /** Where the profile is to be written. */
  output: string;
  /** A file: the program ends as soon as it is there. */
  stop: string;
  /** A regular expression: files that are instrumented. */
  only?: string;
}

/** The variable of the environment that holds the order. */
export const ORDER = 'IDSPACE_PROFILE';

/** Parts of an array for which misses are counted. */
export const PLACES = 64;

export function missesOf({ D1mr, D1mw }: Counts): number {
  return D1mr + D1mw;
}
