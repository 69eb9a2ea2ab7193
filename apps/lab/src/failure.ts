// Exit codes, and how an error becomes the one or two lines that a user reads.
import { CommanderError } from 'commander';
import type { Terminal } from './terminal.ts';

/**
 * 0: an answer was given, whatever it is · 1: a gate tripped · 2: misuse · 3: something could not be read or written.
 *
 * A gate that could not read everything ends with 3, so that 1 always means "read, and not passed".
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** Says that a command was called wrongly (exit code 2), or that a file, process or kernel cannot be used (3): what was got, what is expected, where. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: 'misuse' | 'input';

  constructor(code: 'misuse' | 'input', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Tells the exit code of an error: libraries throw RangeError for a value that came from a flag. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandError) return error.code === 'misuse' ? 2 : 3;
  return error instanceof RangeError ? 2 : 3;
}

/**
 * Writes an error to stderr in one or two lines; with DEBUG=idspace its stack as well.
 *
 * @param command The command's full name, such as 'idspace plan'.
 */
export function reportError(error: unknown, command: string, terminal: Terminal): void {
  const lines = message(error).split('\n').filter(Boolean).slice(0, 2);
  terminal.err.write(`${command}: ${lines.join('\n')}\n`);
  if (exitCodeOf(error) === 2) terminal.err.write(`See \`${command} --help\`.\n`);
  if (terminal.env.DEBUG === 'idspace' && error instanceof Error) terminal.err.write(`${error.stack}\n`);
}

function message(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message
    .replace(/^error: /, '')
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument '.*' is invalid\. /s, '$1: ')
    .replace('\n(Did you mean', ' (did you mean');
}
