// The command line as a whole: which commands there are, and what becomes of their answers and errors.
import { Command } from 'commander';
import { version } from '../installed.ts';
import { type ExitCode, exitCodeOf, reportError } from './failure.ts';
import type { Shell } from './shell.ts';
import { guarded, type Terminal } from './terminal.ts';

const VERSION_FLAGS = ['-V', '--version'];

/** The commands, in the order of the help; each is loaded when it is called, or all of them to be listed. */
const COMMANDS: Readonly<Record<string, () => Promise<(shell: Shell) => void>>> = {
  demo: async () => (await import('../demo/command.ts')).addDemo,
  plan: async () => (await import('../plan/command.ts')).addPlan,
  rehearse: async () => (await import('../rehearse/command.ts')).addRehearse,
  evaluate: async () => (await import('../evaluate/command.ts')).addEvaluate,
  sweep: async () => (await import('../sweep/command.ts')).addSweep,
  merge: async () => (await import('../merge/command.ts')).addMerge,
  claims: async () => (await import('../claims/command.ts')).addClaims,
  simulate: async () => (await import('../simulate/command.ts')).addSimulate,
  probe: async () => (await import('../probe/command.ts')).addProbe,
  explore: async () => (await import('../explore/command.ts')).addExplore,
};

/**
 * Runs one command line.
 *
 * @param argv The arguments after the program's name.
 * @returns The exit code; errors have been written to stderr.
 */
export async function run(argv: readonly string[], streams: Terminal): Promise<ExitCode> {
  const terminal = guarded(streams);
  let exitCode: ExitCode = 0;
  const program = baseProgram(terminal);
  const shell: Shell = {
    terminal,
    command: (nameAndArguments) => program.command(nameAndArguments),
    action:
      (command) =>
      async (...args) => {
        exitCode = await command(...args);
      },
  };
  for (const name of namesToLoad(argv)) (await COMMANDS[name]!())(shell);
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(withoutHelp(program, argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    const failed = exitCodeOf(error);
    if (failed !== 0) reportError(error, commandName(program, argv), terminal);
    return failed;
  }
}

/** The commands that a command line needs: a wrong one is told from all there are. */
function namesToLoad([first = '']: readonly string[]): readonly string[] {
  if (Object.hasOwn(COMMANDS, first)) return [first];
  return VERSION_FLAGS.includes(first) ? [] : Object.keys(COMMANDS);
}

function baseProgram(terminal: Terminal): Command {
  return new Command('idspace')
    .description(
      'Tells whether CRIU can restore a checkpoint with all its integer IDs, and how long that takes. ' +
        'Evaluates designs of timer-ID tables, and simulates caches.',
    )
    .version(version(), VERSION_FLAGS.join(', '), 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => {}, // reportError writes it, as it does every other error
      getOutHelpWidth: () => Math.min(terminal.out.columns ?? 100, 110),
      getErrHelpWidth: () => Math.min(terminal.err.columns ?? 100, 110),
      getOutHasColors: () => terminal.out.isTTY === true,
    })
    .addHelpText('after', PROGRAM_HELP);
}

const PROGRAM_HELP = `
Start here:
  idspace demo                                   plan a real checkpoint, evaluate all designs, write a report
  idspace plan ./checkpoint                      will these timers come back, and how long does it take?
  idspace COMMAND --help                         what it does, examples, what the output means

Every command takes --json. The answer goes to stdout, everything else to stderr.
Exit codes: 0 an answer was given, whatever it is · 1 a gate tripped (plan --fail-over, --fail-on; rehearse)
· 2 misuse · 3 something could not be read or written. 3 is checked before the gate, so 1 always means that all
was read and something did not pass.`;

/** `help nothing` is as wrong as `nothing`, and refused in the same words. */
function withoutHelp(program: Command, argv: readonly string[]): readonly string[] {
  const [first, topic] = argv;
  if (first !== 'help' || topic === undefined || topic.startsWith('-')) return argv;
  return program.commands.some((command) => command.name() === topic) ? argv : argv.slice(1);
}

/** 'idspace plan' where the command line names a command, else 'idspace'. */
function commandName(program: Command, argv: readonly string[]): string {
  const known = program.commands.find((command) => command.name() === argv[0]);
  return known ? `${program.name()} ${known.name()}` : program.name();
}
