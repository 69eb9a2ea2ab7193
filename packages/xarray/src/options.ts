// The options of an XArray.
import type { AllocBase } from './free-hint.ts';
import { checkKeys, refused } from './misuse.ts';
import { FIRST_NODE, MAX_NODES } from './node-layout.ts';

/** Options of {@link XArray}. */
export interface XArrayOptions {
  /** Lets `alloc` hand out indices: from 0 on, or from 1 on (index 0 is never allocated). */
  alloc?: 'from0' | 'from1' | undefined;
  /** Nodes (320 bytes each) to make room for at the start; by default for none. The first entry makes room for 2, which doubles when needed. */
  capacity?: number | undefined;
}

/** Options of {@link XArray.from}. */
export interface FromOptions {
  /**
   * Says that `snapshot` wrote these bytes and that they were not changed since, so that it is enough to check header and checksum: they
   * find every accident, but not a forgery. On a forged snapshot, calls could return wrong results or never return.
   */
  trusted?: boolean | undefined;
}

/** Checks the options of an array. */
export function readOptions(owner: string, options: XArrayOptions): { base: AllocBase; capacity: number } {
  const call = `new ${owner}`;
  const { alloc, capacity = 0 } = checkKeys(call, 'options', options, 'alloc, capacity');
  if (alloc !== undefined && alloc !== 'from0' && alloc !== 'from1')
    throw refused(call, 'alloc', alloc, "'from0' or 'from1'");
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_NODES - FIRST_NODE) {
    throw refused(call, 'capacity', capacity, `an integer 0…${MAX_NODES - FIRST_NODE}`);
  }
  return { base: alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1, capacity };
}
