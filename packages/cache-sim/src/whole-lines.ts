// Cuts a stream of chunks into blocks of whole lines.
import { joined } from './peek.ts';
import { NEWLINE } from './trace-cursor.ts';

/** Keeps the start of a line until its end comes. */
export class WholeLines {
  private kept: Uint8Array = new Uint8Array(0);

  /** Bytes of the line whose end has not come. */
  get pending(): number {
    return this.kept.length;
  }

  /** Returns the lines that the chunk completes, or undefined when it completes none. */
  take(chunk: Uint8Array): Uint8Array | undefined {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const block = end > 0 ? joined(this.kept, chunk.subarray(0, end)) : undefined;
    // A copy: the reader of a file may use the chunk's memory again.
    this.kept = joined(end > 0 ? new Uint8Array(0) : this.kept, chunk.slice(end));
    return block;
  }

  /** Returns the last line when the input ended without a line end, with one. */
  end(): Uint8Array | undefined {
    return this.kept.length > 0 ? joined(this.kept, Uint8Array.of(NEWLINE)) : undefined;
  }
}
