// Sizes and offsets that do not change with the era, and where everything is put. Bytes, x86-64.
// Source: BTF of 6.18.44; include/linux/xarray.h and lib/radix-tree.c (5.17 agrees).

/** A cache line. */
export const LINE = 64;
/** The kernel maps its memory in pages of 2 MiB. */
export const PAGE = 0x20_0000;
/** A pointer. */
export const POINTER = 8;
/** A spinlock_t. */
export const SPINLOCK = 4;

/** hlist_head of the 512-bucket table. */
export const OLD_BUCKET = 8;
/** struct timer_hash_bucket: lock at 0, head at 8. */
export const NEW_BUCKET = 16;
/** Where the head is in a struct timer_hash_bucket. */
export const NEW_BUCKET_HEAD = 8;

/** struct sigqueue: list at 0, flags at 16, the signal's info from 24, the user at 72; 51 in a page. */
export const SIGQUEUE = {
  stride: 80,
  perSlab: 51,
  slabBytes: 4096,
  flags: 16,
  info: 24,
  infoBytes: 48,
  user: 72,
} as const;

/** struct signal_struct, 1144 bytes: its slab is aligned to lines, 28 in 32 KiB. */
export const SIGNAL_STRUCT = { stride: 1152, perSlab: 28, slabBytes: 32_768, nextId: 132, timers: 136 } as const;

/** struct sighand_struct: siglock first; 15 objects of 2112 bytes in 32 KiB. */
export const SIGHAND = { stride: 2112, perSlab: 15, slabBytes: 32_768, siglock: 0 } as const;

/** struct xarray, put where signal_struct has its list of timers. */
export const XARRAY = { lock: 0, flags: 4, head: 8 } as const;

/** struct xa_node: 576 bytes, 584 from one to the next (a free pointer behind each), 14 in 8 KiB. */
export const XA_NODE = {
  stride: 584,
  perSlab: 14,
  slabBytes: 8192,
  shift: 0,
  count: 2,
  parent: 8,
  array: 16,
  rcu: 24,
  slots: 40,
  marks: 552,
} as const;

/** An xa_node's share of its slab, bytes: 8192 / 14. */
export const NODE_BYTES: number = XA_NODE.slabBytes / XA_NODE.perSlab;

/** An entry of the generational design's array: a pointer and the ID it goes with. */
export const GENERATIONAL_SLOT = { stride: 16, timer: 0, id: 8 } as const;

/**
 * Where each kind of thing begins: far enough apart for any workload, and each 2 MiB further from a round address than the one
 * before, so that they do not all want the same places in a TLB.
 */
export const REGION = {
  locks: 0x0000_1000,
  idr: 0x0000_2000,
  buckets: 0x0010_0000,
  signals: 0x1020_0000,
  sighands: 0x2040_0000,
  sigqueues: 0x1_0060_0000,
  nodes: 0x2_0080_0000,
  timers: 0x4_00a0_0000,
  slots: 0x100_00c0_0000,
  bitmaps: 0x200_00e0_0000,
} as const;
