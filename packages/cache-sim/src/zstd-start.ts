// How zstd data starts (RFC 8878, §3.1), and the error for what goes on otherwise: all that is needed where it is not decoded.

/** A frame starts with these bytes. */
const MAGIC: readonly number[] = [0x28, 0xb5, 0x2f, 0xfd];

/** A skippable frame starts with 0x184d2a50…0x184d2a5f, least byte first. */
const SKIPPABLE: readonly number[] = [0x2a, 0x4d, 0x18];

/** Whether zstd data starts so. pzstd's starts with a skippable frame. */
export function isZstd(head: Uint8Array): boolean {
  return MAGIC.every((byte, at) => head[at] === byte) || isSkippable(head);
}

/** Whether a frame is one to pass over. */
export function isSkippable(head: Uint8Array): boolean {
  return (head[0]! & 0xf0) === 0x50 && SKIPPABLE.every((byte, at) => head[at + 1] === byte);
}

/** Says of zstd data that it ends too early, or is none. */
export class ZstdError extends Error {
  readonly code: 'truncated-zstd' | 'bad-zstd';

  constructor(code: 'truncated-zstd' | 'bad-zstd', message: string) {
    super(message);
    this.code = code;
  }
}
