// gzip by Node's own zlib.
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CheckpointError } from '../checkpoint-error.ts';
import { type ByteSource, remaining } from './byte-source.ts';

const PIECE = 64 * 1024; // bytes handed to zlib in one piece
const OUT_BYTES = 512 * 1024; // that come out in one piece: with fewer, going between the threads takes longer than the work

/**
 * Decompresses gzip, one member or several.
 *
 * @throws CheckpointError if the data is damaged, ends early or fails its checksum.
 */
export async function* gunzip(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: OUT_BYTES });
  pipeline(Readable.from(remaining(bytes, PIECE), { objectMode: false }), stream, () => {}); // the loop sees errors
  try {
    for await (const chunk of stream) yield chunk;
  } catch (cause) {
    throw refusal(cause as NodeJS.ErrnoException, bytes);
  }
}

function refusal(cause: NodeJS.ErrnoException, bytes: ByteSource): unknown {
  if (!cause.code?.startsWith('Z_')) return cause;
  const where = { file: bytes.name, offset: bytes.position };
  if (cause.code === 'Z_BUF_ERROR') {
    return new CheckpointError('truncated', where, 'the end of the file', 'more of its gzip data', cause);
  }
  return new CheckpointError('bad-archive', where, `bad gzip data (${cause.message})`, 'gzip', cause);
}
