// Where a command reads its surroundings from and writes to: the process's own streams, or a test's.
import type { Writable } from 'node:stream';
import { line } from '../format/paragraph.ts';
import { printableLines } from '../format/printable.ts';
import { columnsOf, hasColours, isBounded, widthOf } from '../format/screen.ts';

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

const ESCAPE = '\u001b[';
/** What `toned` writes, split into its codes and a text with nothing in it that is not seen. */
const TONED = new RegExp(`${ESCAPE}(1|2|31|32|33)m([^\u001b\n]*)${ESCAPE}(22|39)m`.replaceAll('[(', '\\[('), 'g');

/** The door between a program and its streams: nothing but text, line breaks, tabs and our own tones gets through. */
export function guarded({ out, err, env, ...rest }: Terminal): Terminal {
  return { out: door(out, env), err: folding(door(err, env), env), env, ...rest };
}

function door(sink: TextSink, env: Terminal['env']): TextSink {
  if (sink.raw !== undefined) return sink; // is one
  const stream = sink as TerminalStream;
  return {
    raw: stream,
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    write: (text) => stream.write(hasColours({ out: stream, env }) ? withTones(text) : printableLines(text)),
  };
}

/** What is told beside the answer: its lines go on below themselves where the screen is too narrow. */
function folding(sink: TextSink, env: Terminal['env']): TextSink {
  const screen = { out: sink, env };
  if (!isBounded(screen)) return sink;
  const fold = (one: string): string => (columnsOf(one) <= widthOf(screen) ? one : line(one, screen).trimEnd());
  return {
    ...sink,
    get columns() {
      return sink.columns;
    },
    write: (text) => sink.write(text.split('\n').map(fold).join('\n')),
  };
}

function withTones(text: string): string {
  const parts = text.split(TONED); // text, code, text within, code, text, …
  return parts.map((part, at) => (at % 2 === 0 ? printableLines(part) : `${ESCAPE}${part}m`)).join('');
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
