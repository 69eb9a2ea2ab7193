// Where a command reads its surroundings from and writes to: the process's own streams, or a test's.
import type { Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What a command sees of the world. */
export interface Terminal {
  /** What was asked for goes here, and nothing else. */
  readonly out: TerminalStream;
  /** Notes, progress and errors. */
  readonly err: TerminalStream;
  /** The folder the user stands in; paths on the command line are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
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
