// Crew: worker threads that run the same TypeScript module, get a job each, and may be killed at any moment.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { type Random, random } from './random.ts';
import type { Stress, StressCounts } from './stress.ts';

const bundles = new Map<string, string>();

/** Bundles a worker's module, once: a worker does not read TypeScript. */
function sourceOf(module: URL): string {
  const known = bundles.get(module.href);
  if (known !== undefined) return known;
  const [file] = buildSync({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    conditions: ['@idspace/source'],
  }).outputFiles;
  bundles.set(module.href, file!.text);
  return file!.text;
}

/** What became of a job. */
export type Ending<Result> = { result: Result } | { killed: true };

/** One worker thread; it answers each job with one message, and lives until it is killed. */
export class CrewWorker<Job, Result> {
  private readonly worker: Worker;
  private settle: ((ending: Ending<Result>) => void) | undefined;
  private fail: ((reason: unknown) => void) | undefined;
  private readonly ended: Promise<void>;

  /** @param module What it runs: it listens to `parentPort` and answers each message with one. */
  constructor(module: URL) {
    this.worker = new Worker(sourceOf(module), { eval: true });
    this.worker.on('message', (result: Result) => this.settle?.({ result }));
    this.worker.on('error', (error) => this.fail?.(error));
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', () => {
        resolve();
        this.settle?.({ killed: true });
      });
    });
  }

  /** Gives it a job; resolves with the answer, or when it was killed; rejects if the job threw. */
  run(job: Job): Promise<Ending<Result>> {
    return new Promise((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
      this.worker.postMessage(job);
    });
  }

  /** Kills it wherever it is; resolves when its thread has ended, where {@link killsEndThreads}. */
  async kill(): Promise<void> {
    await this.worker.terminate();
    await this.ended;
  }
}

/** How long a thread that should have ended is looked for, milliseconds. */
const AFTERLIFE_MS = 100;
let isFinal: Promise<boolean> | undefined;

/**
 * Tells whether a thread has ended when its worker's 'exit' event comes after `terminate()`. If it runs on, its death cannot be
 * told to others, so a test that kills workers has no meaning.
 *
 * In Deno 2.9, code that runs in a terminated worker goes on until it returns to the event loop, however long that takes.
 */
export function killsEndThreads(): Promise<boolean> {
  isFinal ??= sleeperEnds();
  return isFinal;
}

/** Kills a worker that sleeps, and tries to wake it. */
async function sleeperEnds(): Promise<boolean> {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const wakes = async (until: number): Promise<boolean> => {
    while (performance.now() < until) {
      if (Atomics.notify(words, 0) > 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return false;
  };
  // It ends by itself when the word changes.
  const sleeper = `const { workerData: words } = require('node:worker_threads'); while (Atomics.wait(words, 0, 0) === 'ok');`;
  const worker = new Worker(sleeper, { eval: true, workerData: words });
  if (!(await wakes(Number.POSITIVE_INFINITY))) return false;
  await worker.terminate();
  const runsOn = await wakes(performance.now() + AFTERLIFE_MS);
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  return !runsOn;
}

/**
 * Makes a package's stress run of its round.
 *
 * @param round Plays one round with so many workers, and adds to the counts; may add workers to the crew, which is kept from round to round.
 */
export function crewStress<Job, Outcome>(
  round: (rng: Random, crew: CrewWorker<Job, Outcome>[], counts: StressCounts, workers: number) => Promise<void>,
): Stress {
  return async ({ seed, until, onRound, workers }) => {
    const rng = random(seed);
    const counts: StressCounts = { rounds: 0, operations: 0, histories: 0, kills: 0, violations: [] };
    const crew: CrewWorker<Job, Outcome>[] = [];
    while (counts.violations.length === 0 && !until(counts)) {
      await round(rng, crew, counts, workers ?? rng.between(2, 8));
      counts.rounds++;
      onRound?.(counts);
    }
    await Promise.all(crew.map((worker) => worker.kill()));
    return counts;
  };
}
