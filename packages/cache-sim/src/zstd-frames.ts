// Finds where the frames of zstd data end without decoding them (RFC 8878, §3.1): so that each is decoded to its end, and half a
// frame is not taken for a whole one.
import { joined } from './peek.ts';
import { isSkippable, isZstd, ZstdError } from './zstd-start.ts';

/** Bytes of a dictionary's number, by two bits of the header; and of the content's size. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
/** Every frame takes a decompressor about 0.1 ms, however short it is; tools that write several make them of 64 KiB and more. */
const FREE_FRAMES = 4096;
const FRAME_BYTES = 1024;
/** Type of a block: one byte, repeated. */
const RLE = 1;
const RESERVED = 3;

/** The bytes of the data that have not been passed on. */
class Source {
  /** Bytes taken. */
  taken = 0;
  private kept: Uint8Array = new Uint8Array(0);
  private readonly iterator: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** Whether everything was taken. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.fill(1));
  }

  /** Takes so many bytes, few. */
  async take(length: number): Promise<Uint8Array> {
    if (!(await this.fill(length))) throw new ZstdError('truncated-zstd', 'the data ends inside a frame');
    const taken = this.kept.subarray(0, length);
    this.kept = this.kept.subarray(length);
    this.taken += length;
    return taken;
  }

  /** Takes so many bytes, piece by piece. */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.kept.length === 0) await this.fill(1);
      const piece = await this.take(Math.min(left, Math.max(this.kept.length, 1)));
      left -= piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private async fill(length: number): Promise<boolean> {
    while (this.kept.length < length) {
      const { done, value } = await this.iterator.next();
      if (done === true) return false;
      this.kept = joined(this.kept, value);
    }
    return true;
  }
}

/**
 * Yields the frames one after the other, each as its bytes; a frame must be read to its end before the next.
 *
 * @throws ZstdError `truncated-zstd` where the data ends inside a frame, `bad-zstd` where no frame starts.
 */
export async function* zstdFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ZstdFrame> {
  const source = new Source(chunks);
  try {
    for (let count = 1; !(await source.isAtEnd()); count++) {
      if (count > FREE_FRAMES + source.taken / FRAME_BYTES)
        throw new ZstdError('bad-zstd', `${count} frames in few bytes`);
      const magic = await source.take(4);
      if (isSkippable(magic)) await skip(source);
      else if (isZstd(magic)) yield new ZstdFrame(source, magic);
      else throw new ZstdError('bad-zstd', 'no frame starts where one ended');
    }
  } finally {
    await source.close();
  }
}

/** One frame, as its bytes. */
class ZstdFrame implements AsyncIterable<Uint8Array> {
  /** Bytes that it stands for, as its header says: known once the bytes are read, if it says so. */
  size: number | undefined;
  private readonly source: Source;
  private readonly magic: Uint8Array;

  constructor(source: Source, magic: Uint8Array) {
    this.source = source;
    this.magic = magic;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { source } = this;
    yield this.magic;
    const descriptor = await source.take(1);
    yield descriptor;
    const flags = descriptor[0]!;
    const isSingle = (flags & 0x20) !== 0;
    const sizeBytes = CONTENT_SIZE_BYTES[flags >> 6]! || (isSingle ? 1 : 0);
    yield await source.take((isSingle ? 0 : 1) + DICTIONARY_BYTES[flags & 3]!);
    if (sizeBytes > 0) {
      const field = await source.take(sizeBytes);
      this.size = field.reduceRight((sum, byte) => sum * 256 + byte, 0) + (sizeBytes === 2 ? 256 : 0);
      yield field;
    }
    for (let isLast = false; !isLast; ) {
      const header = await source.take(3);
      yield header;
      const word = header[0]! | (header[1]! << 8) | (header[2]! << 16);
      isLast = (word & 1) === 1;
      const type = (word >> 1) & 3;
      if (type === RESERVED) throw new ZstdError('bad-zstd', 'a block of no known type');
      yield* source.pass(type === RLE ? 1 : word >> 3);
    }
    if ((flags & 4) !== 0) yield await source.take(4); // the checksum
  }
}

async function skip(source: Source): Promise<void> {
  const [a, b, c, d] = await source.take(4);
  for await (const _ of source.pass((a! | (b! << 8) | (c! << 16)) + d! * 2 ** 24));
}
