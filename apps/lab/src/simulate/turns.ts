// The accesses of all traces in one order, each with its core: one access of each trace in turn.
import type { TraceBatch } from '@idspace/cache-sim/trace';
import type { NamedTrace } from './open-traces.ts';

/** Accesses and their cores. */
export interface CoreBatch {
  kinds: Uint8Array;
  addresses: Float64Array;
  bytes: Int32Array;
  /** Uint16Array, shape [≥ length]. */
  cores: Uint16Array;
  length: number;
}

const BATCH = 4096;

/** Yields the accesses of the traces. @param cores A thread, or a trace that names none, is on the core of its number modulo this. */
export async function* inTurns(traces: readonly NamedTrace[], cores: number): AsyncGenerator<CoreBatch> {
  const threads = new Threads(cores);
  if (traces.length === 1) {
    const onCores = new Uint16Array(BATCH);
    for await (const batch of traces[0]!.batches) {
      if (cores > 1) for (let at = 0; at < batch.length; at++) onCores[at] = threads.coreOf(0, batch.threads[at]!);
      const { kinds, addresses, bytes, length } = batch;
      yield { kinds, addresses, bytes, length, cores: onCores };
    }
    return;
  }
  yield* dealt(
    traces.map((trace, number) => new Hand(trace.batches, number)),
    threads,
  );
}

async function* dealt(hands: Hand[], threads: Threads): AsyncGenerator<CoreBatch> {
  const out = {
    kinds: new Uint8Array(BATCH),
    addresses: new Float64Array(BATCH),
    bytes: new Int32Array(BATCH),
    cores: new Uint16Array(BATCH),
    length: 0,
  };
  for (let left = hands; left.length > 0; ) {
    for (const hand of left) {
      const batch = hand.current ?? (await hand.next());
      if (batch === undefined) {
        left = left.filter((other) => other !== hand);
        continue;
      }
      const at = out.length++;
      out.kinds[at] = batch.kinds[hand.at]!;
      out.addresses[at] = batch.addresses[hand.at]!;
      out.bytes[at] = batch.bytes[hand.at]!;
      out.cores[at] = threads.coreOf(hand.number, batch.threads[hand.at]!);
      hand.take();
      if (out.length < BATCH) continue;
      yield out;
      out.length = 0;
    }
  }
  if (out.length > 0) yield out;
}

/** A trace and how far it has been dealt out. */
class Hand {
  readonly number: number;
  at = 0;
  current: TraceBatch | undefined;
  private readonly batches: AsyncIterator<TraceBatch>;

  constructor(batches: AsyncIterable<TraceBatch>, number: number) {
    this.number = number;
    this.batches = batches[Symbol.asyncIterator]();
  }

  async next(): Promise<TraceBatch | undefined> {
    const { done, value } = await this.batches.next();
    this.at = 0;
    this.current = done === true ? undefined : value;
    return this.current;
  }

  /** Passes over one access. */
  take(): void {
    this.at++;
    if (this.at >= this.current!.length) this.current = undefined;
  }
}

/** Numbers the threads of all traces in the order of their first accesses. */
class Threads {
  private readonly cores: number;
  private readonly numbers: number[][] = [];
  private count = 0;

  constructor(cores: number) {
    this.cores = cores;
  }

  coreOf(trace: number, thread: number): number {
    const ofTrace = (this.numbers[trace] ??= []);
    const number = (ofTrace[thread] ??= this.count++);
    return number % this.cores;
  }
}
