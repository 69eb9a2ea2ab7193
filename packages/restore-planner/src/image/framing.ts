// The frame around CRIU's protobuf messages: magic numbers, then entries of a 32-bit size and a payload.
// All integers are little-endian, as on every machine CRIU writes these images on but big-endian s390.
// Source: criu/include/magic.h, criu/image.c, criu/protobuf.c, v4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageFile } from './image-source.ts';

const WORD = 4; // bytes of a magic or a size
const MAX_ENTRY = 64 * 2 ** 20; // bytes; core images take a few kB, 10⁵ timers about 3 MB
const IMG_COMMON = 0x54564319; // heads every image of format v1.1 but the inventory

/** Magic of the images read here. */
export const MAGIC = { inventory: 0x58313116, pstree: 0x50273030, core: 0x55053847 } as const;

/** One message, still encoded. */
export interface ImageEntry {
  file: string;
  payload: Uint8Array;
  /** Where the payload begins in the file. */
  offset: number;
}

/**
 * Reads an image's magics, then its entries one at a time.
 *
 * @throws CheckpointError if a magic differs, the file ends inside an entry, or an entry is past 64 MiB (then unread).
 * Cost: memory for one entry.
 */
export async function* imageEntries(file: ImageFile, kind: keyof typeof MAGIC): AsyncGenerator<ImageEntry> {
  let offset = 0;
  const read = async (length: number, what: string): Promise<Uint8Array> => {
    const left = file.size - offset;
    const bytes = await file.read(Math.min(length, left));
    if (bytes.length < length) {
      throw new CheckpointError(
        'truncated',
        { file: file.name, offset },
        `${bytes.length} bytes`,
        `${length} bytes of ${what}`,
      );
    }
    offset += length;
    return bytes;
  };
  const magics = kind === 'inventory' ? [MAGIC.inventory] : [IMG_COMMON, MAGIC[kind]];
  for (const expected of magics) {
    const at = offset;
    const got = word(await read(WORD, 'magic'));
    if (got !== expected) {
      throw new CheckpointError(
        'bad-magic',
        { file: file.name, offset: at },
        hex(got),
        `${hex(expected)} of a v1.1 ${kind} image`,
      );
    }
  }
  while (offset < file.size) {
    const at = offset;
    const size = word(await read(WORD, 'entry size'));
    if (size > MAX_ENTRY) {
      throw new CheckpointError(
        'too-large',
        { file: file.name, offset: at },
        `an entry of ${size} bytes`,
        `at most ${MAX_ENTRY}`,
      );
    }
    const start = offset;
    yield { file: file.name, payload: await read(size, 'entry'), offset: start };
  }
}

function word(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, WORD).getUint32(0, true);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
