// The limits of `evaluate`. The command line reads them, too, without loading the rest.
import type { LookupOrder } from './evaluation.ts';

/** The most timers at the same time: as many as the generational design has slots for in one process. */
export const MAX_TIMERS: number = 2 ** 22;
/** The most timers of a workload of which every call is recorded, as all but the fill are: a design takes some minutes for them. */
export const MAX_RECORDED_TIMERS: number = 2 ** 18;
/** The same where a table has 512 buckets: 64 timers to a chain, and a call goes along it. */
export const MAX_RECORDED_IN_512: number = 2 ** 15;
/** Buckets of the table with the longest chains, that of Linux 3.10–6.14. */
export const FEWEST_BUCKETS = 512;
/** The most processes of a workload. */
export const MAX_PROCESSES = 4096;
/** The most threads of each process. */
export const MAX_THREADS = 1024;
/** The most possible CPUs: those that a kernel can be built for on x86-64 (CONFIG_NR_CPUS). */
export const MAX_CPUS = 8192;
/** The highest seed, a u32. */
export const MAX_SEED: number = 2 ** 32 - 1;
/** Cores whose caches are simulated, each with 100 kB of tags; further threads use the caches of these in turn. */
export const MAX_CORES = 256;
/** The orders in which timers can be looked up. */
export const LOOKUP_ORDERS: readonly LookupOrder[] = ['creation', 'random'];
