// The one error of this package for outside input: what is wrong with a checkpoint, and where.

/**
 * - `unreadable`: the path cannot be opened or read · `not-a-directory` · `missing-file`: an image that must be there is not
 * - `not-a-file`: an image is a link, folder or device · `bad-magic`: not the kind of image its name says
 * - `unsupported-format`: an image format this version does not read · `truncated`: the file ends inside a header or an entry
 * - `too-large`: an entry past the 64 MiB bound · `bad-entry-count`: no entry, or more than the one expected
 * - `bad-message`: bytes that are not the protobuf message, or lack a required field
 * - `bad-value`: a field out of range · `duplicate`: a pid, thread or timer ID that occurs twice
 * - `misplaced-timers`: timers in the core image of a thread that does not lead its group
 * - `bad-plan`: the file of a plan that is none, or does not add up
 */
export type CheckpointErrorCode =
  | 'unreadable'
  | 'not-a-directory'
  | 'missing-file'
  | 'not-a-file'
  | 'bad-magic'
  | 'unsupported-format'
  | 'truncated'
  | 'too-large'
  | 'bad-entry-count'
  | 'bad-message'
  | 'bad-value'
  | 'duplicate'
  | 'misplaced-timers'
  | 'bad-plan';

/** Says why a checkpoint cannot be used. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code: CheckpointErrorCode;
  /** The image's file name, or the path given. */
  readonly file: string;
  /** Byte offset in that file; null where none makes sense. */
  readonly offset: number | null;
  readonly got: string;
  readonly expected: string;

  constructor(
    code: CheckpointErrorCode,
    where: { file: string; offset?: number | null },
    got: string,
    expected: string,
    cause?: unknown,
  ) {
    const offset = where.offset ?? null;
    const place = offset === null ? where.file : `${where.file}, byte ${offset}`;
    super(`${place}: got ${got}, expected ${expected}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = where.file;
    this.offset = offset;
    this.got = got;
    this.expected = expected;
  }
}
