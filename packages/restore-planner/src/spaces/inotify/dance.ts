// The calls by which CRIU gets the watch descriptors of one file.
import { INT_MAX } from '../../int-max.ts';

/** What a dance to the watches of one file makes. */
export interface Dance {
  /** SETNEXTWD calls. */
  asks: number;
  /** inotify_add_watch and inotify_rm_watch. */
  creates: number;
  deletes: number;
  /** Why it ends early; `got` is what the kernel gave, null if it gave nothing or CRIU says nothing of it. */
  fault: { code: 'watch-twice' | 'watch-range'; wd: number; got: number | null } | null;
}

/**
 * Counts the calls without making them.
 *
 * @param wds In any order.
 * @param asks Whether the kernel can be told the next descriptor; else watches are added and removed until it comes.
 * Cost: O(n log n) in the number of watches.
 */
export function danceTo(wds: readonly number[], asks: boolean): Dance {
  const dance: Dance = { asks: 0, creates: 0, deletes: 0, fault: null };
  let last = 0;
  for (const wd of Float64Array.from(wds).sort()) {
    if (wd < 1 || wd > INT_MAX || wd === last) {
      dance.fault = {
        code: wd === last && wd > 0 ? 'watch-twice' : 'watch-range',
        wd,
        got: asks || wd > INT_MAX ? null : last + 1,
      };
      return dance;
    }
    if (asks) dance.asks++;
    const skipped = asks ? 0 : wd - last - 1;
    dance.creates += skipped + 1;
    dance.deletes += skipped;
    last = wd;
  }
  return dance;
}
