// Reads fields of a trace, byte by byte, from a block of whole lines. Every line ends in '\n', which no field contains: the loops
// below stop there and need no other bound.
import { TraceError, type TraceErrorCode } from './trace-error.ts';

export const NEWLINE = 0x0a;
export const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;

/** byte → value of the hex digit, −1 for every other byte. Int8Array, shape [256]. */
export const HEX_DIGIT: Int8Array = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  HEX_DIGIT[value.toString(16).charCodeAt(0)] = value;
  HEX_DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** An address has at most 16 hex digits, leading zeros included, and must be below 2⁵³: 21 bits above the low 32. */
const MAX_HEX_DIGITS = 16;
const UPPER_END = 2 ** 21;
/** Most bytes in one access. */
export const MAX_BYTES: number = 2 ** 30;

/** A thread's number has 16 bits. */
const MAX_THREADS = 65536;

const NOT_SOUGHT = -2;

/** Any byte is a character. */
const ascii = new TextDecoder('latin1');

/** A place in a block of whole lines. */
export class TraceCursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** The next byte. */
  at = 0;
  /** Where the current line starts. */
  lineStart = 0;
  /** Number of the current line, the first is 1. */
  line = 1;
  /** Accesses reported so far. */
  accesses = 0;
  /** Lines left out so far that tell of something that is not played, such as a prefetch. */
  leftOut = 0;
  /** Bytes of the trace before this block. */
  private before = 0;
  /** The first zero byte of the block, −1 where there is none: no text has one. NOT_SOUGHT until text is passed over. */
  private zero = NOT_SOUGHT;
  /** Name of a thread → its number, in the order of their first accesses. */
  private readonly threads = new Map<string, number>();

  /** Bytes of the trace before `at`. */
  get offset(): number {
    return this.before + this.at;
  }

  /** Goes on to the block that follows. */
  nextBlock(bytes: Uint8Array): void {
    this.before += this.bytes.length;
    this.bytes = bytes;
    this.zero = NOT_SOUGHT;
    this.at = 0;
    this.lineStart = 0;
  }

  /** Goes on to the line that starts at `at`. */
  nextLine(): void {
    this.lineStart = this.at;
    this.line++;
  }

  /** Goes on to `at`, where a line starts, past so many lines with an access each. */
  take(at: number, lines: number): void {
    this.at = this.lineStart = at;
    this.line += lines;
    this.accesses += lines;
  }

  /** Leaves out the rest of the line. */
  skipLine(): void {
    this.at = this.endOfText() + 1;
    this.nextLine();
  }

  /** Where the line ends. @throws TraceError where a byte of the rest of it is in no text. */
  private endOfText(): number {
    const end = this.bytes.indexOf(NEWLINE, this.at);
    if (this.zero === NOT_SOUGHT) this.zero = this.bytes.indexOf(0);
    if (this.zero < this.at || this.zero > end) return end;
    throw this.error('binary', 'expected text: a line for each access');
  }

  skipBlanks(): void {
    while (this.bytes[this.at] === SPACE || this.bytes[this.at] === TAB) this.at++;
  }

  /** Reads an address. */
  hex(): number {
    const bytes = this.bytes;
    const start = this.at;
    let at = start;
    let low = 0;
    let upper = 0;
    for (let digit = HEX_DIGIT[bytes[at]!]!; digit >= 0; digit = HEX_DIGIT[bytes[++at]!]!) {
      upper = (upper << 4) | (low >>> 28);
      low = (low << 4) | digit;
    }
    this.at = at;
    if (at === start) throw this.error('bad-line', 'expected a hexadecimal address');
    if (at - start > MAX_HEX_DIGITS || upper >>> 0 >= UPPER_END) {
      this.at = start;
      throw this.error('bad-address', 'expected an address below 2^53');
    }
    return upper * 2 ** 32 + (low >>> 0);
  }

  /** The number of a thread: 0 for the first that the trace names. */
  threadNumber(name: string): number {
    let number = this.threads.get(name);
    if (number === undefined) {
      number = this.threads.size;
      if (number === MAX_THREADS) throw this.error('bad-line', `expected at most ${MAX_THREADS} threads`);
      this.threads.set(name, number);
    }
    return number;
  }

  /** Threads that the trace has named. */
  get threadCount(): number {
    return this.threads.size;
  }

  /** Reads a size in bytes of an access at `address`, 1…`most`. */
  size(address: number, most: number = MAX_BYTES): number {
    const bytes = this.bytes;
    const start = this.at;
    let at = start;
    let size = 0;
    for (let digit = bytes[at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) {
      if (size <= MAX_BYTES) size = size * 10 + digit;
    }
    if (at === start) throw this.error('bad-line', 'expected a decimal size in bytes');
    this.checkAccess(address, size, most);
    this.at = at;
    return size;
  }

  /** Refuses an access that cannot be played. */
  checkAccess(address: number, size: number, most: number = MAX_BYTES): void {
    if (!(size >= 1 && size <= most)) {
      throw this.error('bad-size', `expected 1 to ${most === MAX_BYTES ? '2^30' : most} bytes`);
    }
    if (!(address <= 2 ** 53 - size)) throw this.error('bad-address', 'expected an access that ends at 2^53 or before');
  }

  /** The text of the line from `at` on, without its end. */
  restOfLine(): string {
    const end = this.endOfText();
    return ascii.decode(this.bytes.subarray(this.at, this.bytes[end - 1] === RETURN ? end - 1 : end));
  }

  /** Goes past the end of the line. */
  endLine(): void {
    if (this.bytes[this.at] === RETURN) this.at++;
    if (this.bytes[this.at] !== NEWLINE) throw this.error('bad-line', 'expected the end of the line');
    this.at++;
    this.nextLine();
  }

  /** Makes the error that says what is wrong at `at`, and shows the line. */
  error(code: TraceErrorCode, expected: string): TraceError {
    const end = Math.min(this.bytes.indexOf(NEWLINE, this.lineStart), this.lineStart + 60);
    const text = ascii.decode(this.bytes.subarray(this.lineStart, end));
    const column = this.at - this.lineStart + 1;
    return new TraceError(code, `${expected} at column ${column}, got '${text}'`, this.line, this.offset);
  }
}
