// Plays a trace into a simulator.
import { type AccessSink, playInto } from './batch.ts';
import { openTrace, type Replayed } from './open-trace.ts';
import type { TraceFormat } from './trace-formats.ts';

/**
 * Plays a trace, compressed or not, into a simulator.
 *
 * If it throws, the simulator has taken every access before the place that the error names.
 *
 * @param source The bytes, or chunks of them, such as `createReadStream(path)`.
 * @param format One of `TRACE_FORMATS`; `auto` detects it from the lines.
 * @param sim A CacheSim, or anything with `fetch`, `read` and `write`. Data of lackey's is cut to its `smallestLine`.
 * @returns How much was read.
 * @throws TraceError on what is not a trace: code, line and byte offset (of bad compressed data: how far the trace was read before).
 * @throws RangeError when the format is none.
 *
 * Cost: memory for one chunk and one line; up to 1 MiB until the format is known.
 */
export async function replay(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  format: TraceFormat | 'auto',
  sim: AccessSink,
): Promise<Replayed> {
  const trace = await openTrace(source, { format: format === 'auto' ? undefined : format, longest: sim.smallestLine });
  for await (const batch of trace) playInto(sim, batch);
  return trace.read;
}
