// One worker of one contestant: pins itself to its core, attaches, and runs what it is asked to, together with the other.
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { sections } from './contestants.ts';

export interface WorkerData {
  section: string;
  name: string;
  made: unknown;
  worker: number;
  core: number;
  /** Where the workers meet before they begin. */
  meeting: Int32Array;
}
export interface Request {
  calls: number;
  workers: number;
}
/** When it began and ended, nanoseconds of the machine's clock; or why it did not. */
export type Reply = { begin: number; end: number } | { error: string };

const { section, name, made, worker, core, meeting } = workerData as WorkerData;

/** Says whether the thread now runs on its core alone. */
function pin(): boolean {
  try {
    const thread = readlinkSync('/proc/thread-self').replace(/^.*\//, '');
    return spawnSync('taskset', ['-p', '-c', String(core), thread]).status === 0;
  } catch {
    return false;
  }
}

function meet(workers: number): void {
  const here = Atomics.add(meeting, 0, 1) + 1;
  const all = Math.ceil(here / workers) * workers;
  while (Atomics.load(meeting, 0) < all);
}

parentPort?.postMessage({ pinned: pin() });
try {
  const run = sections[section]![name]!.attach(made as never, worker);
  parentPort?.on('message', ({ calls, workers }: Request) => {
    try {
      // Untimed: what the sample before left in the other core's cache comes back first.
      run(calls >> 1);
      meet(workers);
      const begin = Number(process.hrtime.bigint());
      run(calls);
      parentPort?.postMessage({ begin, end: Number(process.hrtime.bigint()) });
    } catch (error) {
      parentPort?.postMessage({ error: String(error) });
    }
  });
} catch (error) {
  parentPort?.on('message', () => parentPort?.postMessage({ error: String(error) }));
}
