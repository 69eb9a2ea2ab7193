// Looks at the first bytes of a stream and puts them back.

/** A stream and how it starts. */
export interface Peeked {
  /** The first bytes: enough of them, or all. */
  head: Uint8Array;
  /** The whole stream, its first bytes included. */
  whole: AsyncGenerator<Uint8Array, void, undefined>;
  /** Gives the stream up, whether or not anything was read of `whole`. */
  close(): Promise<void>;
}

/** Reads chunks until what there is is enough. */
export async function peek(
  chunks: AsyncIterable<Uint8Array>,
  isEnough: (head: Uint8Array) => boolean,
): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (!isEnough(head)) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    head = joined(head, value);
  }
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  return { head, whole: startingWith(head, iterator), close };
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

/** Returns the bytes of both; one of them itself where the other has none. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
