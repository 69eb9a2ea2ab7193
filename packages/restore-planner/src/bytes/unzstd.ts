// zstd, a block at a time. The frames are walked here, so that the decoder is never handed a window or a block that is too
// large: it takes whatever size a header states. Source: RFC 8878, 3.1.
import { Decompress } from 'fzstd';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ByteSource } from './byte-source.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5; // without its lowest 4 bits
const MAX_WINDOW = 32 * 2 ** 20; // bytes; levels up to 19 use at most 8 MiB
const MAX_BLOCK = 128 * 1024; // bytes, stored or expanded
const RLE = 1;

/**
 * Decompresses zstd. Content checksums are not verified.
 *
 * @throws CheckpointError if the data is damaged, ends early, needs a dictionary or a window of more than 32 MiB.
 * Cost: memory for one window.
 */
export async function* unzstd(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  while (true) {
    const head = word(await bytes.peek(4));
    if (head === undefined) return;
    if (head === MAGIC) yield* frame(bytes);
    else if (head >>> 4 === SKIPPABLE) await skipFrame(bytes);
    else throw damaged(bytes, `${hex(head)} where a frame begins`);
  }
}

async function* frame(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  const { header, hasChecksum } = await readHeader(bytes);
  const expanded: Uint8Array[] = [];
  const decoder = new Decompress((block) => expanded.push(block));
  const push = (piece: Uint8Array, isLast: boolean): Uint8Array[] => {
    try {
      decoder.push(piece, isLast);
    } catch (cause) {
      throw damaged(bytes, `a bad block (${(cause as Error).message})`, cause);
    }
    return expanded.splice(0);
  };
  push(header, false);
  let isLast = false;
  while (!isLast) {
    // In two pieces: handed a whole block at once, the decoder would keep what it came in for ever.
    const block = await readBlockHead(bytes);
    isLast = block.isLast;
    yield* push(block.head, false);
    yield* push(await exactly(bytes, block.stored, 'block'), false);
  }
  yield* push(hasChecksum ? await exactly(bytes, 4, 'checksum') : new Uint8Array(0), true);
}

/** Reads a frame's header and checks what it asks for. */
async function readHeader(bytes: ByteSource): Promise<{ header: Uint8Array; hasChecksum: boolean }> {
  const start = await bytes.peek(5);
  const flags = start[4] ?? 0;
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const header = await exactly(bytes, 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes, 'frame header');
  if ((flags & 8) !== 0) throw damaged(bytes, 'a reserved bit of a frame header set');
  const dictionary = header.subarray(header.length - sizeBytes - dictionaryBytes, header.length - sizeBytes);
  if (dictionary.some((byte) => byte !== 0)) throw damaged(bytes, 'data for a dictionary');
  const window = isSingleSegment ? contentSize(header.subarray(header.length - sizeBytes)) : windowSize(header[5]!);
  if (window > MAX_WINDOW) {
    const expected = `at most ${MAX_WINDOW}: decompress it first`;
    throw new CheckpointError('too-large', placeIn(bytes), `a zstd window of ${window} bytes`, expected);
  }
  return { header, hasChecksum: (flags & 4) !== 0 };
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSize(field: Uint8Array): number {
  const size = field.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return field.length === 2 ? size + 256 : size;
}

/** Reads the three bytes before a block. @returns Also how many bytes are stored of it. */
async function readBlockHead(bytes: ByteSource): Promise<{ head: Uint8Array; isLast: boolean; stored: number }> {
  const head = await exactly(bytes, 3, 'block');
  const [low = 0, middle = 0, high = 0] = head;
  const type = (low >> 1) & 3;
  const size = (low >> 3) | (middle << 5) | (high << 13);
  if (type === 3 || size > MAX_BLOCK) throw damaged(bytes, `a block of type ${type} and ${size} bytes`);
  return { head, isLast: (low & 1) === 1, stored: type === RLE ? 1 : size };
}

async function skipFrame(bytes: ByteSource): Promise<void> {
  const length = word((await exactly(bytes, 8, 'frame header')).subarray(4))!;
  if ((await bytes.skip(length)) < length) throw truncated(bytes, 'skippable frame');
}

async function exactly(bytes: ByteSource, length: number, what: string): Promise<Uint8Array> {
  const read = await bytes.read(length);
  if (read.length < length) throw truncated(bytes, what);
  return read;
}

function truncated(bytes: ByteSource, what: string): CheckpointError {
  return new CheckpointError('truncated', placeIn(bytes), 'the end of the file', `more of a zstd ${what}`);
}

function damaged(bytes: ByteSource, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('bad-archive', placeIn(bytes), `bad zstd data: ${got}`, 'zstd', cause);
}

function placeIn(bytes: ByteSource): { file: string; offset: number } {
  return { file: bytes.name, offset: bytes.position };
}

function word(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0) return undefined;
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
