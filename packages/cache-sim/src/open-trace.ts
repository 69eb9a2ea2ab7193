// Opens a trace: decompresses it, detects its format, and reads it a chunk at a time.

import { Batch, type TraceBatch } from './batch.ts';
import { BINARY_HEAD, binaryKindOf } from './binary.ts';
import { couldBecome, FormatDetector } from './detect.ts';
import { checkKeys, refused } from './misuse.ts';
import { peek } from './peek.ts';
import { MAX_BYTES, NEWLINE, TraceCursor } from './trace-cursor.ts';
import { TraceError } from './trace-error.ts';
import { LINE_FORMATS, TRACE_FORMATS, type TraceFormat } from './trace-formats.ts';
import { unpackError, unpacked } from './unpack.ts';
import { WholeLines } from './whole-lines.ts';

/** Longest line kept while its end has not come. */
const MAX_LINE_BYTES = 65536;
/** Bytes that are kept while the format is not known: a long message of valgrind's fits many times. */
const MAX_UNKNOWN_BYTES = 2 ** 20;

/** A last line without a line end, as a program leaves it that is stopped while it writes. */
export interface CutLine {
  /** Number of the line, the first is 1. */
  line: number;
  /** The line, 60 characters at most. */
  text: string;
  /** Whether it was played as it stands; else it was left out. */
  played: boolean;
}

/** How much of a trace was read, so far. */
export interface Replayed {
  /** Accesses passed on. */
  accesses: number;
  /** Lines, those left out included. */
  lines: number;
  /** Lines that tell of something that is not played, such as a prefetch; absent when there are none. */
  leftOut?: number;
  /** The last line, when it has no line end and is an access or the start of one; absent otherwise. */
  cut?: CutLine;
}

/** An open trace: its accesses, in batches. It can be read through one time. */
export interface OpenTrace extends AsyncIterable<TraceBatch> {
  readonly format: TraceFormat;
  /** What the format does not tell, and how its accesses are played for that reason. */
  readonly note: string | undefined;
  /** Threads that the trace has named so far; 0 where its format names none. */
  readonly threads: number;
  /** How much was read so far. */
  readonly read: Replayed;
  /** Closes the source; reading the trace to its end does so, too. */
  close(): Promise<void>;
}

/** How a trace is read. */
export interface OpenTraceOptions {
  /** Default: detected from the lines. */
  format?: TraceFormat | undefined;
  /** Data accesses of lackey's are cut to so many bytes, as cachegrind cuts them to its shortest line. Default: they are not. */
  longest?: number | undefined;
}

/**
 * Opens a trace, compressed or not.
 *
 * gzip and zstd (where Node has it) are known by their first bytes. The format is detected from the first 64 accesses: all of them must be of
 * it. A trace that has only valgrind's messages is lackey's; one of empty lines, or of nothing, is taken for din.
 *
 * @param source The bytes, or chunks of them, such as `createReadStream(path)` or `process.stdin`.
 * @returns The trace. Its batches are one object, filled again for each.
 * @throws TraceError for what is not a trace, or one whose format is not certain: then give `format`.
 * @throws RangeError when `format` is none.
 *
 * Reading it throws a TraceError at the first line that is not of the format; every access before that has been passed on.
 *
 * Cost: memory for one chunk and one line; up to 1 MiB until the format is known.
 */
export async function openTrace(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: OpenTraceOptions = {},
): Promise<OpenTrace> {
  const { format, longest = MAX_BYTES } = checkKeys('openTrace', 'options', options, 'format, longest');
  if (format !== undefined && !Object.hasOwn(LINE_FORMATS, format)) {
    throw refused('openTrace', 'format', format, TRACE_FORMATS.join(' or '));
  }
  try {
    const chunks = unpacked(source instanceof Uint8Array ? single(source) : source);
    const { head, whole, close } = await peek(chunks, isHead);
    try {
      const blocks = blocksOf(whole);
      const binary = binaryKindOf(head);
      if (binary !== undefined) throw new TraceError('binary', `got ${binary}`, 1, 0);
      const kept: Block[] = [];
      return new LineTrace(format ?? (await detect(blocks, kept)), longest, kept, blocks, close);
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    throw unpackError(error, 1, 0) ?? error;
  }
}

/** Whether there is enough to tell text from binary data. A line is: a live source may not have more to say for some time. */
function isHead(head: Uint8Array): boolean {
  return head.length >= BINARY_HEAD || head.includes(NEWLINE);
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Whole lines; `isCut`: one line without an end, to which one was added. */
interface Block {
  bytes: Uint8Array;
  isCut: boolean;
}

/** Cuts chunks into blocks of whole lines. @throws TraceError `long-line`, placed within the blocks. */
async function* blocksOf(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Block, void, undefined> {
  const lines = new WholeLines();
  for await (const chunk of chunks) {
    const bytes = lines.take(chunk);
    if (bytes !== undefined) yield { bytes, isCut: false };
    if (lines.pending > MAX_LINE_BYTES) throw new LongLine(lines.pending);
  }
  const last = lines.end();
  if (last !== undefined) yield { bytes: last, isCut: true };
}

/** A line without end: only the reader knows its place. */
class LongLine extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super(`got ${bytes} bytes without a line end; expected one within ${MAX_LINE_BYTES}`);
    this.bytes = bytes;
  }
}

/** Detects the format from the first blocks, which are added to `kept`. */
async function detect(blocks: AsyncGenerator<Block>, kept: Block[]): Promise<TraceFormat> {
  const detector = new FormatDetector();
  let bytes = 0;
  while (!detector.isDone && bytes < MAX_UNKNOWN_BYTES) {
    const { done, value } = await blocks.next();
    if (done === true) break;
    // A copy: the reader of a file may use the chunk's memory again.
    kept.push({ bytes: value.bytes.slice(), isCut: value.isCut });
    bytes += value.bytes.length;
    if (!value.isCut || kept.length === 1) detector.look(value.bytes);
  }
  return detector.decide() ?? 'din';
}

class LineTrace implements OpenTrace {
  readonly format: TraceFormat;
  /** Gives the source up. */
  readonly close: () => Promise<void>;
  private readonly longest: number;
  private readonly kept: readonly Block[];
  private readonly blocks: AsyncIterable<Block>;
  private readonly cursor = new TraceCursor();
  private readonly batch = new Batch();
  private cut: CutLine | undefined;

  constructor(
    format: TraceFormat,
    longest: number,
    kept: readonly Block[],
    blocks: AsyncIterable<Block>,
    close: () => Promise<void>,
  ) {
    this.format = format;
    this.longest = longest;
    this.kept = kept;
    this.blocks = blocks;
    this.close = close;
  }

  get note(): string | undefined {
    return LINE_FORMATS[this.format].note;
  }

  get threads(): number {
    return this.cursor.threadCount;
  }

  get read(): Replayed {
    const { accesses, line, leftOut } = this.cursor;
    return { accesses, lines: line - 1, ...(leftOut > 0 && { leftOut }), ...(this.cut && { cut: this.cut }) };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TraceBatch, void, undefined> {
    const { batch } = this;
    let failure: { error: unknown } | undefined;
    try {
      for await (const block of this.all()) {
        this.cursor.nextBlock(block.bytes);
        while (this.cursor.at < block.bytes.length) {
          this.fill(block);
          if (batch.length === 0) continue;
          yield batch;
          batch.length = 0;
        }
      }
    } catch (error) {
      failure = { error: this.placed(error) };
    } finally {
      await this.close();
    }
    // What was read before a failure is passed on before it.
    if (batch.length > 0) yield batch;
    batch.length = 0;
    if (failure !== undefined) throw failure.error;
  }

  private async *all(): AsyncGenerator<Block, void, undefined> {
    yield* this.kept;
    yield* this.blocks;
  }

  /** Reads lines until the block ends or the batch is full. */
  private fill(block: Block): void {
    const { cursor, batch, longest } = this;
    const { readLine, readLines } = LINE_FORMATS[this.format];
    if (block.isCut) {
      this.readCutLine(block.bytes);
      return;
    }
    while (cursor.at < block.bytes.length && !batch.isFull) {
      readLines?.(cursor, batch, longest);
      if (cursor.at < block.bytes.length && !batch.isFull) readLine(cursor, batch, longest);
    }
  }

  /** Reads the last line, which has no end: it may be the start of another. */
  private readCutLine(bytes: Uint8Array): void {
    const { cursor, batch } = this;
    const { accesses, line } = cursor;
    const text = new TextDecoder('latin1').decode(bytes.subarray(0, Math.min(bytes.length - 1, 60)));
    try {
      LINE_FORMATS[this.format].readLine(cursor, batch, this.longest);
      if (cursor.accesses > accesses) this.cut = { line, text, played: true };
    } catch (error) {
      const isCut = error instanceof TraceError && error.code === 'bad-line' && accesses > 0;
      if (!isCut || !couldBecome(this.format, bytes.subarray(0, -1))) throw error;
      this.cut = { line, text, played: false };
      cursor.at = 0;
      cursor.skipLine();
    }
  }

  /** Gives an error of what is below the lines its place in the trace. */
  private placed(error: unknown): unknown {
    const { line, offset } = this.cursor;
    if (error instanceof LongLine) return new TraceError('long-line', error.message, line, offset);
    return unpackError(error, line, offset) ?? error;
  }
}
