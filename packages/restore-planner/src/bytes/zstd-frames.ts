// The frames of zstd: walked here, so that every decoder is given one frame at a time, of a window that is not too large, and a
// file that ends early or goes on with something else is told. Node 22's decoder tells neither. Memory full of zeros becomes
// blocks of one repeated byte, which are left out where they are many: 64 GiB of it would take a decoder 20 s.
// Source: RFC 8878, 3.1.
import { CheckpointError } from '../checkpoint-error.ts';
import type { ByteSource } from './byte-source.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5; // without its lowest 4 bits
const LONGEST_HEADER = 18; // bytes: magic, flags, window, dictionary, content size
const MAX_WINDOW = 128 * 2 ** 20; // bytes: what `zstd -d` takes without being told to take more
const PIECE = 256 * 1024; // bytes handed on in one piece, at most
const BLOCK_HEAD = 3; // bytes
const MAX_BLOCK = 128 * 1024; // bytes that are stored of a block
const RLE = 1; // a block of one byte that is repeated
const RESERVED = 3;
const CHECKSUM = 4; // bytes

// Every frame costs about 0.1 ms, however short. Tools that write several make them of 64 KiB and more.
const FREE_FRAMES = 4096;
const FRAME_BYTES = 1024; // of the file, for each frame beyond

/** One byte again and again. */
export interface Run {
  byte: number;
  /** How many, without the first of them: those are decoded. */
  length: number;
}

/** What a frame is handed on as: bytes for the decoder, or a run that is in the place of some. */
export type Piece = Uint8Array | Run;

/** What is known of a frame before it is decoded. */
export interface FrameHeader {
  /** Bytes. */
  readonly length: number;
  /** Bytes, at most 128 MiB. */
  readonly window: number;
  readonly hasChecksum: boolean;
  /** Bytes that the frame stands for; undefined where the header does not tell. */
  readonly size: number | undefined;
}

export interface Frame {
  readonly header: FrameHeader;
  readonly pieces: AsyncIterable<Piece>;
}

/**
 * Yields the frames that hold data, each as the pieces of its bytes; skippable ones are passed over.
 *
 * Every frame is to be read to its end before the next is asked for. A piece is to be decoded in full before a run is put after it. A frame in which
 * there was a run ends without its end: its checksum cannot be verified any more.
 * @throws CheckpointError, also from the frames, for what is not a frame, a file that ends inside one, a dictionary, a window of more than 128 MiB, or too many frames.
 * Cost: memory for one piece of 256 KiB.
 */
export async function* zstdFrames(bytes: ByteSource): AsyncGenerator<Frame> {
  for (let count = 1; ; count++) {
    const start = await bytes.peek(LONGEST_HEADER);
    if (start.length === 0) return;
    if (count > FREE_FRAMES + bytes.position / FRAME_BYTES) {
      const expected = `at most ${FREE_FRAMES} and one for each ${FRAME_BYTES} bytes`;
      throw new CheckpointError('too-large', placeIn(bytes), `${count} zstd frames`, expected);
    }
    const magic = wordAt(start, 0);
    if (magic === MAGIC) {
      const header = headerIn(start, bytes);
      yield { header, pieces: piecesOf(bytes, header) };
    } else if (magic >>> 4 === SKIPPABLE) await skipFrame(bytes);
    else if (start.length < 4) throw truncated(bytes, 'frame header');
    else throw damaged(bytes, `0x${magic.toString(16).padStart(8, '0')} where a frame begins`);
  }
}

/** Reads what a frame's header asks for, and checks it. */
function headerIn(start: Uint8Array, bytes: ByteSource): FrameHeader {
  const flags = start[4] ?? 0;
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const sizeAt = dictionaryAt + [0, 1, 2, 4][flags & 3]!;
  const length = sizeAt + [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  if (start.length < length) throw truncated(bytes, 'frame header');
  if ((flags & 8) !== 0) throw damaged(bytes, 'a reserved bit of a frame header set');
  if (start.subarray(dictionaryAt, sizeAt).some((byte) => byte !== 0)) throw damaged(bytes, 'data for a dictionary');
  const size = length === sizeAt ? undefined : contentSize(start.subarray(sizeAt, length));
  const window = isSingleSegment ? size! : windowSize(start[5]!);
  if (window > MAX_WINDOW) {
    const expected = `at most ${MAX_WINDOW}: decompress it first`;
    throw new CheckpointError('too-large', placeIn(bytes), `a zstd window of ${window} bytes`, expected);
  }
  return { length, window, size, hasChecksum: (flags & 4) !== 0 };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(field: Uint8Array): number {
  const size = field.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return field.length === 2 ? size + 256 : size;
}

/** Yields the bytes of one frame, from its magic to its checksum. */
async function* piecesOf(bytes: ByteSource, header: FrameHeader): AsyncGenerator<Piece> {
  const blocks = new Blocks(bytes, header);
  while (true) {
    const next = blocks.scan(await bytes.peek(BLOCK_HEAD + 1, PIECE));
    if (blocks.scanned > 0) yield await bytes.read(blocks.scanned);
    if (next === 'end') return skipChecksum(bytes, blocks.unread);
    if (next === 'run') {
      let length = 0;
      for (let run = -1; run !== 0; length += run) {
        run = blocks.scanRun(await bytes.peek(BLOCK_HEAD + 1, PIECE));
        await bytes.read(blocks.scanned);
      }
      if (length > 0) yield { byte: blocks.byte, length };
    } else if (next === 'open-end') {
      const [low = 0, ...rest] = await bytes.read(BLOCK_HEAD);
      yield Uint8Array.of(low & ~1, ...rest); // no last block: the decoder would miss what was left out
    } else if (blocks.scanned === 0) {
      throw truncated(bytes, 'block');
    }
  }
}

async function skipChecksum(bytes: ByteSource, length: number): Promise<void> {
  if ((await bytes.skip(length)) < length) throw truncated(bytes, 'checksum');
}

/** Where a walk over the blocks of a frame stands. */
class Blocks {
  /** Bytes of the piece that the last scan passed. */
  scanned = 0;
  /** The byte of the run of blocks that was passed last. */
  byte = -1;
  private readonly bytes: ByteSource;
  private readonly window: number;
  private readonly checksumBytes: number;
  /** Bytes until something is to be looked at again. */
  private left: number;
  private isLast = false;
  private isPastLast = false;
  /** Length of that run, bytes. */
  private run = 0;
  private hasLeftOut = false;

  constructor(bytes: ByteSource, { length, window, hasChecksum }: FrameHeader) {
    this.bytes = bytes;
    this.window = window;
    this.checksumBytes = hasChecksum ? CHECKSUM : 0;
    this.left = length;
  }

  /** Passes over what can be handed on as it is. @returns What follows it: more, the frame's end, blocks to leave out, or the last block after some were. */
  scan(piece: Uint8Array): 'more' | 'end' | 'run' | 'open-end' {
    this.scanned = 0;
    while (true) {
      const passed = Math.min(this.left, piece.length - this.scanned);
      this.scanned += passed;
      this.left -= passed;
      if (this.left > 0) return 'more';
      if (this.isPastLast) return 'end';
      if (this.isLast) {
        this.isPastLast = true;
        this.left = this.hasLeftOut ? 0 : this.checksumBytes;
        continue;
      }
      const there = piece.length - this.scanned;
      if (there < BLOCK_HEAD || (there === BLOCK_HEAD && this.scanned > 0)) return 'more';
      const { type, size, isLast } = this.headAt(piece, this.scanned);
      const byte = type === RLE ? piece[this.scanned + BLOCK_HEAD]! : -1;
      if (byte !== this.byte && size > 0) this.run = 0;
      if (size > 0) this.byte = byte;
      if (byte >= 0 && byte === this.byte && this.run >= this.window && !isLast) {
        this.hasLeftOut = true;
        return 'run';
      }
      this.run += byte >= 0 ? size : 0;
      this.isLast = isLast;
      this.left = BLOCK_HEAD + (type === RLE ? 1 : size);
      if (isLast && this.hasLeftOut) {
        this.left -= BLOCK_HEAD;
        return 'open-end';
      }
    }
  }

  /** Passes over blocks of the run that has begun. @returns The bytes that they stand for; 0 if there are no more. */
  scanRun(piece: Uint8Array): number {
    let length = 0;
    for (this.scanned = 0; piece.length - this.scanned > BLOCK_HEAD; this.scanned += BLOCK_HEAD + 1) {
      const { type, size, isLast } = this.headAt(piece, this.scanned);
      if (type !== RLE || isLast || piece[this.scanned + BLOCK_HEAD] !== this.byte) break;
      length += size;
    }
    return length;
  }

  /** Bytes of the frame that are not handed on, after its end. */
  get unread(): number {
    return this.hasLeftOut ? this.checksumBytes : 0;
  }

  private headAt(piece: Uint8Array, at: number): { type: number; size: number; isLast: boolean } {
    const head = piece[at]! | (piece[at + 1]! << 8) | (piece[at + 2]! << 16);
    const type = (head >> 1) & 3;
    const size = head >> 3;
    if (type !== RESERVED && size <= MAX_BLOCK) return { type, size, isLast: (head & 1) === 1 };
    throw damaged(this.bytes, `a block of type ${type} and ${size} bytes`);
  }
}

async function skipFrame(bytes: ByteSource): Promise<void> {
  const head = await bytes.read(8);
  if (head.length < 8) throw truncated(bytes, 'frame header');
  const length = wordAt(head, 4);
  if ((await bytes.skip(length)) < length) throw truncated(bytes, 'skippable frame');
}

function truncated(bytes: ByteSource, what: string): CheckpointError {
  return new CheckpointError('truncated', placeIn(bytes), 'the end of the file', `more of a zstd ${what}`);
}

/** Says what is wrong with zstd data. */
export function damaged(bytes: ByteSource, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('bad-archive', placeIn(bytes), `bad zstd data: ${got}`, 'zstd', cause);
}

function placeIn(bytes: ByteSource): { file: string; offset: number } {
  return { file: bytes.name, offset: bytes.position };
}

/** Reads four bytes, the lowest first; those that are not there are 0. */
function wordAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}
