// Flags of the scripts that developers run: what cannot be is answered in a line, with exit code 2, before anything is done.
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ allowPositionals: true; options: T }>>;

/**
 * Reads the command line of a script; prints its help and ends the process if that is asked for.
 *
 * @param help The text; its first line begins with the command, as in `pnpm fuzz [TARGET…] [flags]`.
 */
export function scriptFlags<const T extends Options>(
  help: string,
  options: T,
  args: string[] = process.argv.slice(2),
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
  return parsed;
}

/** Reads a number of a flag, and ends the process if it is none. */
export function integerFlag(
  help: string,
  name: string,
  text: string,
  min = 1,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  return misused(help, `--${name}: got '${text}', expected an integer ${min}…${max}`);
}

/** Says what cannot be, and ends the process with exit code 2. */
export function misused(help: string, message: string): never {
  const [, command] = /^pnpm ([a-z-]+(?: [a-z-]+(?![a-z\d|]))?)/.exec(help)!;
  process.stderr.write(`${command}: ${message}; --help tells more\n`);
  process.exit(2);
}
