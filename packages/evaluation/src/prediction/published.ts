// What T. Gleixner measured in 2025: the table of the cover letter "posix-timers: Rework the global hash table and provide a sane
// mechanism for CRIU", 24 February 2025, which is also the changelog of 1535cb80286e. Milliseconds, as printed.
import type { DesignName } from '@idspace/posix-timers';

/** Where the table is from. */
export const PUBLISHED_SOURCE =
  'T. Gleixner, "posix-timers: Rework the global hash table and provide a sane mechanism for CRIU", V1 00/11, 24 Feb 2025';

/** The columns: what the letter calls them, and which design each is. */
export const PUBLISHED_DESIGNS: Readonly<Record<PublishedDesign, string>> = {
  'hash-512': 'mainline',
  'hash-512-precheck': 'Eric',
  'hash-scaled': 'newhash',
  xarray: 'xarray',
};
/** A design that is in the table. */
export type PublishedDesign = Extract<DesignName, 'hash-512' | 'hash-512-precheck' | 'hash-scaled' | 'xarray'>;

/** What was timed: timer_create, and timer_getoverrun, which is a lookup and little else. */
export type PublishedOperation = 'create' | 'getoverrun';

/** A row of the table. */
export interface PublishedRow {
  /** Threads of the one process. */
  threads: number;
  /** Of each thread. */
  timers: number;
  /** For all timers of a thread, ms; the mean over the threads. */
  ms: Record<PublishedOperation, Record<PublishedDesign, number>>;
}

/** The first row calibrates the model; the others are predicted. */
export const PUBLISHED: readonly PublishedRow[] = [
  {
    threads: 1,
    timers: 20_000,
    ms: {
      create: { 'hash-512': 23, 'hash-512-precheck': 23, 'hash-scaled': 9, xarray: 8 },
      getoverrun: { 'hash-512': 14, 'hash-512-precheck': 14, 'hash-scaled': 5, xarray: 4 },
    },
  },
  {
    threads: 1,
    timers: 100_000,
    ms: {
      create: { 'hash-512': 313, 'hash-512-precheck': 750, 'hash-scaled': 48, xarray: 33 },
      getoverrun: { 'hash-512': 261, 'hash-512-precheck': 260, 'hash-scaled': 20, xarray: 14 },
    },
  },
  {
    threads: 63,
    timers: 20_000,
    ms: {
      create: { 'hash-512': 180_239, 'hash-512-precheck': 38_599, 'hash-scaled': 579, xarray: 813 },
      getoverrun: { 'hash-512': 2645, 'hash-512-precheck': 2642, 'hash-scaled': 32, xarray: 7 },
    },
  },
];
