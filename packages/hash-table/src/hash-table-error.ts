// The error of HashTable.from() and SharedHashTable.from() for a snapshot that they refuse.

/** What is wrong: too short or too long, not a snapshot, of another version, bad header, checksum, or chains that contradict each other. */
export type HashTableErrorCode =
  | 'bad-length'
  | 'bad-magic'
  | 'bad-version'
  | 'bad-header'
  | 'bad-checksum'
  | 'bad-structure';

/** Thrown by HashTable.from and SharedHashTable.from for bytes that are not a sound snapshot. */
export class HashTableError extends Error {
  /** Kind of defect. */
  readonly code: HashTableErrorCode;
  /** Byte of the snapshot where it was noticed. */
  readonly offset: number;
  readonly expected: string;
  readonly got: string;

  /** @param call The class and method that was called, such as 'HashTable.from'. */
  constructor(
    call: string,
    code: HashTableErrorCode,
    offset: number,
    what: string,
    expected: string,
    got: string | number,
  ) {
    super(`${call}: bytes: byte ${offset}: ${what}: got ${got}, expected ${expected}`);
    this.name = 'HashTableError';
    this.code = code;
    this.offset = offset;
    this.expected = expected;
    this.got = String(got);
  }
}
