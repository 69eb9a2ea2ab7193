// How the kernel hands out SysV IDs in one namespace on request: the wanted sequence number, in the first free slot at or above the wanted one.
// Source: ipc/util.c (ipc_idr_alloc, ipc_addid), 3.8 … 6.18; measured on 6.1 and 6.18.

/** Bits of an ID that hold its slot. */
export type SlotBits = 15 | 24;
/** Slots of a kernel: 15 bits, or 24 with ipcmni_extend. */
export const SLOT_BITS: readonly SlotBits[] = [15, 24];

/** The slots of one kind of objects. */
export class Slots {
  private readonly taken = new Set<number>();
  private readonly size: number;

  constructor(bits: SlotBits) {
    this.size = 2 ** bits;
  }

  get count(): number {
    return this.taken.size;
  }

  /** Marks the slot of an ID that is there already. */
  occupy(id: number): void {
    this.taken.add(id % this.size);
  }

  /**
   * Asks for an ID through *_next_id.
   *
   * @returns The ID that comes; undefined (ENOSPC) if no slot from there on is free.
   * Cost: O(slots taken in a row from there).
   */
  ask(id: number): number | undefined {
    const wished = id % this.size;
    for (let slot = wished; slot < this.size; slot++) {
      if (this.taken.has(slot)) continue;
      this.taken.add(slot);
      return id - wished + slot;
    }
    return undefined;
  }
}
