// WatchDescriptors: the wds of one inotify descriptor.
// Reference: Linux fs/notify/inotify/inotify_user.c (v6.18).

import { CyclicIds } from './cyclic-ids.ts';
import { EINVAL, ENOSPC } from './errno.ts';
import { INT_MAX } from './int-max.ts';
import { checkInteger, checkKeys } from './misuse.ts';

/**
 * Watch descriptors of one inotify descriptor: cyclic from 1, a freed one comes again only after 2³¹−1.
 *
 * Calls return a number or −errno, as the kernel does.
 * Source: inotify_new_watch, inotify_add_to_idr, inotify_ioctl, v6.18.
 */
export class WatchDescriptors {
  private readonly ids = new CyclicIds();
  private readonly max: number;

  /**
   * @param options.max fs.inotify.max_user_watches, as much as is left of it for this descriptor: 0…2³¹−1, the default.
   * @throws RangeError for an unknown option or a limit out of range.
   */
  constructor(options: { max?: number | undefined } = {}) {
    const { max = INT_MAX } = checkKeys(options, 'max');
    checkInteger(max, 'max', 0, INT_MAX);
    this.max = max;
  }

  /** Watches now. */
  get size(): number {
    return this.ids.size;
  }

  /**
   * Adds a watch for an inode that has none yet.
   *
   * One that is refused for the limit has used up its wd: the next gets the one after it.
   * @returns Its wd, 1…2³¹−1; −ENOSPC if the user has as many watches as allowed.
   */
  add(): number {
    const wd = this.ids.allocate(1, INT_MAX);
    if (wd < 0) return -ENOSPC;
    if (this.ids.size <= this.max) return wd;
    this.ids.free(wd);
    return -ENOSPC;
  }

  /**
   * Removes a watch.
   *
   * @returns 0; −EINVAL if there is none of that wd.
   */
  remove(wd: number): number {
    return this.ids.free(wd) ? 0 : -EINVAL;
  }

  /**
   * Says which wd comes next, as the ioctl INOTIFY_IOC_SETNEXTWD does (Linux 4.16, with checkpoint/restore configured).
   *
   * If it is taken, the next free one above comes.
   * @returns 0; −EINVAL outside 1…2³¹−1.
   */
  setNextId(wd: number): number {
    if (!(Number.isInteger(wd) && wd >= 1 && wd <= INT_MAX)) return -EINVAL;
    this.ids.moveTo(wd);
    return 0;
  }
}
