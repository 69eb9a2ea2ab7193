// The decoder of the runtime: whatever it refuses, the data is at fault.
import { Transform } from 'node:stream';
import { expect, test } from 'vitest';
import { ZlibPieces } from '../src/bytes/zlib-pieces.ts';
import { ZstdError } from '../src/bytes/zstd/zstd-error.ts';

test.each([
  [
    'with a code, as in Node.js',
    Object.assign(new Error('Data corruption detected'), { code: 'ZSTD_error_corruption' }),
  ],
  ['without one', new Error('Zstd decompress error: Data corruption detected')],
])('an error %s', async (_, refusal) => {
  const stream = new Transform({ transform: (_chunk, _encoding, done) => done(refusal) });
  const pieces = new ZlibPieces(stream);
  const error = await pieces
    .decode(Uint8Array.of(1))
    .next()
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ZstdError);
  expect(error).toMatchObject({ message: refusal.message, cause: refusal });
});
