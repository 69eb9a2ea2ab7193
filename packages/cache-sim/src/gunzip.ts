// Compressed or not, told by the first two bytes. Needs Node's zlib; the simulator itself does not.
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Every gzip file starts with 1f 8b (RFC 1952, §2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Passes on the chunks, uncompressed when they are gzip. A failure of zlib comes out as its own error. */
export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < GZIP_MAGIC.length) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    head.push(value);
    length += value.length;
  }
  const start = head.length === 1 ? head[0]! : Uint8Array.from(head.flatMap((chunk) => [...chunk]));
  const whole = startingWith(start, iterator);
  if (start[0] !== GZIP_MAGIC[0] || start[1] !== GZIP_MAGIC[1]) {
    yield* whole;
    return;
  }
  // The errors of either reach the reader of the last; the callback has nothing left to say.
  yield* pipeline(Readable.from(whole, { objectMode: false }), createGunzip(), () => {}) as AsyncIterable<Uint8Array>;
}

async function* startingWith(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (start.length > 0) yield start;
    for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value;
  } finally {
    await rest.return?.();
  }
}
