// The SysV objects of a checkpoint.

export const SYSV_KINDS = ['shm', 'msg', 'sem'] as const; // in CRIU's order
export type SysvKind = (typeof SYSV_KINDS)[number];

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
