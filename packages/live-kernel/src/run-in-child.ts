// Runs a job in a child process: the ID spaces, restore mode and limits of a process are its own.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, JobPlace, Reply, Request } from './job.ts';
import { LiveKernelError } from './live-kernel-error.ts';
import { checkKeys, refusal } from './misuse.ts';
import { childEnvironment, nodeFlagsFor } from './node-flags.ts';
import type { StopSignal } from './stop-signal.ts';

/** The child's program, beside this file: in the sources as in what is published. */
const CHILD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url));
/** How long an aborted job may clean up before its process is killed, which cleans up as well: a busy machine takes seconds. */
const GRACE_MS = 30_000;

/** How a job is run. */
export interface ChildOptions<Progress> {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the job early: it returns what it has, or is killed after 30 seconds. */
  signal?: StopSignal | undefined;
  /** Flags for Node.js. Default: those that the job's module needs. */
  execArgv?: readonly string[] | undefined;
}

const OPTIONS: readonly string[] = ['onProgress', 'signal', 'execArgv'] satisfies (keyof ChildOptions<never>)[];

/**
 * Runs a job in a process of its own, which ends with it.
 *
 * @typeParam J The type of the job, such as `typeof measureKernel`.
 * @param place The job's module, as a URL, and the name that it exports the job under.
 * @returns What the job returns.
 * @throws RangeError before anything is started, for an option that there is not; RangeError, with its parts, if the job throws one; LiveKernelError where the kernel cannot be called, if the job throws anything else, or if its process dies.
 */
export function runInChild<J extends Job<never, never, unknown>>(
  place: JobPlace,
  input: InputOf<J>,
  options: ChildOptions<ProgressOf<J>> = {},
): Promise<ResultOf<J>> {
  checkKeys('place', place, ['module', 'name'], 'where a job is: { module, name }');
  checkKeys('options', options, OPTIONS);
  const { onProgress, signal, execArgv = nodeFlagsFor(place.module) } = options;
  const env = childEnvironment(place.module);
  const child = fork(CHILD, [], { execArgv: [...execArgv], env, serialization: 'advanced' });
  return new Promise<ResultOf<J>>((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const send = (request: Request): void => void child.send(request, () => {}); // a dead child is told by 'exit'
    const abort = (): void => {
      send({ abort: true });
      grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    child.on('message', (reply: Reply) => {
      if ('progress' in reply) onProgress?.(reply.progress as ProgressOf<J>);
      else if ('result' in reply) resolve(reply.result as ResultOf<J>);
      else reject(errorOf(reply.error));
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => {
      clearTimeout(grace);
      signal?.removeEventListener('abort', abort);
      const how = killedBy === null ? `with exit code ${code}` : `by ${killedBy}`;
      const text = `the child process that calls the kernel ended ${how} before its job was done`;
      reject(new LiveKernelError('child-died', text));
    });
    send({ ...place, input });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

type InputOf<J> = J extends Job<infer Input, never, unknown> ? Input : never;
type ProgressOf<J> = J extends Job<never, infer Progress, unknown> ? Progress : never;
type ResultOf<J> = J extends Job<never, never, infer Result> ? Result : never;

function errorOf({ name, message, code, refused }: Extract<Reply, { error: unknown }>['error']): Error {
  if (refused !== undefined) return refusal(refused.argument, refused.got, refused.expected);
  if (name === 'RangeError') return new RangeError(message);
  return new LiveKernelError(name === 'LiveKernelError' && code === 'unavailable' ? code : 'job-failed', message);
}
