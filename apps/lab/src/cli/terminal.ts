// Where a command reads its surroundings from and writes to: the process's own streams, or a test's.
import type { Writable } from 'node:stream';
import { printableLines } from '../format/printable.ts';

/** A stream that may be a terminal. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command writes text to. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** The stream behind it, past all that makes text safe: for a progress bar, which moves the cursor. */
  readonly raw?: TerminalStream;
}

/** What a command sees of the world. */
export interface Terminal {
  /** What was asked for goes here, and nothing else. */
  readonly out: TextSink;
  /** Notes, progress and errors. */
  readonly err: TextSink;
  /** What `-` reads. Absent: the process's own standard input. */
  readonly input?: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** The folder the user stands in; paths on the command line are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A heading of ours: a whole line in bold, with nothing in it that is not seen. */
const [BOLD, NOT_BOLD] = ['\u001b[1m', '\u001b[22m'];
const BOLD_LINE = new RegExp(`^${BOLD}(.*)${NOT_BOLD}$`.replaceAll('[', '\\['), 'gm');

/** The door between a program and its streams: nothing but text, line breaks, tabs and our own bold headings gets through. */
export function guarded({ out, err, ...rest }: Terminal): Terminal {
  return { out: door(out), err: door(err), ...rest };
}

function door(sink: TextSink): TextSink {
  if (sink.raw !== undefined) return sink; // is one
  const stream = sink as TerminalStream;
  return {
    raw: stream,
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    write: (text) => stream.write(stream.isTTY === true ? withHeadings(text) : printableLines(text)),
  };
}

function withHeadings(text: string): string {
  let from = 0;
  let safe = '';
  for (const match of text.matchAll(BOLD_LINE)) {
    safe += `${printableLines(text.slice(from, match.index))}${BOLD}${printableLines(match[1]!)}${NOT_BOLD}`;
    from = match.index + match[0].length;
  }
  return safe + printableLines(text.slice(from));
}

/**
 * Tells where the user stands.
 *
 * `pnpm idspace …` runs in the folder of the package.json, whatever folder it was called from; pnpm leaves that one in INIT_CWD.
 * @param env The environment of the process.
 * @param cwd The working folder of the process, the answer in every other case.
 */
export function userFolder(env: Terminal['env'], cwd: string): string {
  return env.npm_lifecycle_event === 'idspace' && env.INIT_CWD ? env.INIT_CWD : cwd;
}
