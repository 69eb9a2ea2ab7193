// The command line as a whole: which commands there are, and what becomes of their answers and errors.
import { Command } from 'commander';
import { definitions } from '../format/definitions.ts';
import { heading } from '../format/exhibit-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { hasColours, widthOf } from '../format/screen.ts';
import { version } from '../installed.ts';
import { type ExitCode, exitCodeOf, reportError } from './failure.ts';
import { commandToPaste } from './invocation.ts';
import type { Shell } from './shell.ts';
import { guarded, type Terminal } from './terminal.ts';
import { wrongUse } from './wrong-use.ts';

const HELP_WIDTH = 80;
const VERSION_FLAGS = ['-v', '-V', '--version']; // -v is customary in Node's world, -V in commander's

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
  profile: async () => (await import('../profile/command.ts')).addProfile,
  probe: async () => (await import('../probe/command.ts')).addProbe,
  explore: async () => (await import('../explore/command.ts')).addExplore,
  completion: async () => (await import('../completion/command.ts')).addCompletion,
  man: async () => (await import('../man/command.ts')).addMan,
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
    program,
    command: (nameAndArguments) => program.command(nameAndArguments),
    action:
      (command) =>
      async (...args) => {
        exitCode = await command(...args);
      },
  };
  try {
    for (const name of namesToLoad(argv)) (await COMMANDS[name]!())(shell);
    if (argv.length === 0) {
      terminal.out.write(startText(program, terminal));
      return 0;
    }
    await program.parseAsync(withoutHelp(program, argv[0] === '-V' ? ['-v'] : argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    const failed = exitCodeOf(error);
    const called = commandOf(program, argv);
    if (failed !== 0) reportError(wrongUse(error, called ?? program), nameOf(program, called), terminal);
    return failed;
  }
}

/** Commands that tell of the others. */
const OF_ALL = ['completion', 'man'];

/** The commands that a command line needs: a wrong one is told from all there are. */
function namesToLoad([first = '']: readonly string[]): readonly string[] {
  if (Object.hasOwn(COMMANDS, first) && !OF_ALL.includes(first)) return [first];
  return VERSION_FLAGS.includes(first) ? [] : Object.keys(COMMANDS);
}

function baseProgram(terminal: Terminal): Command {
  return new Command('idspace')
    .description(
      'Tells whether CRIU can restore a checkpoint with all its integer IDs, and how long that takes. ' +
        'Evaluates designs of timer-ID tables, and simulates caches.',
    )
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => {}, // reportError writes it, as it does every other error
      getOutHelpWidth: () => Math.min(widthOf(terminal), HELP_WIDTH),
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => hasColours(terminal),
    })
    .addHelpText('after', PROGRAM_HELP);
}

const PROGRAM_HELP = `
Start here:
  idspace demo  plan a real checkpoint, evaluate all designs, write a report
  idspace plan ./checkpoint
      will these timers come back, and how long does it take?
  idspace COMMAND --help
      what it does, examples, what the output means

Every command takes --json. The answer goes to stdout, everything else to
stderr.
Exit codes: 0 an answer was given, whatever it is · 1 a gate tripped (plan
--fail-over, --fail-on; rehearse) · 2 misuse · 3 something could not be read or
written. 3 is checked before the gate, so 1 always means that all was read and
something did not pass.`;

/** Where to begin, for who has typed the name alone. */
function startText(program: Command, terminal: Terminal): string {
  const begin = (command: string): string => commandToPaste(command, terminal);
  return [
    paragraph(program.description(), terminal),
    `\n${heading('Begin with', terminal)}\n`,
    definitions(
      [
        [begin('demo'), 'what this is about, in a minute: a real checkpoint, all designs, a page with charts'],
        [begin('plan ./checkpoint'), 'will CRIU restore it, and how long does that take?'],
        [begin('probe'), 'how does this machine hand out IDs?'],
      ],
      terminal,
    ),
    `\n${heading('All commands', terminal)}\n`,
    definitions(
      program.commands.map((command) => [command.name(), command.summary()] as const),
      terminal,
    ),
    `\n${paragraph(`${begin('COMMAND --help')} has examples and says what the output means; ${begin('--help')} has the exit codes.`, terminal)}`,
  ].join('');
}

/** `help nothing` is as wrong as `nothing`, and refused in the same words. */
function withoutHelp(program: Command, argv: readonly string[]): readonly string[] {
  const [first, topic] = argv;
  if (first !== 'help' || topic === undefined || topic.startsWith('-')) return argv;
  return program.commands.some((command) => command.name() === topic) ? argv : argv.slice(1);
}

/** The command that a command line names. */
function commandOf(program: Command, argv: readonly string[]): Command | undefined {
  return program.commands.find((command) => command.name() === argv[0]);
}

/** 'idspace plan' for a command, else 'idspace'. */
function nameOf(program: Command, command: Command | undefined): string {
  return command === undefined ? program.name() : `${program.name()} ${command.name()}`;
}
