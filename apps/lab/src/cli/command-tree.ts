// What a command line takes, as plain data: shell completion and the man page are made of it.
import type { Command, Option } from 'commander';
import type { NameParser, Proposals } from './flag.ts';

/** What a flag or argument takes as its value. */
export interface Value {
  kind: 'none' | 'file' | 'other' | 'one' | 'some';
  /** The names, of which it takes one or some, or which a shell proposes beside other values. */
  of: readonly string[];
}

export interface FlagInfo {
  /** '--kernel'. */
  name: string;
  /** '--kernel <release>'. */
  form: string;
  description: string;
  value: Value;
}

export interface CommandInfo {
  name: string;
  /** 'idspace plan [options] [path...]'. */
  usage: string;
  summary: string;
  description: string;
  flags: FlagInfo[];
  takesFiles: boolean;
  /** What its argument can be, where that has names. */
  argumentNames: readonly string[];
  /** What the help says after the flags. */
  more: string;
}

/** Lists the commands of a program, in the order of its help. */
export function commandTree(program: Command): CommandInfo[] {
  return program.commands.map((command) => ({
    name: command.name(),
    usage: `${program.name()} ${command.name()} ${command.usage()}`,
    summary: command.summary(),
    description: command.description(),
    flags: command.options.map(flagOf),
    takesFiles: command.registeredArguments.some(({ description }) => FILES.test(description)),
    argumentNames: command.registeredArguments.flatMap(({ parseArg }) => {
      const { names, proposed = [] } = (parseArg ?? {}) as Partial<NameParser<unknown> & Proposals>;
      return names ?? proposed;
    }),
    more: moreOf(command),
  }));
}

const FILES = /checkpoint|trace|shard|file/;

function flagOf(option: Option): FlagInfo {
  const shown = option.defaultValueDescription ?? option.defaultValue;
  const fallback = shown === undefined ? '' : ` (default: ${String(shown)})`;
  return {
    name: option.long!,
    form: option.flags,
    description: option.description + fallback,
    value: valueTakenBy(option),
  };
}

function valueTakenBy({ flags, parseArg, required, optional }: Option): Value {
  if (!required && !optional) return { kind: 'none', of: [] };
  const { names = [], several, proposed = [] } = (parseArg ?? {}) as Partial<NameParser<unknown> & Proposals>;
  if (names.length > 0) return { kind: several ? 'some' : 'one', of: names };
  return { kind: /<(file|path)/.test(flags) ? 'file' : 'other', of: proposed };
}

/** Whatever was added to the help: printed, less what commander makes of the flags. */
export function moreOf(command: Command): string {
  let whole = '';
  const { writeOut } = command.configureOutput();
  command.configureOutput({ writeOut: (text) => void (whole += text) });
  const made = command.helpInformation();
  command.outputHelp();
  command.configureOutput({ writeOut: writeOut! });
  return whole.slice(made.length).trim();
}
