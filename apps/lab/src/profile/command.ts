// idspace profile: which lines of a program miss the cache.
import { CPU_PRESETS } from '@idspace/cache-sim';
import type { ExitCode } from '../cli/failure.ts';
import { oneOf, refuse, wholeNumber } from '../cli/flag.ts';
import type { Shell } from '../cli/shell.ts';
import { PROFILE_HELP } from './help.ts';
import { type ProfileFlags, profile } from './run.ts';

const MOST_LINES = 10_000;

/** Adds `idspace profile`. */
export function addProfile(shell: Shell): void {
  shell
    .command('profile')
    .summary('run a program, and print which of its lines miss the cache')
    .description(
      'Runs a JavaScript program with Node.js, sends every access to its typed arrays through simulated caches, and prints the lines of ' +
        'source and the arrays that miss most. Its output goes to stderr. Counts are exact and the same each time; no time is measured.',
    )
    .argument('<script>', 'the program, a module or CommonJS; TypeScript where Node.js itself runs it')
    .argument('[arguments...]', 'what the program is given; put -- before it if it begins with -')
    .option('--preset <cpu>', `the caches of a CPU: ${CPU_PRESETS.join(', ')} (default: zen-4)`, oneOf(CPU_PRESETS))
    .option(
      '--only <pattern>',
      'instrument only files whose path this regular expression finds (default: all)',
      pattern,
    )
    .option('--lines <n>', 'lines and arrays to print (default: 20)', wholeNumber(1, MOST_LINES))
    .option('--annotate', 'print the source around the hottest lines, each with its counts')
    .option('--speedscope <file.json>', 'where to write a flame graph of misses by file and line, for speedscope.app')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', PROFILE_HELP)
    .action(
      shell.action(
        (script: string, given: string[], flags: ProfileFlags): Promise<ExitCode> =>
          profile(script, given, flags, shell.terminal),
      ),
    );
}

/** Checks a regular expression. */
function pattern(text: string): string {
  try {
    return new RegExp(text).source;
  } catch {
    return refuse(text, 'a regular expression, such as src/ or \\.mjs$');
  }
}
