// JSON as crit writes it, in both dialects: Python's prints 64-bit fields as numbers, go-criu's as strings. Read token by
// token, since JSON.parse would round the numbers, and the file of a process with 10⁵ timers has 40 MB.
import Tokenizer from '@streamparser/json/tokenizer.js';
import type { ParsedTokenInfo } from '@streamparser/json/utils/types/parsedTokenInfo.js';
import { type ByteSource, remaining } from '../bytes/byte-source.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { ImageKind } from '../image/image-name.ts';
import type { Decoded } from '../image/message.ts';
import { type Part, partOf, SCHEMAS } from '../image/parts.ts';
import type { DescMessage, Message } from '../protobuf/schema.ts';
import { CritDocument } from './crit-document.ts';

const PIECE = 16 * 1024; // bytes tokenized in one step
const MAX_BYTES = 64 * 2 ** 20; // 10⁵ timers take 40 MB
const MAX_TOKENS = 5_000_000; // a timer has 44
const MAX_TOKEN = 2 ** 20; // bytes of one string or number

/** The "magic" of the images that are read. */
const KINDS: Readonly<Record<string, ImageKind>> = {
  INVENTORY: 'inventory',
  PSTREE: 'pstree',
  CORE: 'core',
  IDS: 'ids',
  POSIX_TIMERS: 'posix-timers',
  RLIMIT: 'rlimit',
  FILES: 'files',
  TTY_INFO: 'tty-info',
  FDINFO: 'fdinfo',
  MM: 'mm',
  IPC_VAR: 'ipcns-var',
  IPCNS_SHM: 'ipcns-shm',
  IPCNS_MSG: 'ipcns-msg',
  IPCNS_SEM: 'ipcns-sem',
};

/**
 * Reads one image in JSON.
 *
 * @param kind What it must be; whatever is read here if left out.
 * @throws CheckpointError for what is not JSON, no such image, or lacks a required field.
 * Cost: memory for one entry.
 */
export async function readCritJson(bytes: ByteSource, kind?: ImageKind): Promise<Part> {
  const file = bytes.name;
  const document = new CritDocument(file, (magic): DescMessage => {
    const found = Object.hasOwn(KINDS, magic) ? KINDS[magic] : undefined;
    if (found !== undefined && found === (kind ?? found)) return SCHEMAS[found];
    const expected = kind === undefined ? Object.keys(KINDS).join(', ') : kind.toUpperCase().replace('-', '_');
    const got = `the image ${JSON.stringify(magic.slice(0, 40))}`;
    throw new CheckpointError('bad-magic', { file, offset: 0 }, got, `JSON of ${expected}`);
  });
  const entries = entriesOf(bytes, document);
  const first = await entries.next(); // by then the magic is known
  const found = KINDS[document.magic ?? ''] ?? kind ?? 'core';
  const part = await partOf(found, file, null, prepended(first, entries));
  for await (const _ of entries); // what follows must be JSON, though nothing in it is needed
  return part;
}

async function* prepended<Item>(first: IteratorResult<Item>, rest: AsyncIterable<Item>): AsyncGenerator<Item> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* entriesOf(bytes: ByteSource, document: CritDocument): AsyncGenerator<Decoded<Message & never>> {
  const tokenizer = new ExactTokenizer();
  let lastToken = 0;
  let tokens = 0;
  if ((bytes.size ?? 0) > MAX_BYTES) throw tooLarge(bytes, 0, `${bytes.size} bytes`);
  tokenizer.onToken = (token) => {
    lastToken = token.offset;
    if (++tokens > MAX_TOKENS) throw tooLarge(bytes, token.offset, `more than ${MAX_TOKENS} tokens`);
    document.add(token.token, token.value as string, token.offset);
  };
  for await (const piece of remaining(bytes, PIECE)) {
    guarded(bytes, () => tokenizer.write(piece));
    if (bytes.position - lastToken > MAX_TOKEN) {
      throw tooLarge(bytes, lastToken, `a token of more than ${MAX_TOKEN} bytes`);
    }
    if (bytes.position > MAX_BYTES) throw tooLarge(bytes, 0, `more than ${MAX_BYTES} bytes`);
    yield* document.entries.splice(0) as Decoded<Message & never>[];
  }
  guarded(bytes, () => tokenizer.end());
  document.end(bytes.position);
  yield* document.entries.splice(0) as Decoded<Message & never>[];
}

function tooLarge(bytes: ByteSource, offset: number, got: string): CheckpointError {
  return new CheckpointError(
    'too-large',
    { file: bytes.name, offset },
    got,
    `JSON of crit, at most ${MAX_BYTES} bytes`,
  );
}

function guarded(bytes: ByteSource, run: () => void): void {
  try {
    run();
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    const where = { file: bytes.name, offset: null };
    throw new CheckpointError('bad-json', where, (cause as Error).message, 'JSON of crit', cause);
  }
}

/** Leaves numbers as they are written. */
class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    return text as unknown as number; // handed through as the token's value
  }

  override onError(error: Error): void {
    throw error;
  }

  override onToken(_: ParsedTokenInfo): void {}
}
