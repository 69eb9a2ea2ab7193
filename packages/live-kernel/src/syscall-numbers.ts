// Numbers of the system calls that a live process makes. Source: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h, 6.18.

/** The calls a {@link LiveProcess} makes, by number. */
export interface SyscallNumbers {
  readonly timerCreate: number;
  readonly timerSettime: number;
  readonly timerGettime: number;
  readonly timerGetoverrun: number;
  readonly timerDelete: number;
  readonly prctl: number;
  readonly prlimit: number;
}

const NUMBERS: ReadonlyMap<string, SyscallNumbers> = new Map([
  [
    'x64',
    {
      ...{ timerCreate: 222, timerSettime: 223, timerGettime: 224, timerGetoverrun: 225, timerDelete: 226 },
      ...{ prctl: 157, prlimit: 302 },
    },
  ],
  [
    'arm64',
    {
      ...{ timerCreate: 107, timerGettime: 108, timerGetoverrun: 109, timerSettime: 110, timerDelete: 111 },
      ...{ prctl: 167, prlimit: 261 },
    },
  ],
]);

/** The architectures whose numbers are known, as Node.js names them. */
export const ARCHITECTURES: readonly string[] = [...NUMBERS.keys()];

/** Returns the numbers of an architecture, named as in `process.arch`; undefined where they are not known. */
export function syscallNumbers(arch: string): SyscallNumbers | undefined {
  return NUMBERS.get(arch);
}

/** Zero for every call: what `labs` returns as success. */
export const NO_NUMBERS: SyscallNumbers = {
  timerCreate: 0,
  timerSettime: 0,
  timerGettime: 0,
  timerGetoverrun: 0,
  timerDelete: 0,
  prctl: 0,
  prlimit: 0,
};
