// PtyIndices: indices of pseudoterminals in one devpts instance.
// Reference: Linux fs/devpts/inode.c (v6.18), devpts_new_index.
import { Ida } from '@idspace/xarray';
import { ENOSPC } from './errno.ts';
import { checkInteger, checkKeys } from './misuse.ts';

/** kernel.pty.max, as kernels have it unless told otherwise. */
export const PTY_MAX = 4096;
const MOST = 2 ** 20;

/**
 * Indices of pseudoterminals: always the lowest free one. There is no way to ask for another.
 *
 * Source: devpts_new_index, devpts_kill_index, v6.18.
 */
export class PtyIndices {
  private readonly ids = new Ida();
  private readonly max: number;

  /**
   * @param options.max How many there may be, 0…2²⁰; default {@link PTY_MAX}.
   * @throws RangeError for an unknown option or a limit out of range.
   */
  constructor(options: { max?: number | undefined } = {}) {
    const { max = PTY_MAX } = checkKeys(options, 'max');
    checkInteger(max, 'max', 0, MOST);
    this.max = max;
  }

  /** Pseudoterminals open now. */
  get size(): number {
    return this.ids.size;
  }

  /**
   * Opens ptmx.
   *
   * @returns The index; −ENOSPC if there are as many as allowed.
   */
  open(): number {
    const index = this.max === 0 ? -1 : this.ids.allocate(0, this.max - 1);
    return index < 0 ? -ENOSPC : index;
  }

  /** Closes one, master and slaves. Returns whether it was open. */
  close(index: number): boolean {
    return this.ids.free(index);
  }

  /** Whether one is open. */
  has(index: number): boolean {
    return this.ids.has(index);
  }
}
