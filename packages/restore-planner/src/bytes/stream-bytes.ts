// The bytes of a stream, when they arrive: standard input, a pipe, a download.
import { CheckpointError } from '../checkpoint-error.ts';
import type { StopSignal } from '../stop-signal.ts';
import { BufferedBytes } from './byte-source.ts';
import type { ReadOptions } from './read-options.ts';

/** A stream as a source. What is waited for ends with the signal. */
export class StreamBytes extends BufferedBytes<null> {
  private readonly stream: AsyncIterable<Uint8Array> & { destroy?(): unknown };
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly signal: StopSignal | undefined;

  /** @param name For errors. */
  constructor(name: string, stream: AsyncIterable<Uint8Array>, { signal }: ReadOptions) {
    super(name, null);
    this.stream = stream;
    this.chunks = stream[Symbol.asyncIterator]();
    this.signal = signal;
  }

  protected async next(): Promise<Uint8Array> {
    this.signal?.throwIfAborted();
    const { done, value } = await unlessAborted(this.chunks.next(), this.signal).catch((cause: unknown) => {
      this.signal?.throwIfAborted();
      const got = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError('unreadable', { file: this.name }, got, 'a stream that can be read', cause);
    });
    if (done) return new Uint8Array(0);
    if (!(value instanceof Uint8Array)) {
      throw new CheckpointError('unreadable', { file: this.name }, `a chunk of type ${typeof value}`, 'bytes');
    }
    return value.length === 0 ? this.next() : value;
  }

  protected jump(): number {
    return 0;
  }

  /** Does not wait for what may never come. */
  async close(): Promise<void> {
    if (this.stream.destroy !== undefined) this.stream.destroy();
    else this.chunks.return?.().catch(() => {});
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: StopSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
