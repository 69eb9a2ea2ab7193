// The error of poolFrom() and GenerationalId.from() for a snapshot that they refuse.

/** What is wrong: too short or too long, not a snapshot, of another version, bad header, checksum, or contents that contradict each other. */
export type NextIdErrorCode =
  | 'bad-length'
  | 'bad-magic'
  | 'bad-version'
  | 'bad-header'
  | 'bad-checksum'
  | 'bad-structure';

/** Thrown by {@link poolFrom} and GenerationalId.from for bytes that are not a sound snapshot. */
export class NextIdError extends Error {
  /** Kind of defect. */
  readonly code: NextIdErrorCode;
  /** Byte of the snapshot where it was noticed. */
  readonly offset: number;
  readonly expected: string;
  readonly got: string;

  /** What stands there. @internal */
  readonly what: string;

  constructor(code: NextIdErrorCode, offset: number, what: string, expected: string, got: string | number, call = '') {
    super(`${call}: bytes: byte ${offset}: ${what}: got ${got}, expected ${expected}`);
    this.name = 'NextIdError';
    this.code = code;
    this.offset = offset;
    this.what = what;
    this.expected = expected;
    this.got = String(got);
  }
}
