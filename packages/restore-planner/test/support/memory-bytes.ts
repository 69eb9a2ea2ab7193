// Bytes in memory as a source that gives them in pieces.
import { BufferedBytes } from '../../src/bytes/byte-source.ts';

export class MemoryBytes extends BufferedBytes {
  private readonly bytes: Uint8Array;
  private readonly pieceSize: number;
  private given = 0;

  constructor(
    bytes: Uint8Array | string,
    { name = 'memory', pieceSize = 1000 }: { name?: string; pieceSize?: number } = {},
  ) {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    super(name, buffer.length);
    this.bytes = buffer;
    this.pieceSize = pieceSize;
  }

  protected async next(): Promise<Uint8Array> {
    return this.bytes.subarray(this.given, (this.given += this.pieceSize));
  }

  protected jump(): number {
    return 0;
  }

  async close(): Promise<void> {}
}
