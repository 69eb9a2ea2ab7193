// What people call a kernel, a design or a restorer.
import { count } from './number.ts';

const PROPOSED: Readonly<Record<string, string>> = {
  dense: 'a kernel with dense IDs (lowest free, no restore call)',
  xarray: 'the proposed xarray kernel (dense IDs with a restore call)',
  'xarray-cyclic': 'the proposed xarray kernel that keeps the next ID',
  reversed: 'a kernel that counts dense IDs down from 2,147,483,647',
  'cursor-sysctl': 'a kernel with dense IDs and a cursor to set',
  'create-at-id': 'a kernel with dense IDs and a create that names its ID',
  'sigev-bit': 'a kernel with dense IDs and a bit in sigev_notify that asks for one',
};
const RESTRICTED = /^restricted:(\d+)$/;

/** Names a kernel in a sentence: '6.1' → 'Linux 6.1'. */
export function kernelName(kernel: string): string {
  const idCount = RESTRICTED.exec(kernel)?.[1];
  if (idCount !== undefined) return `a kernel with ${count(Number(idCount))} timer IDs`;
  return PROPOSED[kernel] ?? `Linux ${kernel}`;
}

/** Names a kernel in a heading: '6.1' → 'Linux 6.1', 'dense' → 'dense kernel'. */
export function kernelLabel(kernel: string): string {
  return isProposed(kernel) ? `${kernel} kernel` : `Linux ${kernel}`;
}

/** Tells if a kernel is a design that was proposed and never merged. */
export function isProposed(kernel: string): boolean {
  return kernel in PROPOSED || RESTRICTED.test(kernel);
}

/** Names what restores: '4.2' → 'CRIU 4.2'. */
export function restorerName(criu: string): string {
  return criu === 'native' ? 'a native restorer' : `CRIU ${criu}`;
}

/** Names a pair in a sentence: 'CRIU 4.2 on Linux 6.18'. */
export function planName({ criu, kernel }: { criu: string; kernel: string }): string {
  return `CRIU ${criu} on ${kernelName(kernel)}`;
}
