// The one error of this package for outside input: what is wrong with a checkpoint, and where.

/**
 * - `unreadable`: the path cannot be opened or read · `missing-file`: an image that must be there is not
 * - `pre-dump`: memory pages only, no timers · `failed-dump`: what a dump leaves that did not succeed
 * - `not-a-file`: an image is a link, folder or device
 * - `unsupported-format`: a kind of file, image format or compression that is not read
 * - `bad-archive`: a damaged tar header or compressed data · `bad-path`: a member of an archive with `..` in its name
 * - `bad-magic`: not the kind of image its name says · `truncated`: the file ends inside a header or an entry
 * - `too-large`: past a stated bound, such as an entry of more than 16 MiB
 * - `bad-entry-count`: no entry, or more than the one expected
 * - `bad-message`: bytes that are not the protobuf message, or a message that lacks a required field
 * - `bad-json`: not JSON, or not of crit's form · `bad-listing`: not the text of /proc/PID/timers
 * - `bad-value`: a field out of range
 * - `bad-plan`: the file of a plan that is none, or does not add up
 * - `bad-target`: the file of a target that is none, or a value in it that no machine has
 */
export type CheckpointErrorCode =
  | 'unreadable'
  | 'missing-file'
  | 'pre-dump'
  | 'failed-dump'
  | 'not-a-file'
  | 'unsupported-format'
  | 'bad-archive'
  | 'bad-path'
  | 'bad-magic'
  | 'truncated'
  | 'too-large'
  | 'bad-entry-count'
  | 'bad-message'
  | 'bad-json'
  | 'bad-listing'
  | 'bad-value'
  | 'bad-plan'
  | 'bad-target';

/** Says why a checkpoint cannot be used. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code: CheckpointErrorCode;
  /** The image's path, 'ARCHIVE: MEMBER' in an archive, or the path given. */
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
