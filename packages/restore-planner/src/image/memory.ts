// A few bytes of a task's memory, from the images in a folder: the header of an AIO ring is nowhere else. What cannot be found is not known, and no error:
// memory is not what is judged.
// Source: criu/pagemap.c, criu/include/pagemap.h, v4.2.
import { type PagemapEntry, PagemapEntrySchema, PagemapHeadSchema } from '../gen/pagemap_pb.ts';
import { type ImageEntry, openImage } from './framing.ts';
import type { ImageFile } from './image-file.ts';
import { decodeMessage } from './message.ts';

const PAGE = 4096n;
const IN_PARENT = 1;
const LAZY = 2;
const PRESENT = 4;

/** Opens an image of the folder by its name; undefined if there is none. */
export type OpenImageFile = (name: string) => Promise<(ImageFile & { close(): Promise<void> }) | undefined>;

/**
 * Reads memory.
 *
 * @param length Bytes, within a page.
 * @returns undefined if that page is not in the folder, or anything is damaged on the way.
 * Cost: O(runs of pages below the address); a single read of the pages.
 */
export async function memoryAt(
  open: OpenImageFile,
  pid: number,
  address: bigint,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    const place = await placeOf(open, `pagemap-${pid}.img`, address);
    return place && (await bytesAt(open, `pages-${place.pagesId}.img`, place.offset, length));
  } catch {
    return undefined;
  }
}

interface Place {
  pagesId: number;
  /** Byte in that image. */
  offset: bigint;
}

async function placeOf(open: OpenImageFile, name: string, address: bigint): Promise<Place | undefined> {
  const file = await open(name);
  if (file === undefined) return undefined;
  try {
    const { runs } = await openImage(file, 'pagemap');
    let pagesId: number | undefined;
    let offset = 0n;
    for await (const run of runs) {
      for (const entry of run) {
        if (pagesId === undefined) {
          pagesId = decodeMessage(PagemapHeadSchema, entry).message.pagesId;
          continue;
        }
        const { vaddr, size, isPresent } = runOf(entry);
        if (vaddr > address) return undefined;
        if (address < vaddr + size) return isPresent ? { pagesId, offset: offset + (address - vaddr) } : undefined;
        if (isPresent) offset += size;
      }
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function runOf(entry: ImageEntry): { vaddr: bigint; size: bigint; isPresent: boolean } {
  const { message } = decodeMessage(PagemapEntrySchema, entry);
  const pages = Object.hasOwn(message, 'nrPages') ? message.nrPages : BigInt(message.compatNrPages);
  return { vaddr: message.vaddr, size: pages * PAGE, isPresent: isPresent(message) };
}

/** Without flags, a run is present unless it says that it is the parent's. */
function isPresent(entry: PagemapEntry): boolean {
  if (!Object.hasOwn(entry, 'flags')) return !entry.inParent;
  return (entry.flags & (IN_PARENT | LAZY)) === 0 && (entry.flags & PRESENT) !== 0;
}

async function bytesAt(
  open: OpenImageFile,
  name: string,
  offset: bigint,
  length: number,
): Promise<Uint8Array | undefined> {
  const file = await open(name);
  if (file === undefined) return undefined;
  try {
    if (offset + BigInt(length) > BigInt(file.size)) return undefined;
    await file.skip(Number(offset));
    const bytes = await file.read(length);
    return bytes.length === length ? bytes : undefined;
  } finally {
    await file.close();
  }
}
