// struct k_itimer: where the fields lie that tables touch, in one kernel. Offsets and sizes in bytes, x86-64.

/** One era's timer. */
export interface TimerStruct {
  /** Whose structures these are, for people. */
  name: string;
  /** sizeof(struct k_itimer). */
  size: number;
  /** From one object to the next in a slab. */
  stride: number;
  /** Objects in a slab, and the slab's bytes. */
  perSlab: number;
  slabBytes: number;
  /** The per-process list's node: next, and 8 bytes on pprev or prev. */
  list: number;
  /** Whether that list is circular with two pointers in its head (list_head, until 6.11) or an hlist. */
  listHead: boolean;
  /** The hash chain's node: next, and 8 bytes on pprev. */
  hash: number;
  /** it_id, 4 bytes. */
  id: number;
  /** it_signal, 8 bytes. */
  signal: number;
  /** it_lock, 4 bytes. */
  lock: number;
  /** What /proc/PID/timers prints of it: [offset, bytes] of the ID with clock and notification, of it_pid, and of the signal's info. */
  shown: readonly (readonly [offset: number, bytes: number])[];
  /** The rcu_head that a deferred free writes, 16 bytes. */
  rcu: number;
  /** Whether the preallocated signal is an 80-byte object of its own (until 6.12). */
  sigqueue: boolean;
}
