// The memory of the shared classes: how it begins, and how a handle is told from any other buffer.

import { show } from '../misuse.ts';

/** Tells what the memory is of; the low byte is the version of its layout. */
export const MAGIC = 0;
/** Words in all: what the buffer must hold. */
const WORDS = 1;

/**
 * `bad-handle`: no memory of this kind. `bad-version`: of another layout. `bad-size`: its sizes contradict each other.
 */
export type SharedIdErrorCode = 'bad-handle' | 'bad-version' | 'bad-size';

/** Thrown by `attach` for a handle that is not one. */
export class SharedIdError extends Error {
  /** Kind of defect. */
  readonly code: SharedIdErrorCode;

  constructor(code: SharedIdErrorCode, message: string) {
    super(message);
    this.name = 'SharedIdError';
    this.code = code;
  }
}

/** Makes zeroed memory of so many words that begins as it should. */
export function allocate(magic: number, length: number): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(length * 4));
  words[WORDS] = length;
  Atomics.store(words, MAGIC, magic);
  return words;
}

/** Returns the words of a handle, if its beginning and its length are right. */
export function open(
  call: string,
  magic: number,
  handle: SharedArrayBuffer,
  lengthOf: (words: Int32Array) => number,
): Int32Array {
  if (Object.prototype.toString.call(handle) !== '[object SharedArrayBuffer]') {
    throw new SharedIdError('bad-handle', `${call}: handle: got ${show(handle)}, expected a .handle of the same class`);
  }
  const words = new Int32Array(handle, 0, handle.byteLength >>> 2);
  const got = words.length > WORDS ? Atomics.load(words, MAGIC) : 0;
  if (got >>> 8 !== magic >>> 8) {
    throw new SharedIdError(
      'bad-handle',
      `${call}: handle: got ${handle.byteLength} bytes of another thing, expected a .handle of the same class`,
    );
  }
  if (got !== magic)
    throw new SharedIdError(
      'bad-version',
      `${call}: handle: got one of layout version ${got & 255}, expected ${magic & 255}`,
    );
  if (words[WORDS] * 4 !== handle.byteLength || lengthOf(words) !== words[WORDS]) {
    throw new SharedIdError(
      'bad-size',
      `${call}: handle: got ${handle.byteLength} bytes, expected ${words[WORDS] * 4}, as its header says`,
    );
  }
  return words;
}

/** Returns what is attached to a handle; a subclass may have made memory of its own instead. */
export function attached<T extends { readonly handle: SharedArrayBuffer }>(
  call: string,
  made: T,
  handle: SharedArrayBuffer,
): T {
  if (made.handle === handle) return made;
  throw new SharedIdError('bad-handle', `${call}: the constructor of the subclass must hand on all its arguments`);
}
