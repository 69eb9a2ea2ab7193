// Detects the format of a trace from its lines, with the readers themselves: a format that is detected can be read.
import { Batch } from './batch.ts';
import { MAX_BYTES, NEWLINE, TraceCursor } from './trace-cursor.ts';
import { TraceError } from './trace-error.ts';
import { LINE_FORMATS, TRACE_FORMATS, type TraceFormat } from './trace-formats.ts';

const RETURN = 13;
/** Lines of accesses that are looked at. */
const SAMPLE = 64;

/** Texts that people have beside a trace, by what a line of theirs looks like. */
const OTHER_TEXTS: readonly { line: RegExp; name: string }[] = [
  {
    line: /^(?:desc|cmd|events|version|creator): /,
    name: 'the counts of cachegrind or callgrind, which are not a trace',
  },
  {
    line: /^(?:gem5 Simulator| *\d+: [\w.]+: )/,
    name: "what gem5 prints, which is not a packet trace (that is made by gem5's CommMonitor and util/decode_packet_trace.py)",
  },
];

/** Characters of a line that a message shows. */
const SHOWN = 60;
/** Any byte is a character. */
const ascii = new TextDecoder('latin1');

/** What a format makes of a line: an access, something beside the accesses, an access that cannot be played, or nothing. */
type Verdict = 'access' | 'noise' | 'value' | 'no';

/** Looks at lines until it is known what they are. */
export class FormatDetector {
  /** Formats of which every line so far is. */
  private candidates: readonly TraceFormat[] = TRACE_FORMATS;
  /** Formats of which a line has shown itself. */
  private readonly proven = new Set<TraceFormat>();
  private accesses = 0;
  private line = 0;
  private offset = 0;
  /** The first line that told something, and what it could be. */
  private first: { line: number; offset: number; formats: string; text: string } | undefined;

  /** Whether enough lines were seen. */
  get isDone(): boolean {
    return this.accesses >= SAMPLE;
  }

  /** Looks at a block of whole lines. @throws TraceError `unknown-format` at a line that is of no format, or of another than those before. */
  look(block: Uint8Array): void {
    for (let at = 0; at < block.length && !this.isDone; ) {
      const end = block.indexOf(NEWLINE, at) + 1;
      this.line++;
      if (!isEmpty(block, at, end)) this.lookAt(block.subarray(at, end));
      this.offset += end - at;
      at = end;
    }
  }

  /** Tells the format; undefined where no line told one. @throws TraceError `unknown-format` where two are as likely. */
  decide(): TraceFormat | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    const found = this.candidates.find((one) => LINE_FORMATS[one].proof === undefined || this.proven.has(one));
    if (found !== undefined) return found;
    const problem = `unsure of the format: it may be ${this.candidates.join(' or ')}, or another, got '${first.text}'`;
    throw new TraceError('unknown-format', problem, first.line, first.offset);
  }

  private lookAt(line: Uint8Array): void {
    const verdicts = TRACE_FORMATS.map((format) => ({ format, verdict: verdictOf(format, line) }));
    const those = (...some: Verdict[]): TraceFormat[] =>
      verdicts.filter(({ verdict }) => some.includes(verdict)).map(({ format }) => format);
    const readable = those('access', 'noise');
    const formats = readable.length > 0 ? readable : those('value');
    if (formats.length === TRACE_FORMATS.length) return; // a line of spaces
    const text = ascii.decode(line).trimEnd();
    this.candidates = this.candidates.filter((format) => formats.includes(format));
    if (this.candidates.length === 0) throw this.unknown(text, formats);
    for (const format of formats) if (LINE_FORMATS[format].proof?.test(text)) this.proven.add(format);
    this.first ??= { line: this.line, offset: this.offset, formats: formats.join(' or '), text: text.slice(0, SHOWN) };
    if (those('noise').length === 0) this.accesses++;
  }

  private unknown(text: string, formats: readonly TraceFormat[]): TraceError {
    const { first } = this;
    const shown = `'${text.slice(0, SHOWN)}'`;
    const other = OTHER_TEXTS.find(({ line }) => line.test(text));
    const before = first && `line ${first.line} is ${first.formats}`;
    const problem =
      formats.length > 0
        ? `unsure of the format: ${before}, this one is ${formats.join(' or ')}, got ${shown}; expected one format`
        : other
          ? `got ${other.name}: ${shown}; expected a trace of accesses`
          : `got no line of a trace: ${shown}${before ? ` (${before})` : ''}; expected one of ${TRACE_FORMATS.join(', ')}`;
    return new TraceError('unknown-format', problem, this.line, this.offset);
  }
}

/** Whether a line is nothing but its end: it is of every format, and there may be a million of them. */
function isEmpty(block: Uint8Array, at: number, end: number): boolean {
  return end - at === 1 || (end - at === 2 && block[at] === RETURN);
}

/** Where lines are read that are only looked at. */
const scratch = new Batch();

function verdictOf(format: TraceFormat, line: Uint8Array): Verdict {
  const cursor = new TraceCursor();
  cursor.nextBlock(line);
  scratch.length = 0;
  try {
    LINE_FORMATS[format].readLine(cursor, scratch, MAX_BYTES);
    return cursor.accesses > 0 ? 'access' : 'noise';
  } catch (error) {
    if (error instanceof TraceError) return error.code === 'bad-line' ? 'no' : 'value';
    throw error;
  }
}

/** Whether a line that was cut off could have become one of the format. */
export function couldBecome(format: TraceFormat, cut: Uint8Array): boolean {
  return LINE_FORMATS[format].examples.some((example) => {
    const bytes = new TextEncoder().encode(`${example}\n`);
    for (let at = 0; at < bytes.length; at++) {
      const line = new Uint8Array(cut.length + bytes.length - at);
      line.set(cut);
      line.set(bytes.subarray(at), cut.length);
      if (verdictOf(format, line) !== 'no') return true;
    }
    return false;
  });
}
