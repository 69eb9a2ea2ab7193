// Decodes one frame of zstd, and checks all of it: for browsers, which have no decoder of their own.
// Source: RFC 8878, 3.1.1.
import type { FrameHeader } from '../zstd-frames.ts';
import { Literals } from './literals.ts';
import { Sequences } from './sequences.ts';
import { Xxh64 } from './xxh64.ts';
import { ZstdError } from './zstd-error.ts';

const MAX_BLOCK = 128 * 1024; // bytes that a block stands for
const BLOCK_HEAD = 3; // bytes
const CHECKSUM = 4; // bytes
const STORED = 0;
const REPEATED = 1;
const FIRST_ROOM = 4 * MAX_BLOCK; // bytes, for what was decoded
const LONG = 64; // bytes from which on a copy by the engine is faster than a loop
const SPARE = 8 * 2 ** 20; // bytes of room beyond a window, at most: so much is decoded until the window is moved to the front

/** What a frame is read in, one after the other. */
type Part = 'header' | 'block head' | 'block' | 'checksum' | 'nothing';

/** A decoder of one frame. */
export class ZstdDecoder {
  private readonly header: FrameHeader;
  private readonly mostInBlock: number;
  private readonly literals: Literals;
  private readonly sequences = new Sequences();
  private readonly hash: Xxh64 | undefined;

  /** What was decoded last, a window of it at least. */
  private room: Uint8Array;
  /** Bytes of it that are decoded; and that were handed on. */
  private end = 0;
  private handedOn = 0;
  /** Bytes of the frame that are decoded. */
  private total = 0;

  private part: Part = 'header';
  /** The bytes of that part which have come. */
  private readonly came: Uint8Array;
  private cameBytes = 0;
  /** Bytes of that part. */
  private wanted: number;
  private blockType = 0;
  /** Bytes that the block repeats, or is stored in. */
  private blockSize = 0;
  private isLast = false;

  /** @param header Of the frame, whose window is one that there is memory for. */
  constructor(header: FrameHeader) {
    this.header = header;
    this.mostInBlock = Math.min(header.window, MAX_BLOCK);
    this.literals = new Literals(this.mostInBlock);
    this.hash = header.hasChecksum ? new Xxh64() : undefined;
    this.room = new Uint8Array(Math.min(FIRST_ROOM, header.window + 2 * MAX_BLOCK));
    this.came = new Uint8Array(Math.max(header.length, this.mostInBlock));
    this.wanted = header.length;
  }

  /**
   * Decodes the bytes that follow those given before, the frame's header first.
   *
   * @throws ZstdError for data that is damaged.
   * Cost: what comes out in one piece is at most 256 KiB.
   */
  *decode(piece: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + this.wanted - this.cameBytes);
      this.came.set(taken, this.cameBytes);
      this.cameBytes += taken.length;
      at += taken.length;
      // A block of no bytes is whole before any byte of it comes.
      while (this.cameBytes === this.wanted) {
        const bytes = this.came.subarray(0, this.cameBytes);
        this.cameBytes = 0;
        this.endPart(bytes);
        if (this.part === 'nothing') break;
      }
      if (this.end - this.handedOn >= MAX_BLOCK) yield this.handOn();
      if (this.part === 'nothing' && at < piece.length) throw new ZstdError();
    }
    if (this.end > this.handedOn) yield this.handOn();
  }

  close(): void {}

  private handOn(): Uint8Array {
    const bytes = this.room.slice(this.handedOn, this.end);
    this.handedOn = this.end;
    return bytes;
  }

  private endPart(bytes: Uint8Array): void {
    if (this.part === 'header') this.begin('block head', BLOCK_HEAD);
    else if (this.part === 'block head') this.readHead(bytes);
    else if (this.part === 'block') this.readBlock(bytes);
    else this.verify(bytes);
  }

  private begin(part: Part, wanted: number): void {
    this.part = part;
    this.wanted = wanted;
  }

  private readHead([a = 0, b = 0, c = 0]: Uint8Array): void {
    this.isLast = (a & 1) === 1;
    this.blockType = (a >> 1) & 3;
    this.blockSize = (a >> 3) | (b << 5) | (c << 13);
    if (this.blockSize > this.mostInBlock) throw new ZstdError();
    this.begin('block', this.blockType === REPEATED ? 1 : this.blockSize);
  }

  private readBlock(bytes: Uint8Array): void {
    this.makeRoom();
    const start = this.end;
    if (this.blockType === STORED) this.append(bytes);
    else if (this.blockType === REPEATED) this.room.fill(bytes[0]!, start, (this.end += this.blockSize));
    // As the reference decoder has it, a compressed block of no bytes stands for none.
    else if (bytes.length > 0) this.decodeBlock(bytes);
    this.total += this.end - start;
    this.hash?.update(this.room.subarray(start, this.end));
    const { size } = this.header;
    if (this.isLast && size !== undefined && this.total !== size) throw new ZstdError();
    if (!this.isLast) this.begin('block head', BLOCK_HEAD);
    else if (this.hash === undefined) this.begin('nothing', 0);
    else this.begin('checksum', CHECKSUM);
  }

  private verify(bytes: Uint8Array): void {
    const checksum = new DataView(bytes.buffer, bytes.byteOffset, CHECKSUM).getInt32(0, true);
    if (this.hash!.low() !== checksum) throw new ZstdError('wrong checksum');
    this.begin('nothing', 0);
  }

  /** Sees to it that a block fits: makes the room larger, or moves to its front what is still needed. */
  private makeRoom(): void {
    const { window } = this.header;
    const most = window + Math.min(Math.max(window, FIRST_ROOM), SPARE) + MAX_BLOCK;
    if (this.end + MAX_BLOCK > this.room.length && this.room.length < most) {
      const larger = new Uint8Array(Math.min(most, this.room.length * 2));
      larger.set(this.room.subarray(0, this.end));
      this.room = larger;
    }
    if (this.end + MAX_BLOCK > this.room.length) {
      const from = Math.min(this.handedOn, this.end - Math.min(this.end, window));
      this.room.copyWithin(0, from, this.end);
      this.end -= from;
      this.handedOn -= from;
    }
  }

  private append(bytes: Uint8Array): void {
    this.room.set(bytes, this.end);
    this.end += bytes.length;
  }

  private decodeBlock(bytes: Uint8Array): void {
    const { sequences, room } = this;
    const { literals, length } = this.literals.read(bytes);
    const start = this.end;
    const limit = start + this.mostInBlock;
    let taken = 0;
    sequences.begin(bytes.subarray(length));
    while (sequences.next()) {
      const copyAt = this.end + sequences.literals;
      const end = copyAt + sequences.match;
      const reach = Math.min(this.total + copyAt - start, this.header.window);
      if (end > limit || taken + sequences.literals > literals.length || sequences.offset > reach) {
        throw new ZstdError();
      }
      for (let at = this.end; at < copyAt; at++) room[at] = literals[taken++]!;
      const from = copyAt - sequences.offset;
      if (sequences.match >= LONG && sequences.match <= sequences.offset)
        room.copyWithin(copyAt, from, from + sequences.match);
      else if (sequences.offset === 1) room.fill(room[from]!, copyAt, end);
      else for (let at = copyAt; at < end; at++) room[at] = room[at - sequences.offset]!;
      this.end = end;
    }
    if (this.end + literals.length - taken > limit) throw new ZstdError();
    this.append(literals.subarray(taken));
  }
}
