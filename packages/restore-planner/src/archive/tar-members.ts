// The members of a tar archive, one at a time: members that are not needed are skipped unread, and every length is checked before it is used.
import { type ByteSource, PartBytes } from '../bytes/byte-source.ts';
import { utf8 } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { type Pax, parsePax } from './pax.ts';
import { tarHeader } from './tar-header.ts';

const BLOCK = 512; // bytes; headers and padded contents are multiples of it
const MAX_NAME = 4096; // characters: PATH_MAX
const MAX_EXTENDED = 2 ** 20; // bytes of an extended header
const MAX_EXTENDED_ALL = 4 * 2 ** 20; // of all of them together
const MAX_MEMBERS = 2 ** 15; // a process has about ten images
const TYPE_AT = 156; // of the header
const SPARSE_MORE_AT = 482; // a GNU sparse header: whether a block with more of its map follows
const SPARSE_MORE_AGAIN_AT = 504; // the same in each of those blocks

/** One member: a name and what it is; contents for a regular file only. */
export interface TarMember {
  /** Without leading `/`, `./` and inner `.`; parts separated by one `/`. */
  name: string;
  kind: 'file' | 'link' | 'sparse' | 'other';
  /** The contents, to be read before the next member is asked for, or not at all. */
  file: ByteSource & { readonly size: number };
}

/** Tells whether bytes begin a tar archive. */
export function looksLikeTar(head: Uint8Array): boolean {
  if (head.length < BLOCK) return false;
  return tarHeader(head.subarray(0, BLOCK))?.isValid === true;
}

/**
 * Yields the members of an archive in its order, directories left out.
 *
 * @throws CheckpointError for a damaged header, a length past the end, a name with `..` or of more than 4,096 characters, an archive without its end mark, more
 * than 32,768 members, or extended headers of more than 1 MiB each and 4 MiB in all.
 * Cost: memory for one header, at most 1 MiB.
 */
export async function* tarMembers(bytes: ByteSource): AsyncGenerator<TarMember> {
  let global: Pax = {};
  let local: Pax = {};
  let longName: string | undefined;
  let extended = 0;
  const readExtended = async (size: number): Promise<Uint8Array> => {
    extended += size;
    if (extended > MAX_EXTENDED_ALL) {
      throw tooLarge(bytes, `extended headers of ${extended} bytes`, `at most ${MAX_EXTENDED_ALL} in all`);
    }
    return extendedHeader(bytes, size);
  };
  const readPax = async (size: number, before: Pax): Promise<Pax> => {
    const at = bytes.position - BLOCK;
    const pax = parsePax(await readExtended(size), before);
    if (pax === undefined) throw damaged(bytes, at, 'a damaged pax header');
    return pax;
  };
  for (let count = 0; ; count++) {
    if (count > MAX_MEMBERS) throw tooLarge(bytes, `more than ${MAX_MEMBERS} members`, 'the archive of a checkpoint');
    const block = await readBlock(bytes, 'a header or the end mark');
    const header = tarHeader(block);
    if (header?.isNull) return;
    if (!header?.isValid) throw damaged(bytes, bytes.position - BLOCK, 'a damaged tar header');
    const type = String.fromCharCode(block[TYPE_AT]!);
    if (type === 'x' || type === 'X') local = await readPax(sizeOf(header.size, type, bytes), local);
    else if (type === 'g') global = await readPax(sizeOf(header.size, type, bytes), global);
    else if (type === 'L' || type === 'N') {
      const name = await readExtended(sizeOf(header.size, type, bytes));
      longName = utf8(name).replace(/\0.*$/s, '');
    } else if (type === 'K') await readExtended(sizeOf(header.size, type, bytes));
    else {
      if (type === 'S') await skipSparseMap(bytes, block);
      const { path, size, sparseName } = { ...global, ...local };
      const name = plainName(sparseName ?? path ?? longName ?? header.path, bytes);
      yield* member(bytes, name, sparseName === undefined ? type : 'S', sizeOf(size ?? header.size, type, bytes));
      local = {};
      longName = undefined;
    }
  }
}

async function* member(bytes: ByteSource, name: string, type: string, size: number): AsyncGenerator<TarMember> {
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  if (bytes.size !== null && padded > bytes.size - bytes.position) {
    const got = `${name} of ${size} bytes with ${bytes.size - bytes.position} left`;
    throw new CheckpointError('truncated', { file: bytes.name, offset: bytes.position }, got, 'as many as it says');
  }
  const end = bytes.position + padded;
  const file = new PartBytes(`${bytes.name}: ${name}`, size, bytes);
  if (type !== '5') yield { name, kind: KINDS[type] ?? 'other', file };
  await file.close();
  const left = end - bytes.position;
  if ((await bytes.skip(left)) < left) throw truncated(bytes, `the ${size} bytes of ${name}`);
}

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  S: 'sparse',
};

/** Links, devices, directories and pipes have no contents, whatever their size field says. */
function sizeOf(size: number | undefined, type: string, bytes: ByteSource): number {
  if (/[1-6]/.test(type)) return 0;
  if (size === undefined) return 0;
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw damaged(bytes, bytes.position - BLOCK, `a member of ${size} bytes`);
}

function plainName(name: string, bytes: ByteSource): string {
  if (name.length > MAX_NAME) throw tooLarge(bytes, `a name of ${name.length} characters`, `at most ${MAX_NAME}`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (!parts.includes('..')) return parts.join('/');
  const where = { file: bytes.name, offset: bytes.position - BLOCK };
  throw new CheckpointError('bad-path', where, `a member named ${JSON.stringify(name)}`, 'names without ..');
}

async function readBlock(bytes: ByteSource, what: string): Promise<Uint8Array> {
  const block = await bytes.read(BLOCK);
  if (block.length < BLOCK) throw truncated(bytes, what);
  return block;
}

/** Reads the contents of an extended header, and its padding. */
async function extendedHeader(bytes: ByteSource, size: number): Promise<Uint8Array> {
  if (size > MAX_EXTENDED) throw tooLarge(bytes, `an extended header of ${size} bytes`, `at most ${MAX_EXTENDED}`);
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  const read = await bytes.read(padded);
  if (read.length < padded) throw truncated(bytes, 'an extended header');
  return read.subarray(0, size);
}

async function skipSparseMap(bytes: ByteSource, header: Uint8Array): Promise<void> {
  let more = header[SPARSE_MORE_AT] !== 0;
  while (more) more = (await readBlock(bytes, 'a sparse map'))[SPARSE_MORE_AGAIN_AT] !== 0;
}

function truncated(bytes: ByteSource, what: string): CheckpointError {
  return new CheckpointError('truncated', { file: bytes.name, offset: bytes.position }, 'the end of the archive', what);
}

function tooLarge(bytes: ByteSource, got: string, expected: string): CheckpointError {
  return new CheckpointError('too-large', { file: bytes.name, offset: bytes.position - BLOCK }, got, expected);
}

function damaged(bytes: ByteSource, offset: number, got: string): CheckpointError {
  return new CheckpointError('bad-archive', { file: bytes.name, offset }, got, 'a tar archive');
}
