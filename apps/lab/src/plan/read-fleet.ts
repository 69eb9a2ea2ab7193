// Reads many checkpoints, and does something with each: small ones here, one after the other; many or large ones on all cores, each by a worker thread.

import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Checkpoint } from '@idspace/restore-planner';
import { CommandError } from '../cli/failure.ts';
import { startProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { moduleUrl } from '../installed.ts';
import { checkpointAt, isStandardInput, withHint } from './checkpoint-at.ts';
import { errorOf, type Reply, type Request } from './read-message.ts';

/** What is done with every checkpoint that was read, and kept in its place. */
export interface EachCheckpoint<Result> {
  /** Here. */
  take(checkpoint: Checkpoint): Result;
  /** The module whose worker threads do the same: beside this file in the sources, one folder below in what is published. */
  module: string;
  /** What its workers are given. */
  data?: unknown;
}

const READ_ONLY: EachCheckpoint<Checkpoint> = { take: (checkpoint) => checkpoint, module: 'plan/read-worker' };

const FOLDER_BYTES = 256 * 1024; // what a folder of images weighs: it takes about a millisecond to read
const MANY_BYTES = 16 * 2 ** 20; // from here on workers, which take some 50 ms to start, pay

export interface ReadFleetOptions {
  /** Of running processes, also their descendants. */
  tree?: boolean;
  /** Worker threads at most. Default: one for each core. */
  jobs?: number;
  /** Bytes in all from which workers are started. */
  workersFrom?: number;
  /** Flags for the workers' Node.js. Default: none; from the sources, which want some, no workers are started. */
  execArgv?: readonly string[] | undefined;
}

/** Reads checkpoints. @returns In the order of the paths; where one cannot be read, why. */
export function readFleet(
  paths: readonly string[],
  terminal: Terminal,
  options: ReadFleetOptions = {},
): Promise<(Checkpoint | Error)[]> {
  return readEach(paths, terminal, READ_ONLY, options);
}

/** Reads checkpoints, and keeps of each what `each` makes of it. @returns As {@link readFleet}. */
export async function readEach<Result>(
  paths: readonly string[],
  terminal: Terminal,
  each: EachCheckpoint<Result>,
  options: ReadFleetOptions = {},
): Promise<(Result | Error)[]> {
  const program = fileURLToPath(moduleUrl(each.module));
  const { tree = false, jobs = availableParallelism(), workersFrom = MANY_BYTES } = options;
  const { execArgv = program.endsWith('.ts') ? undefined : [] } = options;
  const weights = await Promise.all(paths.map((path) => weightOf(path, terminal)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shown = new Shown(terminal, paths, weights, total);
  try {
    const isHere = jobs < 2 || paths.length < 2 || total < workersFrom || paths.some(isStandardInput);
    if (isHere || execArgv === undefined) return await readHere(paths, terminal, tree, shown, each);
    const workers = (): Worker => new Worker(program, { execArgv: [...execArgv], workerData: each.data });
    return await readByWorkers(
      paths,
      terminal,
      tree,
      shown,
      Array.from({ length: Math.min(jobs, paths.length) }, workers),
    );
  } finally {
    shown.stop();
  }
}

/** Bytes that are to be read of a path, as far as that can be told without reading them. */
async function weightOf(path: string, { folder }: Terminal): Promise<number> {
  if (isStandardInput(path)) return 0;
  const stats = await stat(resolve(folder, path)).catch(() => undefined);
  return stats?.isFile() ? stats.size : FOLDER_BYTES;
}

async function readHere<Result>(
  paths: readonly string[],
  terminal: Terminal,
  tree: boolean,
  shown: Shown,
  { take }: EachCheckpoint<Result>,
): Promise<(Result | Error)[]> {
  const results: (Result | Error)[] = [];
  for (const [index, path] of paths.entries()) {
    const onProgress = (done: number, size: number): void => shown.update(index, done / size);
    const read = await checkpointAt(path, terminal, { tree, onProgress }).catch((error: unknown) => {
      if (error instanceof Error) return error;
      throw error;
    });
    results.push(read instanceof Error ? read : take(read));
    shown.update(index, 1);
  }
  return results;
}

async function readByWorkers<Result>(
  paths: readonly string[],
  terminal: Terminal,
  tree: boolean,
  shown: Shown,
  workers: readonly Worker[],
): Promise<(Result | Error)[]> {
  const results: (Result | Error)[] = [];
  const queue = paths.entries();
  const work = (worker: Worker): Promise<void> =>
    new Promise((done, failed) => {
      let current = -1;
      const next = (): void => {
        const { value } = queue.next();
        if (value === undefined) {
          done();
          return;
        }
        current = value[0];
        worker.postMessage({ path: resolve(terminal.folder, value[1]), tree } satisfies Request);
      };
      worker.on('message', async (reply: Reply<Result>) => {
        if ('progress' in reply) {
          shown.update(current, reply.progress);
          return;
        }
        const path = resolve(terminal.folder, paths[current]!);
        results[current] = 'result' in reply ? reply.result : await withHint(path, errorOf(reply.error));
        shown.update(current, 1);
        next();
      });
      worker.on('error', (cause) => {
        failed(new CommandError('input', `${paths[current]}: ${cause.message}`, { cause })); // out of memory
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** The progress of all, where it is worth a bar. */
class Shown {
  private readonly terminal: Terminal;
  private readonly paths: readonly string[];
  private readonly weights: readonly number[];
  private readonly total: number;
  private readonly done: number[];
  private bar: ReturnType<typeof startProgress> | undefined;

  constructor(terminal: Terminal, paths: readonly string[], weights: readonly number[], total: number) {
    this.terminal = terminal;
    this.paths = paths;
    this.weights = weights;
    this.total = total;
    this.done = weights.map(() => 0);
  }

  update(index: number, share: number): void {
    this.done[index] = share * this.weights[index]!;
    if (this.total < MANY_BYTES) return;
    this.bar ??= startProgress(this.terminal, this.paths[index]!);
    this.bar.update(this.done.reduce((sum, bytes) => sum + bytes, 0) / this.total, this.paths[index]);
  }

  stop(): void {
    this.bar?.stop();
  }
}
