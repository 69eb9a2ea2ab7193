// Decompresses a trace; its first bytes tell how it is compressed. That takes Node's zlib: where there is none, as in a browser, traces are text.
import { peek } from './peek.ts';
import { TraceError } from './trace-error.ts';
import { zstdFrames } from './zstd-frames.ts';
import { isZstd, ZstdError } from './zstd-start.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** One way to compress. */
interface Compression {
  name: string;
  /** Whether its data starts so. */
  isStart: (head: Uint8Array) => boolean;
  /** The command that uncompresses to stdout. */
  command: string;
  /** Absent where this Node cannot. */
  unpack?: (chunks: Chunks) => Chunks;
}

/** Makes a test of the first bytes: numbers, and the characters of texts. */
function magic(...parts: (number | string)[]): (head: Uint8Array) => boolean {
  const bytes = parts.flatMap((part) => (typeof part === 'number' ? part : [...part].map((one) => one.charCodeAt(0))));
  return (head) => bytes.every((byte, at) => head[at] === byte);
}

const { process } = globalThis as { process?: { version?: string; getBuiltinModule?: (name: string) => unknown } };
/** Asked for at run time: an import would stop bundlers for browsers. */
const zlib = process?.getBuiltinModule?.('node:zlib') as typeof import('node:zlib') | undefined;
const streams = process?.getBuiltinModule?.('node:stream') as typeof import('node:stream') | undefined;

/** Node has zstd from 22.15 and 23.8 on. */
const { createZstdDecompress } = (zlib ?? {}) as { createZstdDecompress?: () => NodeJS.ReadWriteStream };

const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    isStart: magic(0x1f, 0x8b),
    command: 'gzip -dc',
    ...(zlib && { unpack: (chunks: Chunks) => through(zlib.createGunzip(), chunks) }),
  },
  {
    name: 'zstd',
    isStart: isZstd,
    command: 'zstd -dc',
    ...(createZstdDecompress && { unpack: unzstd(createZstdDecompress) }),
  },
  { name: 'xz', isStart: magic(0xfd, '7zXZ', 0), command: 'xz -dc' },
  { name: 'bzip2', isStart: magic('BZh'), command: 'bzip2 -dc' },
  { name: 'lz4', isStart: magic(0x04, 0x22, 0x4d, 0x18), command: 'lz4 -dc' },
  { name: 'compress', isStart: magic(0x1f, 0x9d), command: 'gzip -dc' },
  { name: '7z', isStart: magic('7z', 0xbc, 0xaf, 0x27, 0x1c), command: '7z x -so' },
  { name: 'zip', isStart: magic('PK', 3, 4), command: 'unzip -p' },
];

/** Bytes that every test of them looks at, at most. */
const HEAD_BYTES = 8;

/**
 * Passes on the chunks, uncompressed where they are gzip or zstd.
 *
 * A failure of zlib comes out as its own error, to which only the reader of the trace can add a place.
 *
 * @throws TraceError `compressed` for other compressions, and for zstd where this Node has none.
 */
export async function* unpacked(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, whole, close } = await peek(chunks, ({ length }) => length >= HEAD_BYTES);
  const found = COMPRESSIONS.find(({ isStart }) => isStart(head));
  if (found !== undefined && found.unpack === undefined) {
    await close();
    throw notHere(found);
  }
  yield* found?.unpack?.(whole) ?? whole;
}

/** Names the compression of data that is not text, where it is one. */
export function compressionOf(head: Uint8Array): string | undefined {
  return COMPRESSIONS.find(({ isStart }) => isStart(head))?.name;
}

function notHere({ name, command }: Compression): TraceError {
  const newer = name === 'zstd' && zlib ? `; Node ${process?.version} cannot read it, Node 22.15 can` : '';
  const expected = zlib === undefined ? 'text' : 'text, gzip or zstd';
  return new TraceError(
    'compressed',
    `got ${name} data; expected ${expected}${newer}; uncompress it first: ${command}`,
    1,
    0,
  );
}

/**
 * Each frame by a decompressor of its own: that of Node 22 stops after the first, and takes half a frame for nothing. Nor does it look whether a frame
 * is as long as its header says where the last block is empty.
 */
function unzstd(decompressor: () => NodeJS.ReadWriteStream): (chunks: Chunks) => Chunks {
  return async function* (chunks) {
    for await (const frame of zstdFrames(chunks)) {
      let made = 0;
      for await (const piece of through(decompressor(), frame)) {
        made += piece.length;
        yield piece;
      }
      if (made !== (frame.size ?? made)) {
        throw new ZstdError('bad-zstd', `a frame of ${made} bytes whose header says ${frame.size}`);
      }
    }
  };
}

function through(stream: NodeJS.ReadWriteStream, chunks: Chunks): Chunks {
  // The errors of either reach the reader of the last; the callback has nothing left to say.
  const { pipeline, Readable } = streams!;
  return pipeline(Readable.from(chunks, { objectMode: false }), stream, () => {}) as unknown as Chunks;
}

/** Deno's decompressor throws errors without a code. */
const DENO_ZSTD = /^Error: Zstd decompress error/;

/** What an error of a decompressor means for the trace, read up to `line` and `offset`; undefined for every other error. */
export function unpackError(cause: unknown, line: number, offset: number): TraceError | undefined {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const isOfZstd = cause instanceof ZstdError || code.startsWith('ZSTD_') || DENO_ZSTD.test(String(cause));
  const kind = isOfZstd ? 'zstd' : code.startsWith('Z_') ? 'gzip' : undefined;
  if (kind === undefined) return undefined;
  if (code === 'Z_BUF_ERROR' || code === 'truncated-zstd') {
    const rest = `; \`${COMPRESSIONS.find(({ name }) => name === kind)!.command}\` passes on what there is of it`;
    return new TraceError(`truncated-${kind}`, `got an end of file inside the ${kind} data${rest}`, line, offset, {
      cause,
    });
  }
  if (code.endsWith('windowTooLarge')) {
    const problem = 'got zstd data with a window of more than 128 MiB; uncompress it first: zstd -dc --long=31';
    return new TraceError('compressed', problem, line, offset, { cause });
  }
  const why = cause instanceof ZstdError ? cause.message : code || String(cause);
  return new TraceError(`bad-${kind}`, `expected ${kind} data, got damaged data (${why})`, line, offset, { cause });
}
