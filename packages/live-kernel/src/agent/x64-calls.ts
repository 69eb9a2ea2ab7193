// Numbers of the calls that agents make, and constants of their arguments. Source: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi, 6.18.

/** System calls on x86-64. */
export const CALL = {
  write: 1,
  open: 2,
  close: 3,
  munmap: 11,
  ioctl: 16,
  pwrite64: 18,
  shmget: 29,
  getpid: 39,
  exitGroup: 231,
  wait4: 61,
  semget: 64,
  msgget: 68,
  shmctl: 31,
  semctl: 66,
  msgctl: 71,
  setpgid: 109,
  setsid: 112,
  getpgid: 121,
  getsid: 124,
  prctl: 157,
  archPrctl: 158,
  mount: 165,
  umount2: 166,
  futex: 202,
  ioSetup: 206,
  ioDestroy: 207,
  ioGetevents: 208,
  ioSubmit: 209,
  inotifyAddWatch: 254,
  inotifyRmWatch: 255,
  inotifyInit1: 294,
  processVmReadv: 310,
  memfdCreate: 319,
  rseq: 334,
  unshare: 272,
  clone3: 435,
  closeRange: 436,
} as const;

/** Flags of clone3. Source: include/uapi/linux/sched.h. */
export const CLONE = {
  vm: 0x100,
  fs: 0x200,
  files: 0x400,
  sighand: 0x800,
  thread: 0x10000,
  newNs: 0x20000,
  sysvsem: 0x40000,
  newIpc: 0x8000000,
  newUser: 0x10000000,
  newPid: 0x20000000,
  clearSighand: 0x100000000,
} as const;
/** The signal of a child that has ended. */
export const SIGCHLD = 17;
/** The signal that ends a process. */
export const SIGKILL = 9;
