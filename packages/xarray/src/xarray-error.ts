// The error of from() for a snapshot that it refuses.

/** What is wrong: too short or too long, not a snapshot, of another version, bad header, checksum, or a broken tree. */
export type XArrayErrorCode =
  | 'bad-length'
  | 'bad-magic'
  | 'bad-version'
  | 'bad-header'
  | 'bad-checksum'
  | 'bad-structure';

/** Thrown by the `from` of all classes for bytes that are not a sound snapshot of the class. */
export class XArrayError extends Error {
  /** Kind of defect. */
  readonly code: XArrayErrorCode;
  /** Byte of the snapshot where it was noticed. */
  readonly offset: number;
  readonly expected: string;
  readonly got: string;

  /** @param call The class and method that was called, such as 'XArray.from'. */
  constructor(
    call: string,
    code: XArrayErrorCode,
    offset: number,
    what: string,
    expected: string,
    got: string | number,
  ) {
    super(`${call}: bytes: byte ${offset}: ${what}: got ${got}, expected ${expected}`);
    this.name = 'XArrayError';
    this.code = code;
    this.offset = offset;
    this.expected = expected;
    this.got = String(got);
  }
}
