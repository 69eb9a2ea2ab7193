// The error of trace readers for input that they cannot use.

/**
 * Why a trace was refused.
 *
 * - `bad-line`: a line has another form than the format's
 * - `bad-address`: an access does not lie below 2⁵³
 * - `bad-size`: an access of no bytes, or of more than the format's accesses have
 * - `long-line`: no line end for 64 KiB
 * - `unknown-format`: the lines are of no format, or of several
 * - `binary`: no text; the message says what it looks like
 * - `compressed`: compressed in a way that is not read here; the message says which
 * - `bad-gzip`, `truncated-gzip`, `bad-zstd`, `truncated-zstd`: the compressed data is damaged, or ends too early
 */
export type TraceErrorCode =
  | 'bad-line'
  | 'bad-address'
  | 'bad-size'
  | 'long-line'
  | 'unknown-format'
  | 'binary'
  | 'compressed'
  | 'bad-gzip'
  | 'truncated-gzip'
  | 'bad-zstd'
  | 'truncated-zstd';

/** A trace that cannot be read. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code: TraceErrorCode;
  /** Line it is on, the first is 1. */
  readonly line: number;
  /** Bytes before it, in the uncompressed trace. */
  readonly offset: number;

  constructor(code: TraceErrorCode, problem: string, line: number, offset: number, options?: ErrorOptions) {
    super(`trace line ${line}, byte ${offset}: ${problem}`, options);
    this.code = code;
    this.line = line;
    this.offset = offset;
  }
}
