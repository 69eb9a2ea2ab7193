// How many buckets the hash tables of the kernels have.
import { checkInteger } from '../int32.ts';

/** Buckets of the table of Linux 3.10–6.14, whatever the machine; from 6.15 on, per possible CPU. */
export const BUCKETS = 512;
/** The most CPUs a kernel can be built for on x86-64 (CONFIG_NR_CPUS). */
export const MAX_CPUS = 8192;

/**
 * Returns how many buckets Linux 6.15 and later make at boot.
 *
 * @param cpus Possible CPUs, 1…8192.
 * @throws RangeError for another number.
 */
export function scaledBuckets(cpus: number): number {
  checkRoom('cpus', cpus, MAX_CPUS);
  return BUCKETS * 2 ** Math.ceil(Math.log2(cpus));
}

/** @throws RangeError if what a table is made for is no integer 1…max. */
export function checkRoom(name: string, value: number, max: number): void {
  checkInteger(name, value, 1, max);
}
