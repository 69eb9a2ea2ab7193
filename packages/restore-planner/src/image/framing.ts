// The frame around CRIU's protobuf messages: magic numbers, then entries of a 32-bit size and a payload.
// All integers are little-endian, as on every machine that CRIU runs on but big-endian s390.
// Source: criu/include/magic.h, criu/image.c, criu/protobuf.c, v4.2.
import { joined } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageFile } from './image-file.ts';
import type { ImageKind } from './image-name.ts';

const WORD = 4; // bytes of a magic or a size
const PIECE = 64 * 1024; // bytes read at a time where entries are small
const IMG_COMMON = 0x54564319; // heads every image of format v1.1 but the inventory; v1 has no head

/** How an image file begins; null where there is no such thing. */
export type Head = 'v1' | 'v1.1' | null;

/** The kinds of images that are framed alike; pagemaps are looked into only where a ring's memory is wanted. */
export type FramedKind = ImageKind | 'pagemap';

/** Magic of the images read here. */
const MAGIC: Readonly<Record<FramedKind, number>> = {
  inventory: 0x58313116,
  pstree: 0x50273030,
  core: 0x55053847,
  ids: 0x54432030,
  'posix-timers': 0x52603957,
  rlimit: 0x57113925,
  files: 0x56303138,
  'tty-info': 0x59453036,
  fdinfo: 0x56213732,
  mm: 0x57492820,
  'ipcns-var': 0x53115007,
  'ipcns-shm': 0x46283044,
  'ipcns-msg': 0x55453737,
  'ipcns-sem': 0x59573019,
  pagemap: 0x56084025,
};

/** How images begin on a big-endian machine, read as those of a little-endian one. */
const BIG_ENDIAN: ReadonlySet<number> = new Set([IMG_COMMON, ...Object.values(MAGIC)].map(swapped));

/**
 * Bytes of an entry: a core image takes a few kB, and 3 MB with 10⁵ timers; a process of the tree a few for each thread; an inotify file 60 to 100 for each
 * watch; the memory map of a process 50 for each mapping.
 */
const MAX_ENTRY: Readonly<Record<FramedKind, number>> = {
  inventory: 64 * 1024,
  pstree: 2 ** 20,
  core: 16 * 2 ** 20,
  ids: 64 * 1024,
  'posix-timers': 1024,
  rlimit: 1024,
  files: 16 * 2 ** 20,
  'tty-info': 64 * 1024,
  fdinfo: 64 * 1024,
  mm: 16 * 2 ** 20,
  'ipcns-var': 64 * 1024,
  'ipcns-shm': 64 * 1024,
  'ipcns-msg': 64 * 1024,
  'ipcns-sem': 64 * 1024,
  pagemap: 1024,
};

/** One message, still encoded. */
export interface ImageEntry {
  file: string;
  payload: Uint8Array;
  /** Where the payload begins in the file. */
  offset: number;
}

/** An image whose magics have been read. */
export interface OpenImage {
  head: Head;
  /**
   * Reads the entries one at a time.
   *
   * @throws CheckpointError if the file ends inside an entry, or an entry is larger than its kind may be (then unread).
   * Cost: memory for one entry.
   */
  entries: AsyncGenerator<ImageEntry>;
  /**
   * Reads the entries in runs, as many at a time as a piece of the file holds: for images of many small ones. In place of `entries`, where nothing stands
   * between entries.
   */
  runs: AsyncGenerator<ImageEntry[]>;
  /** What is between entries in some kinds of images; to be read before the next entry is asked for. */
  raw: RawContents;
}

/** Contents that follow an entry without being one of the image's own. */
export interface RawContents {
  /** Passes over bytes. @throws CheckpointError if the file ends before. */
  pass(length: number): Promise<void>;
  /** Reads an entry of another message. @throws CheckpointError as the image's own. */
  entry(): Promise<ImageEntry>;
}

/**
 * Reads an image's magics.
 *
 * @throws CheckpointError if they are not those of its kind, in format v1 or v1.1.
 */
export async function openImage(file: ImageFile, kind: FramedKind): Promise<OpenImage> {
  const reader = new Reader(file, MAX_ENTRY[kind]);
  const first = await reader.word('magic');
  if (BIG_ENDIAN.has(first)) {
    const got = 'a big-endian image, as CRIU writes them on s390x';
    throw new CheckpointError('unsupported-format', { file: file.name, offset: 0 }, got, 'a little-endian image');
  }
  const isHeaded = first === IMG_COMMON;
  if (kind === 'inventory') {
    if (first !== MAGIC.inventory) throw wrongMagic(file.name, 0, first, MAGIC.inventory, 'an inventory');
    return { head: null, entries: reader.entries(), runs: reader.runs(), raw: reader };
  }
  if (!isHeaded && first !== MAGIC[kind]) {
    const expected = `${hex(IMG_COMMON)} of a v1.1 or ${hex(MAGIC[kind])} of a v1 ${kind} image`;
    throw new CheckpointError('bad-magic', { file: file.name, offset: 0 }, hex(first), expected);
  }
  const second = isHeaded ? await reader.word('magic') : first;
  if (second !== MAGIC[kind]) throw wrongMagic(file.name, WORD, second, MAGIC[kind], `a v1.1 ${kind}`);
  return { head: isHeaded ? 'v1.1' : 'v1', entries: reader.entries(), runs: reader.runs(), raw: reader };
}

/** Says that an image begins as none of the format which the inventory states. */
export function wrongFormat(file: string, kind: ImageKind, head: Head, format: 'v1' | 'v1.1'): CheckpointError {
  return wrongHead(file, head === 'v1.1' ? IMG_COMMON : MAGIC[kind], kind, format);
}

function wrongHead(file: string, got: number, kind: ImageKind, format: 'v1' | 'v1.1'): CheckpointError {
  return wrongMagic(file, 0, got, format === 'v1' ? MAGIC[kind] : IMG_COMMON, `a ${format} ${kind}`);
}

function wrongMagic(file: string, offset: number, got: number, expected: number, of: string): CheckpointError {
  return new CheckpointError('bad-magic', { file, offset }, hex(got), `${hex(expected)} of ${of} image`);
}

class Reader implements RawContents {
  private readonly file: ImageFile;
  private readonly maxEntry: number;
  private offset = 0;

  constructor(file: ImageFile, maxEntry: number) {
    this.file = file;
    this.maxEntry = maxEntry;
  }

  async word(what: string): Promise<number> {
    const bytes = await this.read(WORD, what);
    return new DataView(bytes.buffer, bytes.byteOffset, WORD).getUint32(0, true);
  }

  async *entries(): AsyncGenerator<ImageEntry> {
    while (this.offset < this.file.size) yield await this.entry();
  }

  async entry(): Promise<ImageEntry> {
    const { name } = this.file;
    const at = this.offset;
    const size = await this.word('entry size');
    this.checkSize(size, at);
    const offset = this.offset;
    return { file: name, payload: await this.read(size, 'entry'), offset };
  }

  async *runs(): AsyncGenerator<ImageEntry[]> {
    let piece: Uint8Array = new Uint8Array(0); // read and not yet taken apart; begins at `offset`
    while (this.offset < this.file.size) {
      const { entries, length } = this.takeApart(piece);
      this.offset += length;
      piece = piece.subarray(length);
      if (entries.length > 0) yield entries;
      if (this.offset < this.file.size) piece = await this.lengthened(piece);
    }
  }

  /** Finds the entries that are whole in a piece. */
  private takeApart(piece: Uint8Array): { entries: ImageEntry[]; length: number } {
    const entries: ImageEntry[] = [];
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    let at = 0;
    while (piece.length - at >= WORD) {
      const size = view.getUint32(at, true);
      this.checkSize(size, this.offset + at);
      const begin = at + WORD;
      if (piece.length - begin < size) break;
      entries.push({ file: this.file.name, payload: piece.subarray(begin, begin + size), offset: this.offset + begin });
      at = begin + size;
    }
    return { entries, length: at };
  }

  /** Adds to a piece that ends inside an entry. @throws CheckpointError if the file does, too. */
  private async lengthened(piece: Uint8Array): Promise<Uint8Array> {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    const size = piece.length < WORD ? 0 : view.getUint32(0, true);
    const more = await this.file.read(Math.max(WORD + size - piece.length, PIECE));
    if (more.length > 0) return piece.length === 0 ? more : joined([piece, more]);
    if (piece.length < WORD) throw this.truncated(`${piece.length} bytes`, WORD, 'entry size');
    this.offset += WORD;
    throw this.truncated(`${piece.length - WORD} bytes`, size, 'entry');
  }

  private checkSize(size: number, offset: number): void {
    if (size <= this.maxEntry) return;
    const where = { file: this.file.name, offset };
    throw new CheckpointError('too-large', where, `an entry of ${size} bytes`, `at most ${this.maxEntry}`);
  }

  async pass(length: number): Promise<void> {
    const passed = await this.file.skip(length);
    if (passed < length) throw this.truncated(`${passed} bytes`, length, 'contents');
    this.offset += length;
  }

  private async read(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.file.read(length);
    if (bytes.length < length) throw this.truncated(`${bytes.length} bytes`, length, what);
    this.offset += length;
    return bytes;
  }

  private truncated(got: string, length: number, what: string): CheckpointError {
    const where = { file: this.file.name, offset: this.offset };
    return new CheckpointError('truncated', where, got, `${length} bytes of ${what}`);
  }
}

function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24)) >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
