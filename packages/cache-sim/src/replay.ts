// Plays a trace into a simulator, a chunk at a time; no line ever becomes a string.

import { type AccessSink, Batch } from './batch.ts';
import { gunzipped } from './gunzip.ts';
import { MAX_BYTES, TraceCursor } from './trace-cursor.ts';
import { TraceError } from './trace-error.ts';
import { TRACE_READERS, type TraceFormat } from './trace-formats.ts';
import { WholeLines } from './whole-lines.ts';

/** Longest line kept while its end has not come. */
const MAX_LINE_BYTES = 65536;

/** What was read. */
export interface Replayed {
  /** Accesses passed on. */
  accesses: number;
  /** Lines, those left out included. */
  lines: number;
}

/**
 * Plays a trace, compressed or not, into a simulator.
 *
 * gzip is known by its first two bytes. The simulator has taken every access before the place an error names.
 *
 * @param source The bytes, or chunks of them, such as `createReadStream(path)`.
 * @param format `lackey` (valgrind's memory trace; modifies count as reads, data is cut to the shortest line) or
 *   `din` (label 0/1/2 or r/w/i, hexadecimal address, decimal size, 4 when absent).
 * @param sim A CacheSim, or anything with `fetch`, `read` and `write`.
 * @returns How much was read.
 * @throws TraceError on what is no trace: code, line and byte offset (of bad gzip data: how far the trace was read before).
 * @throws RangeError when the format is neither.
 *
 * Cost: memory for one chunk and one line.
 */
export async function replay(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  format: TraceFormat,
  sim: AccessSink,
): Promise<Replayed> {
  if (!Object.hasOwn(TRACE_READERS, format)) {
    throw new RangeError(`cache-sim: trace format is '${format}'; expected ${Object.keys(TRACE_READERS).join(' or ')}`);
  }
  const cursor = new TraceCursor();
  const batch = new Batch(sim);
  const lines = new WholeLines();
  const play = (block: Uint8Array | undefined): void => {
    if (block === undefined) return;
    cursor.nextBlock(block);
    TRACE_READERS[format](cursor, batch, sim.smallestLine ?? MAX_BYTES);
  };
  try {
    for await (const chunk of gunzipped(source instanceof Uint8Array ? single(source) : source)) {
      play(lines.take(chunk));
      if (lines.pending > MAX_LINE_BYTES) throw longLine(lines.pending, cursor);
    }
    play(lines.end());
  } catch (error) {
    throw gzipError(error, cursor) ?? error;
  } finally {
    batch.flush();
  }
  return { accesses: cursor.accesses, lines: cursor.line - 1 };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function longLine(got: number, { line, offset }: TraceCursor): TraceError {
  const problem = `got ${got} bytes without a line end; expected one within ${MAX_LINE_BYTES}`;
  return new TraceError('long-line', problem, line, offset);
}

/** What zlib's error means for the trace; undefined for every other error. */
function gzipError(cause: unknown, { line, offset }: TraceCursor): TraceError | undefined {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR') {
    return new TraceError('truncated-gzip', 'got an end of file inside the gzip data', line, offset, { cause });
  }
  if (!code.startsWith('Z_')) return undefined;
  return new TraceError('bad-gzip', `expected gzip data, got damaged data (${code})`, line, offset, { cause });
}
