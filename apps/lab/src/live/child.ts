// The program of the child process: does the one job it is sent, then ends, and its timers with it.
import { JOBS, type JobContext, type JobName, type Reply, type Request } from './jobs.ts';

const abort = new AbortController();
// Ctrl-C reaches the whole foreground group: the parent decides what becomes of the job.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if ('abort' in request) abort.abort();
  else void perform(request.job, request.input);
});

async function perform(name: JobName, input: unknown): Promise<void> {
  const context: JobContext = { signal: abort.signal, onProgress: (progress) => reply({ progress }) };
  try {
    const job = (await JOBS[name]()) as (input: unknown, context: JobContext) => Promise<unknown>;
    last({ result: await job(input, context) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    last({ error: { name, message } });
  }
}

function reply(message: Reply): void {
  process.send?.(message);
}

/** Sends the outcome, then lets go of the parent, which ends this process. */
function last(message: Reply): void {
  process.send?.(message, () => process.disconnect());
}
