// The program of the child process: does the one job it is sent, then ends, and what it made with it.
import type { JobContext, JobPlace, Reply, Request } from './job.ts';
import { isRefusal } from './misuse.ts';

const abort = new AbortController();
// Ctrl-C reaches the whole foreground group: the parent decides what becomes of the job.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if ('abort' in request) abort.abort();
  else void perform(request, request.input);
});

async function perform({ module, name }: JobPlace, input: unknown): Promise<void> {
  const context: JobContext = { signal: abort.signal, onProgress: (progress) => reply({ progress }) };
  try {
    const { [name]: job } = await import(module);
    last({ result: await job(input, context) });
  } catch (error) {
    const { name, message, code } = (
      error instanceof Error ? error : new Error(String(error))
    ) as NodeJS.ErrnoException;
    const refused = isRefusal(error) && { argument: error.argument, got: error.got, expected: error.expected };
    last({ error: { name, message, ...(code === undefined ? {} : { code }), ...(refused && { refused }) } });
  }
}

function reply(message: Reply): void {
  process.send?.(message, () => {}); // a dead parent is told by 'disconnect'
}

/** Sends the outcome, then lets go of the parent, which ends this process. */
function last(message: Reply): void {
  process.send?.(message, () => process.connected && process.disconnect());
}
