// What commander finds wrong with a command line, said as every other refusal: what was got, what is expected, with the values there are.
import { type Argument, type Command, CommanderError, type Option } from 'commander';
import { counted } from '../format/number.ts';
import { CommandError } from './failure.ts';
import type { NameParser, Proposals } from './flag.ts';

/**
 * Says of a missing or superfluous argument or value what is expected in its place.
 *
 * @param command The command that was called.
 * @returns The error as it is, if it is of another kind.
 */
export function wrongUse(error: unknown, command: Command): unknown {
  if (!(error instanceof CommanderError)) return error;
  const [, name = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const refused = (message: string): CommandError => new CommandError('misuse', message, { cause: error });
  const option = command.options.find(({ flags }) => flags === name);
  switch (error.code) {
    case 'commander.missingMandatoryOptionValue':
      return option === undefined ? error : refused(`${option.long}: got none, expected ${valuesOf(option)}`);
    case 'commander.optionMissingArgument':
      return option === undefined ? error : refused(`${option.long}: got no value, expected ${valuesOf(option)}`);
    case 'commander.missingArgument': {
      const argument = command.registeredArguments.find((one) => one.name() === name);
      return argument === undefined ? error : refused(`${name}: got none, expected ${valuesOf(argument)}`);
    }
    case 'commander.excessArguments': {
      const most = command.registeredArguments.length;
      const expected = most === 0 ? 'no argument' : `${counted(most, 'argument')} at most`;
      return refused(`too many arguments: got '${command.args.slice(most).join(' ')}', expected ${expected}`);
    }
    default:
      return error;
  }
}

/** The names that a flag or an argument takes, else what its help says. */
function valuesOf(one: Option | Argument): string {
  const { names = [], several, proposed = [] } = (one.parseArg ?? {}) as Partial<NameParser<unknown> & Proposals>;
  if (names.length > 0) return `${several ? 'some' : 'one'} of ${names.join(', ')}`;
  return proposed.length === 0 ? one.description : `${one.description}; such as ${proposed.join(', ')}`;
}
