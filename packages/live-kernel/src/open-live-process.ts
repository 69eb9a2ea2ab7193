// Opens the running kernel for system calls, or says why that is not possible.
import { loadLibc } from './libc.ts';
import { LiveKernelError } from './live-kernel-error.ts';
import { LiveProcess } from './live-process.ts';
import { ARCHITECTURES, NO_NUMBERS, syscallNumbers } from './syscall-numbers.ts';

/**
 * Makes the timer system calls of this process callable.
 *
 * @throws LiveKernelError (unavailable) on another system than Linux, on an architecture whose call numbers are not known, or
 *   without koffi.
 */
export async function openLiveProcess(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<LiveProcess> {
  if (platform !== 'linux') {
    throw new LiveKernelError(
      'unavailable',
      `this machine runs ${platform}, expected Linux: no other system has these timers`,
    );
  }
  const numbers = syscallNumbers(arch);
  if (numbers === undefined) {
    throw new LiveKernelError('unavailable', `this machine is ${arch}, expected ${ARCHITECTURES.join(' or ')}`);
  }
  return new LiveProcess(await loadLibc(), numbers);
}

/**
 * Makes a process whose calls succeed and do nothing: the way to the kernel and back, without the kernel.
 *
 * @throws LiveKernelError (unavailable) without koffi.
 */
export async function openIdleProcess(): Promise<LiveProcess> {
  return new LiveProcess(await loadLibc('labs'), NO_NUMBERS);
}
