// Runs a job in a child process: the ID space, restore mode and limits of timers are a process's own.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../failure.ts';
import { childEnvironment, nodeFlagsFor } from '../node-flags.ts';
import type { JobInput, JobName, JobProgress, JobResult, Reply, Request } from './jobs.ts';
import { LiveUnavailableError } from './libc.ts';

/** The child's program: beside this file in the sources, one folder below in what is published. */
const CHILD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './live/child.js', import.meta.url),
);
/** How long an aborted job may clean up before its process is killed, which cleans up as well. */
const GRACE_MS = 2000;

export interface ChildOptions<Name extends JobName> {
  onProgress?: (progress: JobProgress<Name>) => void;
  /** Ends the job early: it returns what it has, or is killed after two seconds. */
  signal?: AbortSignal;
  /** Flags for Node.js. Default: those that the child needs. */
  execArgv?: readonly string[];
}

/**
 * Runs a job in a process of its own, which ends with it.
 *
 * @returns What the job returns.
 * @throws LiveUnavailableError where the kernel cannot be called; CommandError if the job fails or its process dies.
 */
export function runInChild<Name extends JobName>(
  job: Name,
  input: JobInput<Name>,
  { onProgress, signal, execArgv = nodeFlagsFor(CHILD) }: ChildOptions<Name> = {},
): Promise<JobResult<Name>> {
  const child = fork(CHILD, [], { execArgv: [...execArgv], env: childEnvironment(CHILD), serialization: 'advanced' });
  return new Promise<JobResult<Name>>((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const send = (request: Request): void => void child.send(request, () => {}); // a dead child is told by 'exit'
    const abort = (): void => {
      send({ abort: true });
      grace = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    child.on('message', (reply: Reply) => {
      if ('progress' in reply) onProgress?.(reply.progress as JobProgress<Name>);
      else if ('result' in reply) resolve(reply.result as JobResult<Name>);
      else reject(errorOf(reply.error));
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => {
      clearTimeout(grace);
      signal?.removeEventListener('abort', abort);
      const how = killedBy === null ? `with exit code ${code}` : `by ${killedBy}`;
      reject(new CommandError('input', `the child process that calls the kernel ended ${how} before its job was done`));
    });
    send({ job, input });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  if (name === 'LiveUnavailableError') return new LiveUnavailableError(message);
  return new CommandError(name === 'RangeError' ? 'misuse' : 'input', message);
}
