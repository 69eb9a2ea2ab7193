// Exit codes, and how an error becomes the one or two lines that a user reads.
import { CommanderError } from 'commander';
import { printable } from '../format/printable.ts';
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
  /** What is wrong and, where there is one, a line with what to do. */
  readonly lines: readonly string[];

  constructor(code: 'misuse' | 'input', message: string, { hint, ...options }: Beside = {}) {
    const lines = hint === undefined || hint === '' ? [message] : [message, hint];
    super(lines.join('\n'), options);
    this.code = code;
    this.lines = lines;
  }
}

/** What an error may have beside its sentence: a line with what to do, and what it came from. */
type Beside = ErrorOptions & { hint?: string };

/** Says that a command was called wrongly. @param argument The flag or argument. @param got @param expected In words. */
export function misuse(argument: string, got: string, expected: string, beside?: Beside): CommandError {
  return new CommandError('misuse', `${argument}: got ${got}, expected ${expected}`, beside);
}

/** Says that something cannot be used. @param place The file, or the place in it. @param got @param expected In words. */
export function unusable(place: string, got: string, expected: string, beside?: Beside): CommandError {
  return new CommandError('input', `${place}: got ${got}, expected ${expected}`, beside);
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
  terminal.err.write(`${command}: ${errorLines(error).join('\n')}\n`);
  if (exitCodeOf(error) === 2) terminal.err.write(`See \`${command} --help\`.\n`);
  if (terminal.env.DEBUG === 'idspace' && error instanceof Error) terminal.err.write(`${error.stack}\n`);
}

/** Of a line, so that what was got does not hide what is expected. */
const LONGEST = 2000;

/** Says an error in one or two lines, in which every character is seen. */
export function errorLines(error: unknown): string[] {
  const lines = error instanceof CommandError ? error.lines : [message(error)];
  return lines.map((line) => shortened(printable(line)));
}

/** Begins what the check of a flag's value says. No argument of a process holds this character, so that it cannot be in the value. */
export const FLAG_MESSAGE = '\u0000';

function message(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof CommanderError)) return error.message;
  const own = error.message.lastIndexOf(FLAG_MESSAGE);
  if (own >= 0)
    return `${/--[\w-]+|(?<=for argument ')\w+/.exec(error.message)?.[0]}: ${error.message.slice(own + FLAG_MESSAGE.length)}`;
  const [text, hint] = error.message.split(/\n(?=\(Did you mean [^\n]*\)$)/);
  const said = text!.replace(/^error: /, '');
  return hint === undefined ? said : `${said} ${hint.replace('(Did', '(did')}`;
}

function shortened(line: string): string {
  if (line.length <= LONGEST) return line;
  return `${line.slice(0, LONGEST / 2)} … ${line.slice(-LONGEST / 2)}`;
}
