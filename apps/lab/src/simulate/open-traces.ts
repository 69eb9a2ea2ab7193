// Opens the traces that a command line names: files, pipes, and standard input.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import {
  type OpenTrace,
  type OpenTraceOptions,
  openTrace,
  TRACE_FORMATS,
  type TraceBatch,
  TraceError,
} from '@idspace/cache-sim/trace';
import { CommandError, unusable } from '../cli/failure.ts';
import { readProblem } from '../cli/file-problem.ts';
import type { Terminal } from '../cli/terminal.ts';

/** Names of standard input. Opening it by a path fails where it is a socket, as it is for a child of Node. */
const STDIN = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** A trace and what it is called. */
export interface NamedTrace {
  name: string;
  trace: OpenTrace;
  /** Its accesses; what is wrong with them is a CommandError with its name. */
  batches: AsyncIterable<TraceBatch>;
}

/**
 * Opens traces.
 *
 * @param signal Ends the traces where they are, as if there were no more of them.
 * @param passed Is told which share of the files has been read, 0…1; 0 as long as there is none of a known size.
 * @throws CommandError for what cannot be read, or is not a trace.
 */
export async function openTraces(
  names: readonly string[],
  options: OpenTraceOptions,
  terminal: Terminal,
  signal: AbortSignal,
  passed: (share: number) => void,
): Promise<NamedTrace[]> {
  const sizes = { all: 0, read: 0 };
  const opened: NamedTrace[] = [];
  try {
    for (const name of names) {
      const source = STDIN.includes(name)
        ? (terminal.input ?? process.stdin)
        : await fileAt(resolve(terminal.folder, name), sizes);
      const counted = countedBytes(source, signal, (bytes) => {
        sizes.read += bytes;
        passed(sizes.all > 0 ? Math.min(sizes.read / sizes.all, 1) : 0);
      });
      const trace = await openTrace(counted, options).catch((error) => failed(name, error));
      opened.push({ name, trace, batches: batchesOf(trace, name) });
    }
    return opened;
  } catch (error) {
    for (const { trace } of opened) await trace.close();
    throw error;
  }
}

async function fileAt(path: string, sizes: { all: number }): Promise<AsyncIterable<Uint8Array>> {
  sizes.all += (await stat(path).catch(() => ({ size: 0 }))).size; // what is wrong is told when it is read
  return createReadStream(path);
}

async function* batchesOf(trace: OpenTrace, name: string): AsyncGenerator<TraceBatch> {
  try {
    yield* trace;
  } catch (error) {
    failed(name, error);
  }
}

/** Passes chunks on and tells how many bytes they have, until the source ends or the signal comes. */
async function* countedBytes(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  passed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let wake = (): void => {};
  signal.addEventListener('abort', () => wake());
  const next = (): Promise<IteratorResult<Uint8Array> | undefined> =>
    new Promise((resolve, reject) => {
      wake = () => resolve(undefined);
      iterator.next().then(resolve, reject);
    });
  try {
    while (!signal.aborted) {
      const step = await next();
      if (step === undefined || step.done === true) return;
      passed(step.value.length);
      yield step.value;
    }
  } finally {
    // A stream that is waited for would hold the program; it does not listen to its iterator before a chunk comes.
    if (signal.aborted && source instanceof Readable) source.destroy();
    else if (!signal.aborted) await iterator.return?.();
  }
}

/** Says of an error which trace it is of, and what to do. */
function failed(name: string, error: unknown): never {
  if (error instanceof TraceError) {
    const hint = error.code === 'unknown-format' ? `Say which it is with --format: ${TRACE_FORMATS.join(', ')}` : '';
    throw new CommandError('input', `${name}, ${error.message}`, { cause: error, hint });
  }
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
  throw unusable(name, readProblem(error), 'a readable trace file', {
    cause: error,
  });
}
