// Flags of the scripts that developers run: what cannot be is answered in a line, with exit code 2, before anything is done.
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: T }>>;

/** Beside the flags. */
interface CommandLine {
  /** Names that it may have. Default 0. */
  names?: number;
  /** Default: what the process was started with, but for the `--` that pnpm hands on. */
  args?: string[];
}

/**
 * Reads the command line of a script; prints its help and ends the process if that is asked for.
 *
 * @param help The text; its first line begins with the command, as in `pnpm fuzz [TARGET…] [flags]`.
 */
export function scriptFlags<const T extends Options>(
  help: string,
  options: T,
  { names = 0, args = process.argv.slice(2).filter((arg) => arg !== '--') }: CommandLine = {},
): Parsed<T> {
  const all = { ...options, help: { type: 'boolean', short: 'h' } } as const;
  let parsed: Parsed<T>;
  try {
    parsed = parseArgs({ args, allowPositionals: true, options: all }) as unknown as Parsed<T>;
  } catch (error) {
    // The first sentence says what is wrong.
    return misused(help, (error as Error).message.replace(/\. .*/s, ''));
  }
  if ((parsed.values as { help?: boolean }).help === true) {
    console.log(help);
    process.exit(0);
  }
  const tooMany = parsed.positionals[names];
  if (tooMany !== undefined)
    misused(help, `got '${tooMany}', expected ${names === 0 ? 'flags alone' : `${names} at most`}`);
  return parsed;
}

/** Ends the process if there is a name that is not known. */
export function checkNames(help: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) misused(help, `got '${unknown}', expected some of: ${known.join(', ')}`);
}

/** Reads a number of a flag, and ends the process if it is none. */
export function integerFlag(
  help: string,
  name: string,
  text: string,
  min = 1,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  // As people write them: 20000 or 2e4.
  const value = /^\d+(e\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  return misused(help, `--${name}: got '${text}', expected an integer ${min}…${max}`);
}

/** Reads the flag `--seed`. */
export const seedFlag = (help: string, text: string): number => integerFlag(help, 'seed', text, 0, 2 ** 32 - 1);

/** Reads a time of a flag, and ends the process if it is none. */
export function timeFlag(help: string, name: string, text: string): number {
  return Number(text) > 0 ? Number(text) : misused(help, `--${name}: got '${text}', expected a number above 0`);
}

/** Says what cannot be, and ends the process with exit code 2. */
export function misused(help: string, message: string): never {
  const [, command] = /^pnpm ([a-z-]+(?: [a-z-]+(?![a-z\d|]))?)/.exec(help)!;
  process.stderr.write(`${command}: ${message}; --help tells more\n`);
  process.exit(2);
}
