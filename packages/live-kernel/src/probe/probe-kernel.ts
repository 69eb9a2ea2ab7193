// What this machine's kernel does with timer IDs: measured in a child process, and read where it says so itself.
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { ownSigpending, ownSigq } from '../own-limits.ts';
import { runInChild } from '../run-in-child.ts';
import type { KernelMeasures, measureKernel } from './measure-kernel.ts';

/** What is known of the running kernel. */
export interface KernelProbe extends KernelMeasures {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** As Node.js names it. */
  readonly arch: string;
  /** RLIMIT_SIGPENDING of this process, timers; null for unlimited. */
  readonly rlimitSigpending: number | null;
  /** Timers and signals that are charged to this user now. */
  readonly pendingSignals: number;
  /** Buckets of the table of timers, from the boot log; null where it does not say. */
  readonly buckets: number | null;
  /** Why not. */
  readonly bucketsUnknown: string | null;
}

/** The job's module: beside this file in the sources, one folder below in what is published. */
const MEASURE = {
  module: new URL(
    import.meta.url.endsWith('.ts') ? './measure-kernel.ts' : './probe/measure-kernel.js',
    import.meta.url,
  ).href,
  name: 'measureKernel',
};
/** Samples that settle within a second. */
const QUICK = { rounds: 25, pairs: 5000 };

/** The rates of this machine, as `planRestore` takes them. */
export interface MeasuredRates {
  nsPerPair: number;
  nsPerRestore?: number;
}

/**
 * Probes the kernel. Takes about a second.
 *
 * @throws LiveKernelError (unavailable) where it cannot be called.
 */
export async function probeKernel(onProgress?: (done: number) => void): Promise<KernelProbe> {
  const measures = await measure(onProgress);
  const limit = ownSigpending();
  const { buckets, unknown } = bucketsOf(release(), bootLog());
  return {
    release: release(),
    arch: process.arch,
    ...measures,
    rlimitSigpending: limit === Number.POSITIVE_INFINITY ? null : limit,
    pendingSignals: ownSigq(),
    buckets,
    bucketsUnknown: unknown,
  };
}

/** Measures what create+delete and a create by ID take here. */
export async function measuredRates(onProgress?: (done: number) => void): Promise<MeasuredRates> {
  const { nsPerPair, nsPerRestore } = await measure(onProgress);
  return nsPerRestore === null ? { nsPerPair } : { nsPerPair, nsPerRestore };
}

function measure(onProgress: ((done: number) => void) | undefined): Promise<KernelMeasures> {
  return runInChild<typeof measureKernel>(MEASURE, QUICK, onProgress === undefined ? {} : { onProgress });
}

/** A boot log, or why there is none. */
export type BootLog = { readonly text: string } | { readonly unreadable: string };

function bootLog(): BootLog {
  const { stdout, stderr, status, error } = spawnSync('dmesg', [], { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  if (error === undefined && status === 0) return { text: stdout };
  return { unreadable: error?.message ?? stderr.trim() };
}

/**
 * Finds the number of buckets in the boot log.
 *
 * Source: posixtimer_init (kernel/time/posix-timers.c), 6.15: alloc_large_system_hash prints a line.
 */
export function bucketsOf(release: string, log: BootLog): { buckets: number | null; unknown: string | null } {
  const [major = 0, minor = 0] = release.split('.').map(Number.parseFloat);
  if (major < 6 || (major === 6 && minor < 15)) {
    return { buckets: null, unknown: 'before Linux 6.15 the kernel does not tell; it is 512 from 3.10 on' };
  }
  if ('unreadable' in log) return { buckets: null, unknown: `the boot log cannot be read (${log.unreadable})` };
  const found = /posixtimers hash table entries: (\d+)/.exec(log.text)?.[1];
  if (found !== undefined) return { buckets: Number(found), unknown: null };
  return { buckets: null, unknown: 'its line is not in what is left of the boot log (dmesg)' };
}
