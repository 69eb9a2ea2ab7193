// SysvIds: IDs of System V shared memory, semaphores or message queues in one IPC namespace.
// Reference: Linux ipc/util.c (v6.18).

import { CyclicIds } from './cyclic-ids.ts';
import { EINVAL, ENOSPC } from './errno.ts';
import { INT_MAX } from './int-max.ts';
import { checkInteger, checkKeys } from './misuse.ts';

/** Bits of an ID that name its slot. */
const SLOT_BITS = 15;
/** The same for a kernel booted with ipcmni_extend. */
const EXTENDED_SLOT_BITS = 24;
/** Slots that are taken in turn before the first is taken again. */
const MIN_CYCLE = 64;
const EXTENDED_MIN_CYCLE = 64 * 64;

/**
 * IDs of one kind of System V IPC: slot + sequence × 2¹⁵.
 *
 * Slots are taken in a circle of 64, or of one and a half times the objects there are; the sequence grows with each round.
 * Calls return a number or −errno, as the kernel does.
 *
 * Source: ipc_idr_alloc, ipc_addid, ipc_rmid, ipc/util.c, v6.18.
 */
export class SysvIds {
  private readonly slots = new CyclicIds();
  private readonly sequences = new Map<number, number>();
  private readonly slotBits: number;
  private readonly max: number;
  private sequence = 0;
  private lastSlot = -1;
  private wish = -1;

  /**
   * @param options.extended The kernel was booted with ipcmni_extend.
   * @param options.max kernel.shmmni, kernel.msgmni or the fourth number of kernel.sem; 0…2¹⁵, extended 2²⁴; default: as many as there are slots.
   * @throws RangeError for an unknown option or a limit out of range.
   */
  constructor(options: { extended?: boolean | undefined; max?: number | undefined } = {}) {
    const { extended = false, max = 2 ** (extended ? EXTENDED_SLOT_BITS : SLOT_BITS) } = checkKeys(
      options,
      'extended',
      'max',
    );
    this.slotBits = extended ? EXTENDED_SLOT_BITS : SLOT_BITS;
    this.max = max;
    checkInteger(max, 'max', 0, 2 ** this.slotBits);
  }

  /** Objects now. */
  get size(): number {
    return this.sequences.size;
  }

  /** What kernel.{shm,sem,msg}_next_id shows: the ID asked for next, or −1. */
  get nextId(): number {
    return this.wish;
  }

  /**
   * Writes kernel.{shm,sem,msg}_next_id (Linux 3.8): the next object gets this ID, if its slot is free.
   *
   * @returns 0; −EINVAL outside 0…2³¹−1.
   */
  setNextId(id: number): number {
    if (!(Number.isInteger(id) && id >= 0 && id <= INT_MAX)) return -EINVAL;
    this.wish = id;
    return 0;
  }

  /**
   * Makes an object.
   *
   * Where an ID was asked for, the object gets its sequence and the first free slot from its own up, thus another ID if that slot is
   * taken; the circle does not move.
   * @returns Its ID; −ENOSPC if there are as many as allowed, or no slot is free from the wanted one up (the wish is used up).
   */
  create(): number {
    if (this.sequences.size >= this.max) return -ENOSPC;
    const wish = this.wish;
    const slot = wish < 0 ? this.nextSlot() : this.slots.claim(wish % 2 ** this.slotBits, 2 ** this.slotBits - 1);
    this.wish = -1;
    if (slot < 0) return -ENOSPC;
    const sequence = wish < 0 ? this.sequence : Math.floor(wish / 2 ** this.slotBits);
    this.sequences.set(slot, sequence);
    return slot + sequence * 2 ** this.slotBits;
  }

  /**
   * Removes an object.
   *
   * @returns 0; −EINVAL if there is none of that ID.
   */
  remove(id: number): number {
    if (!Number.isInteger(id)) return -EINVAL;
    const slot = id % 2 ** this.slotBits;
    if (this.sequences.get(slot) !== Math.floor(id / 2 ** this.slotBits)) return -EINVAL;
    this.sequences.delete(slot);
    this.slots.free(slot);
    return 0;
  }

  private nextSlot(): number {
    const cycle = Math.max(
      Math.floor((this.sequences.size * 3) / 2),
      this.slotBits === SLOT_BITS ? MIN_CYCLE : EXTENDED_MIN_CYCLE,
    );
    const slot = this.slots.allocate(0, Math.min(cycle, 2 ** this.slotBits) - 1);
    if (slot < 0) return -1;
    if (slot <= this.lastSlot) this.sequence = (this.sequence + 1) % 2 ** (31 - this.slotBits);
    this.lastSlot = slot;
    return slot;
  }
}
