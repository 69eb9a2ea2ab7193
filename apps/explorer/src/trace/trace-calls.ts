// What the worker does with memory accesses: plays a trace that was dropped, and runs classes under the same calls.
import { openTrace, type Replayed } from '@idspace/cache-sim/trace';
import { IdPool } from '@idspace/next-id';
import { decompressedBlob } from '@idspace/restore-planner/read';
import { Ida } from '@idspace/xarray';
import { type Allocator, type AllocatorResult, type Calls, runAllocator } from './allocator-run.ts';
import { type Caches, Meter, type Metered } from './meter.ts';
import { PASTED } from './pasted.ts';

/** Bytes of a file up to which its curve follows every line. */
const EXACT_BYTES = 2 ** 26;
const SAMPLED = 0.05; // of the lines of larger ones

/** What a trace cost. */
export interface TraceResult extends Metered {
  readonly read: Replayed;
  readonly format: string;
  /** What the format does not tell. */
  readonly note: string | undefined;
}

/** Our own, to stand beside what was pasted. */
const OURS: readonly { readonly name: string; readonly make: () => Allocator }[] = [
  { name: 'IdPool', make: () => new IdPool({ reuse: 'lowest' }) },
  { name: 'Ida', make: () => new Ida() },
];

/** Makes the calls of a worker. */
export function traceCalls() {
  return {
    /** Plays a trace of lackey, din and others, plain or in gzip or zstd. */
    async playTrace(
      { file, name, caches }: { file: Blob; name: string; caches: Caches },
      tell: (progress: { done: number; total: number }) => void,
    ): Promise<TraceResult> {
      const meter = new Meter(caches, { rate: file.size > EXACT_BYTES ? SAMPLED : 1 });
      let told = Number.NEGATIVE_INFINITY;
      const onProgress = (done: number, total: number): void => {
        if (performance.now() - told < 100) return;
        told = performance.now();
        tell({ done, total });
      };
      const trace = await openTrace(decompressedBlob(file, name, { onProgress }), { longest: meter.sim.smallestLine });
      for await (const batch of trace) meter.play(batch);
      if (trace.read.accesses === 0) {
        throw new RangeError(`${name}: got no access in ${trace.read.lines} lines, expected a trace of lackey or din`);
      }
      return { ...meter.result(), read: trace.read, format: trace.format, note: trace.note };
    },

    /** Runs our own classes. */
    runOurs({ calls, caches }: { calls: Calls; caches: Caches }): AllocatorResult[] {
      return OURS.map(({ name, make }) => runAllocator(name, make, calls, caches));
    },

    /** Runs the class that this worker was started with. */
    runPasted({ calls, caches }: { calls: Calls; caches: Caches }): AllocatorResult {
      const { name, make } = pastedClass();
      return runAllocator(name, make, calls, caches);
    },
  };
}

/** The first of the pasted classes that can do what is asked. */
function pastedClass(): { name: string; make: () => Allocator } {
  const classes = (globalThis as { [PASTED]?: Record<string, unknown> })[PASTED] ?? {};
  for (const [name, Class] of Object.entries(classes)) {
    const prototype = typeof Class === 'function' ? (Class.prototype as Partial<Allocator>) : {};
    if (typeof prototype.allocate === 'function' && typeof prototype.free === 'function') {
      return { name, make: () => new (Class as new () => Allocator)() };
    }
  }
  throw new RangeError(
    `got ${Object.keys(classes).join(', ') || 'no class'}, expected a class with allocate() and free(id)`,
  );
}
