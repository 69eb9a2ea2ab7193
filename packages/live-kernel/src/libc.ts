// The few functions of the C library that system calls are made through, found by koffi in the running program.
import { LiveKernelError } from './live-kernel-error.ts';

type Koffi = typeof import('koffi')['default'];

/** Functions of the C library. Pointers are addresses, as numbers. */
export interface Libc {
  /** syscall(2) with up to five arguments; −1 on failure, see `errno`. */
  syscall(number: number, a: number, b: number, c: number, d: number, e: number): number;
  /** The same with one argument, which is faster. */
  syscall1(number: number, a: number): number;
  /** The same with three arguments. */
  syscall3(number: number, a: number, b: number, c: number): number;
  mmap(address: number, length: number, protection: number, flags: number, file: number, offset: number): number;
  munmap(address: number, length: number): number;
  mprotect(address: number, length: number, protection: number): number;
  /** The error of the last call: read it immediately. */
  errno(): number;
  /** Calls the function at an address, which takes three longs and returns one. */
  callAt(address: number, a: number, b: number, c: number): number;
  /** Where the C library's restartable sequence is, seen from the thread pointer; null if it registers none. */
  rseqOffset(): number | null;
  /** Makes an array buffer of memory that the garbage collector does not own. */
  view(address: number, length: number): ArrayBuffer;
}

/**
 * Loads the C library. koffi is imported only here: everything else works without it.
 *
 * @param callee What the three `syscall` functions call. 'labs' does nothing but return its first argument, the
 *   number: the same calls without a kernel, to tell what calling costs.
 * @throws LiveKernelError (unavailable) where koffi is not installed, or has no binary for this platform.
 */
export async function loadLibc(callee: 'syscall' | 'labs' = 'syscall'): Promise<Libc> {
  const { default: koffi } = await importKoffi();
  const program = koffi.load(null);
  const longs = (count: number): string[] => Array<string>(count).fill('long');
  const threeLongs = koffi.proto('long', longs(3));
  return {
    syscall: program.func(callee, 'long', longs(6)) as Libc['syscall'],
    syscall1: program.func(callee, 'long', longs(2)) as Libc['syscall1'],
    syscall3: program.func(callee, 'long', longs(4)) as Libc['syscall3'],
    mmap: program.func('mmap', 'long', longs(6)) as Libc['mmap'],
    munmap: program.func('munmap', 'int', ['long', 'long']) as Libc['munmap'],
    mprotect: program.func('mprotect', 'int', ['long', 'long', 'int']) as Libc['mprotect'],
    errno: () => koffi.errno(),
    callAt: (address, a, b, c) => koffi.call(BigInt(address), threeLongs, a, b, c) as number,
    rseqOffset: () => rseqOffset(koffi, program),
    view: (address, length) => koffi.view(address, length),
  };
}

/** Source: glibc 2.35 and later, sys/rseq.h. */
function rseqOffset(koffi: Koffi, program: import('koffi').LibraryHandle): number | null {
  try {
    if (koffi.decode(program.symbol('__rseq_size'), 'unsigned int') === 0) return null;
    return Number(koffi.decode(program.symbol('__rseq_offset'), 'long'));
  } catch {
    return null; // another C library
  }
}

async function importKoffi(): Promise<typeof import('koffi')> {
  try {
    return await import('koffi');
  } catch (cause) {
    throw new LiveKernelError(
      'unavailable',
      `koffi, which calls the kernel, cannot be loaded (${(cause as Error).message.split('\n')[0]}): ` +
        'install it with `npm install koffi`',
      { cause },
    );
  }
}
