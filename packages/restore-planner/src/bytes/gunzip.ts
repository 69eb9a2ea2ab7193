// gzip: by Node's own zlib, or by a browser's DecompressionStream.
import { CheckpointError } from '../checkpoint-error.ts';
import { type ByteSource, remaining } from './byte-source.ts';
import { streams, zlib } from './node-modules.ts';

const PIECE = 64 * 1024; // bytes handed on in one piece
const OUT_BYTES = 512 * 1024; // that come out of zlib in one piece: with fewer, going between the threads takes longer than the work

/**
 * Decompresses gzip: one member or several, but one in a browser, whose decoder refuses more.
 *
 * @throws CheckpointError if the data is damaged, ends early or fails its checksum.
 */
export function gunzip(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  return zlib !== undefined && streams !== undefined ? byZlib(bytes, zlib, streams) : byBrowser(bytes);
}

async function* byZlib(
  bytes: ByteSource,
  { createGunzip }: NonNullable<typeof zlib>,
  { pipeline, Readable }: NonNullable<typeof streams>,
): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: OUT_BYTES });
  pipeline(Readable.from(remaining(bytes, PIECE), { objectMode: false }), stream, () => {}); // the loop sees errors
  try {
    for await (const chunk of stream) yield chunk;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? refusal(bytes, code === 'Z_BUF_ERROR', cause as Error) : cause;
  }
}

async function* byBrowser(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  const { writable, readable } = new DecompressionStream('gzip');
  const feed = new Feed(bytes, (writable as WritableStream<Uint8Array>).getWriter());
  const reader = (readable as ReadableStream<Uint8Array>).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } catch (cause) {
    throw feed.failure ?? refusal(bytes, feed.isCut(cause as NodeJS.ErrnoException), cause as Error);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Hands a source on to a decoder, a piece when it has taken the one before. */
class Feed {
  /** What the source itself failed with. */
  failure: unknown;
  private isEnded = false;

  constructor(bytes: ByteSource, writer: WritableStreamDefaultWriter<Uint8Array>) {
    this.run(bytes, writer).catch(() => {}); // the decoder's errors come out at its other end
  }

  private async run(bytes: ByteSource, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    const pieces = remaining(bytes, PIECE);
    for (;;) {
      const next = await pieces.next().catch((cause: unknown) => {
        this.failure = cause;
        return writer.abort(cause);
      });
      if (next === undefined) return;
      if (next.done) break;
      await writer.write(next.value);
    }
    this.isEnded = true;
    await writer.close();
  }

  /** Whether a decoder's error is that its data ends early: browsers have no code for it, but say it when all is in; others have zlib's. */
  isCut({ code }: NodeJS.ErrnoException): boolean {
    return code === undefined ? this.isEnded : code === 'Z_BUF_ERROR';
  }
}

function refusal(bytes: ByteSource, isCut: boolean, cause: Error): CheckpointError {
  const where = { file: bytes.name, offset: bytes.position };
  if (isCut) return new CheckpointError('truncated', where, 'the end of the file', 'more of its gzip data', cause);
  return new CheckpointError('bad-archive', where, `bad gzip data (${cause.message})`, 'gzip', cause);
}
