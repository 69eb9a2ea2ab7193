// The frame around CRIU's protobuf messages: magic numbers, then entries of a 32-bit size and a payload.
// All integers are little-endian, as on every machine that CRIU runs on but big-endian s390.
// Source: criu/include/magic.h, criu/image.c, criu/protobuf.c, v4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageFile } from './image-file.ts';
import type { ImageKind } from './image-name.ts';
import type { Head } from './parts.ts';

const WORD = 4; // bytes of a magic or a size
const IMG_COMMON = 0x54564319; // heads every image of format v1.1 but the inventory; v1 has no head

/** Magic of the images read here. */
const MAGIC: Readonly<Record<ImageKind, number>> = {
  inventory: 0x58313116,
  pstree: 0x50273030,
  core: 0x55053847,
  ids: 0x54432030,
  'posix-timers': 0x52603957,
  rlimit: 0x57113925,
};

/** How images begin on a big-endian machine, read as those of a little-endian one. */
const BIG_ENDIAN: ReadonlySet<number> = new Set([IMG_COMMON, ...Object.values(MAGIC)].map(swapped));

/** Bytes of an entry: a core image takes a few kB, and 3 MB with 10⁵ timers; a process of the tree a few for each thread. */
const MAX_ENTRY: Readonly<Record<ImageKind, number>> = {
  inventory: 64 * 1024,
  pstree: 2 ** 20,
  core: 16 * 2 ** 20,
  ids: 1024,
  'posix-timers': 1024,
  rlimit: 1024,
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
}

/**
 * Reads an image's magics.
 *
 * @throws CheckpointError if they are not those of its kind, in format v1 or v1.1.
 */
export async function openImage(file: ImageFile, kind: ImageKind): Promise<OpenImage> {
  const reader = new Reader(file, MAX_ENTRY[kind]);
  const first = await reader.word('magic');
  if (BIG_ENDIAN.has(first)) {
    const got = 'a big-endian image, as CRIU writes them on s390x';
    throw new CheckpointError('unsupported-format', { file: file.name, offset: 0 }, got, 'a little-endian image');
  }
  const isHeaded = first === IMG_COMMON;
  if (kind === 'inventory') {
    if (first !== MAGIC.inventory) throw wrongMagic(file.name, 0, first, MAGIC.inventory, 'an inventory');
    return { head: null, entries: reader.entries() };
  }
  if (!isHeaded && first !== MAGIC[kind]) {
    const expected = `${hex(IMG_COMMON)} of a v1.1 or ${hex(MAGIC[kind])} of a v1 ${kind} image`;
    throw new CheckpointError('bad-magic', { file: file.name, offset: 0 }, hex(first), expected);
  }
  const second = isHeaded ? await reader.word('magic') : first;
  if (second !== MAGIC[kind]) throw wrongMagic(file.name, WORD, second, MAGIC[kind], `a v1.1 ${kind}`);
  return { head: isHeaded ? 'v1.1' : 'v1', entries: reader.entries() };
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

class Reader {
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
    const { name, size: fileSize } = this.file;
    while (this.offset < fileSize) {
      const at = this.offset;
      const size = await this.word('entry size');
      if (size > this.maxEntry) {
        const where = { file: name, offset: at };
        throw new CheckpointError('too-large', where, `an entry of ${size} bytes`, `at most ${this.maxEntry}`);
      }
      const offset = this.offset;
      yield { file: name, payload: await this.read(size, 'entry'), offset };
    }
  }

  private async read(length: number, what: string): Promise<Uint8Array> {
    const left = this.file.size - this.offset;
    const bytes = await this.file.read(Math.min(length, left));
    if (bytes.length < length) {
      const where = { file: this.file.name, offset: this.offset };
      throw new CheckpointError('truncated', where, `${bytes.length} bytes`, `${length} bytes of ${what}`);
    }
    this.offset += length;
    return bytes;
  }
}

function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24)) >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
