// The process of one contestant: answers each request with one sample. Own process, so that no contestant's garbage,
// inline caches or optimised code touch another's.
import type { Contestants, Params, Prepared } from './workload.ts';

export interface Request {
  operation: string;
  params: Params;
  /** Timed milliseconds of CPU to gather at least. */
  atLeast: number;
}
/** Nanoseconds of CPU time per operation (or the workload's own figure), or why there is none. */
export type Reply = { figure: number } | { error: string };

const WARM_UP_MS = 60;
/** Runs of at least so many operations start on a collected heap. */
const LARGE = 50_000;

const [, , moduleUrl = '', name = ''] = process.argv;
const { contestants } = (await import(moduleUrl)) as { contestants: Contestants };
const warm = new Set<string>();
/** The last run and what it made: V8 drops optimised code when the last object of a shape that it knows is collected. */
export let kept: unknown;

process.on('message', ({ operation, params, atLeast }: Request) => {
  try {
    const prepare = () => contestants[name]![operation]!(params);
    const key = JSON.stringify([operation, params]);
    if (!warm.has(key)) gather(prepare, WARM_UP_MS);
    warm.add(key);
    reply({ figure: gather(prepare, atLeast) });
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) });
  }
});

function reply(message: Reply): void {
  process.send!(message);
}

/** Runs for a time; returns ns of CPU time per operation: where other work waits for the core too, long runs would look longer still. */
function gather(prepare: () => Prepared, atLeast: number): number {
  let ns = 0;
  let ops = 0;
  settle(prepare);
  do {
    const prepared = prepare();
    // What was made before is not to be collected on this run's time.
    if (prepared.ops >= LARGE) globalThis.gc?.({ type: 'minor' });
    const start = process.cpuUsage();
    const made = prepared.run();
    const { user, system } = process.cpuUsage(start);
    ns += (user + system) * 1000;
    ops += prepared.ops;
    if (prepared.figure) return prepared.figure();
    kept = [prepared, made];
  } while (ns < atLeast * 1e6);
  return ns / ops;
}

/** Collects what earlier samples left, and runs once: a full collection takes with it code that was optimised inside a loop. */
function settle(prepare: () => Prepared): void {
  const prepared = prepare();
  if (prepared.ops < LARGE || prepared.figure) return;
  globalThis.gc?.();
  kept = [prepared, prepared.run()];
}
