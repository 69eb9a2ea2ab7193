// Bytes read from front to back: what files, decompressors and the members of archives have in common.

import { joined } from './text.ts';

/** A stream of bytes that can be looked ahead in. */
export interface ByteSource {
  /** For errors: the path. */
  readonly name: string;
  /** Bytes in all; null where only the end will tell. */
  readonly size: number | null;
  /** Bytes taken so far. */
  readonly position: number;
  /** Milliseconds for which bytes had to be waited for. */
  readonly waited: number;
  /** Returns the next bytes without taking them; fewer than asked for only at the end. @param most Returns as many as are there already. */
  peek(length: number, most?: number): Promise<Uint8Array>;
  /** Takes the next bytes; fewer than asked for only at the end. */
  read(length: number): Promise<Uint8Array>;
  /** Passes over bytes, unread where the source is a file; returns how many, fewer only at the end. */
  skip(length: number): Promise<number>;
  close(): Promise<void>;
}

/** Buffers what comes in chunks. */
export abstract class BufferedBytes<Size extends number | null = number | null> implements ByteSource {
  readonly name: string;
  readonly size: Size;
  position = 0;
  waited = 0;
  private buffer: Uint8Array = new Uint8Array(0);

  constructor(name: string, size: Size) {
    this.name = name;
    this.size = size;
  }

  /** Returns the bytes after those returned before, as many as come in one piece; none at the end. */
  protected abstract next(): Promise<Uint8Array>;

  /** Passes over bytes after those returned before, if it can be done without reading them; returns how many. */
  protected abstract jump(length: number): number | Promise<number>;

  abstract close(): Promise<void>;

  async peek(length: number, most: number = length): Promise<Uint8Array> {
    await this.fill(length);
    return this.buffer.subarray(0, most);
  }

  async read(length: number): Promise<Uint8Array> {
    await this.fill(length);
    return this.take(length);
  }

  async skip(length: number): Promise<number> {
    let skipped = this.take(length).length;
    while (skipped < length) {
      const jumped = await this.jump(length - skipped);
      this.position += jumped;
      skipped += jumped;
      if (skipped === length) break;
      this.buffer = await this.timed();
      if (this.buffer.length === 0) break;
      skipped += this.take(length - skipped).length;
    }
    return skipped;
  }

  private async timed(): Promise<Uint8Array> {
    const start = performance.now();
    const chunk = await this.next();
    this.waited += performance.now() - start;
    return chunk;
  }

  private take(length: number): Uint8Array {
    const taken = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(taken.length);
    this.position += taken.length;
    return taken;
  }

  /** Buffers at least so many bytes, if there are. Grows with what has come, not with what was asked for. */
  private async fill(length: number): Promise<void> {
    if (this.buffer.length >= length) return;
    const chunks = [this.buffer];
    let filled = this.buffer.length;
    while (filled < length) {
      const chunk = await this.timed();
      if (chunk.length === 0) break;
      chunks.push(chunk);
      filled += chunk.length;
    }
    const filledOnes = chunks.filter(({ length }) => length > 0);
    this.buffer = filledOnes.length === 1 ? filledOnes[0]! : joined(filledOnes);
  }
}

/** A part of a source that is read as a source of its own: the contents of an archive's member. */
export class PartBytes extends BufferedBytes<number> {
  private readonly whole: ByteSource;
  private given = 0;
  /** What is being taken of the whole: a decompressor reads ahead, and goes on after what it made was enough. */
  private taking: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  /** @param size Bytes of the part, which begins where `whole` stands. */
  constructor(name: string, size: number, whole: ByteSource) {
    super(name, size);
    this.whole = whole;
  }

  protected async next(): Promise<Uint8Array> {
    if (this.isClosed) return new Uint8Array(0);
    const taking = this.whole.read(Math.min(PART_PIECE, this.size - this.given));
    this.taking = taking;
    const piece = await taking;
    this.given += piece.length;
    return piece;
  }

  protected async jump(length: number): Promise<number> {
    const jumped = await this.whole.skip(Math.min(length, this.size - this.given));
    this.given += jumped;
    return jumped;
  }

  /** Nothing is taken of the whole from then on: the next to read it is alone. The whole stays open. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.taking.catch(() => {}); // the next read of the whole fails, too
  }
}

const PART_PIECE = 64 * 1024; // bytes

/** Returns all that is left, piece by piece. */
export async function* remaining(bytes: ByteSource, pieceSize: number): AsyncGenerator<Uint8Array> {
  while (true) {
    const piece = await bytes.read(pieceSize);
    if (piece.length === 0) return;
    yield piece;
  }
}
