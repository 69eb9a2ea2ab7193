// The SysV objects of a checkpoint.

/** The kinds of System V IPC, in the order in which CRIU restores them. */
export const SYSV_KINDS = ['shm', 'msg', 'sem'] as const; // in CRIU's order
/** The name of a kind. */
export type SysvKind = (typeof SYSV_KINDS)[number];

/** An object, by its ID and its key. */
export interface SysvObject {
  /** slot + 2¹⁵ × sequence, or 2²⁴ × sequence where the kernel was booted with ipcmni_extend. */
  id: number;
  /** 0 is private. */
  key: number;
}

/** The IPC namespace that a checkpoint brings. */
export interface SysvIds {
  objects: Readonly<Record<SysvKind, readonly SysvObject[]>>;
  /** Most objects of each kind, as saved; null if it was not. */
  limits: Readonly<Record<SysvKind, number | null>>;
  /** A saved *_next_id sysctl; null for none. */
  nextIds: Readonly<Record<SysvKind, number | null>>;
}
