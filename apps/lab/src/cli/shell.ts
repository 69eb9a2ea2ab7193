// What a command needs of the program it is added to.
import type { Command } from 'commander';
import type { ExitCode } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** A command's action as it is run: with its positional arguments and flags, to its exit code. */
export type Action<Arguments extends unknown[]> = (...args: Arguments) => Promise<ExitCode>;

/** What a command is added to. */
export interface Shell {
  readonly terminal: Terminal;
  /** What the commands are added to; of `completion` and `man`, with all of them. */
  readonly program: Command;
  /** Adds a command that inherits the program's settings. */
  command(nameAndArguments: string): Command;
  /** Makes an action of a function, so that its exit code is the program's. */
  action<Arguments extends unknown[]>(run: Action<Arguments>): (...args: Arguments) => Promise<void>;
}
