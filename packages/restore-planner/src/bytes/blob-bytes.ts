// The bytes of a Blob: a file that a browser was given.
import { CheckpointError } from '../checkpoint-error.ts';
import { BufferedBytes } from './byte-source.ts';
import type { ReadOptions } from './read-options.ts';

const CHUNK = 256 * 1024; // bytes of one read

/** What is used of a Blob. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A Blob as a source; what is passed over is not read. */
export class BlobBytes extends BufferedBytes<number> {
  private offset = 0;
  private readonly blob: BlobLike;
  private readonly options: ReadOptions;

  /** @param name For errors. */
  constructor(name: string, blob: BlobLike, options: ReadOptions) {
    super(name, blob.size);
    this.blob = blob;
    this.options = options;
  }

  protected async next(): Promise<Uint8Array> {
    const { signal, onProgress } = this.options;
    signal?.throwIfAborted();
    const end = Math.min(this.offset + CHUNK, this.size);
    const chunk = await this.blob
      .slice(this.offset, end)
      .arrayBuffer()
      .catch((cause: Error) => {
        throw new CheckpointError('unreadable', { file: this.name }, cause.message, 'a readable file', cause);
      });
    this.offset = end;
    onProgress?.(this.offset, this.size);
    return new Uint8Array(chunk);
  }

  protected jump(length: number): number {
    const jumped = Math.min(length, this.size - this.offset);
    this.offset += jumped;
    return jumped;
  }

  async close(): Promise<void> {}
}
