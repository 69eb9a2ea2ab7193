// gzip by Node's own zlib.
import { createGunzip } from 'node:zlib';
import { CheckpointError } from '../checkpoint-error.ts';
import { type ByteSource, remaining } from './byte-source.ts';
import { throughZlib, ZLIB_CHUNK } from './through-zlib.ts';

const PIECE = 64 * 1024; // bytes handed to zlib at once

/**
 * Decompresses gzip, one member or several.
 *
 * @throws CheckpointError if the data is damaged, ends early or fails its checksum.
 */
export async function* gunzip(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  try {
    yield* throughZlib(createGunzip({ chunkSize: ZLIB_CHUNK }), remaining(bytes, PIECE));
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
