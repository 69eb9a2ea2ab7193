// Decompression of zstd by a stream of Node's zlib, piece by piece: what a piece expands to is known to be out before the next goes in.
import type { Transform } from 'node:stream';
import { ZstdError } from './zstd/zstd-error.ts';

/** A stream of zlib. Its work is done in other threads. */
export class ZlibPieces {
  private readonly stream: Transform;
  private failure: Error | undefined;
  private wake: () => void = () => {};

  constructor(stream: Transform) {
    this.stream = stream;
    stream.on('readable', () => this.wake());
    stream.on('error', (error) => {
      this.failure = error;
      this.wake();
    });
  }

  /**
   * Yields all that a piece expands to.
   *
   * @throws ZstdError for damaged data: the runtime chooses what code its own error has, if any.
   */
  async *decode(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    let isIn = false;
    this.stream.write(piece, (error) => {
      if (error) return; // the stream tells it, and better
      isIn = true;
      this.wake();
    });
    while (true) {
      const chunk: Uint8Array | null = this.failure === undefined ? this.stream.read() : null;
      if (this.failure !== undefined) throw new ZstdError(this.failure.message, this.failure);
      if (chunk !== null) yield chunk;
      else if (isIn) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close(): void {
    this.stream.destroy();
  }
}
