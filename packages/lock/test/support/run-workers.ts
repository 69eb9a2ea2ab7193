// Starts workers on shared words. They are bundled first: a worker does not read TypeScript.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { Job, Outcome } from './job.ts';

let bundle: string | undefined;

/** Runs the job in as many workers as it names, owners 1, 2, …; resolves with what each saw once all have ended. */
export function runWorkers(job: Omit<Job, 'owner'>): Promise<Outcome[]> {
  bundle ??= buildSync({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    conditions: ['@idspace/source'],
  }).outputFiles[0].text;
  const source = bundle;
  const owners = Array.from({ length: job.workers }, (_, i) => i + 1);
  return Promise.all(owners.map((owner) => runWorker(source, { ...job, owner })));
}

function runWorker(source: string, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let outcome: Outcome;
    new Worker(source, { eval: true, workerData: job })
      .on('message', (message: Outcome) => {
        outcome = message;
      })
      .on('error', reject)
      .on('exit', () => resolve(outcome));
  });
}
