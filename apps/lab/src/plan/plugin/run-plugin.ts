// checkpointctl ids, and timers as it was called before: what will fail, of which container and process, and why.
import { Command } from 'commander';
import { type ExitCode, exitCodeOf, reportError } from '../../cli/failure.ts';
import { between } from '../../cli/flag.ts';
import { guarded, type Terminal } from '../../cli/terminal.ts';
import { wrongUse } from '../../cli/wrong-use.ts';
import { version } from '../../installed.ts';
import { TODAY } from '../compare.ts';
import { isPlanned, planFleet } from '../fleet.ts';
import { checkPairGiven, MOST_SECONDS, objections } from '../gate.ts';
import { targetAt } from '../target-at.ts';
import { criuFlag, kernelFlag } from '../versions.ts';
import { failureText } from './failure-text.ts';

/** What checkpointctl calls the plugin. */
export type Subcommand = 'ids' | 'timers';

/** Under which name the plugin runs. */
export interface PluginName {
  subcommand: Subcommand;
  description: string;
}

interface PluginFlags {
  kernel?: string;
  criu?: string;
  on?: string;
  failOver?: number;
}

const helpOf = (name: string): string => `
Examples:
  ${name} checkpoint.tar  on Linux ${TODAY.kernel} with CRIU ${TODAY.criu}
  ${name} checkpoint.tar --kernel $(uname -r)
      on this machine's kernel
  ${name} checkpoint.tar --on node.json
      on a machine: are PIDs, terminals, … free there?
  ${name} /var/lib/kubelet/checkpoints
      all in a folder

Without --on, what depends on the machine is named, and does not count.
\`idspace probe --facts\` writes the file of --on. Files, sockets and memory are
not judged.

Exit codes: 0 all were read, whatever comes out · 1 --fail-over tripped · 2
misuse · 3 one cannot be read. \`idspace plan\` tells the same in full: system
calls, other kernels, JSON.`;

/**
 * Runs the plugin.
 *
 * @param argv The arguments after the program's name.
 * @returns The exit code; errors have been written to stderr.
 */
export async function runPlugin(
  argv: readonly string[],
  { subcommand, description }: PluginName,
  streams: Terminal,
): Promise<ExitCode> {
  const name = `checkpointctl ${subcommand}`;
  const terminal = guarded(streams);
  let exitCode: ExitCode = 0;
  const program = new Command(name)
    .description(description)
    .version(version(), '-V, --version', 'print the version')
    .argument('<path...>', 'archives of checkpoints, folders of images, or a folder of these')
    .option('--kernel <release>', `kernel to restore on (default: ${TODAY.kernel})`, kernelFlag)
    .option('--criu <version>', `CRIU to restore with (default: ${TODAY.criu})`, criuFlag)
    .option('--on <file|live>', 'what is known of the machine to restore on, or this one: see idspace plan --help')
    .option(
      '--fail-over <seconds>',
      'exit 1 if a restore takes longer, or is not sure to succeed; with --kernel and --criu',
      between(0, MOST_SECONDS),
    )
    .addHelpText('after', helpOf(name))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: () => {},
    })
    .action(async (paths: string[], flags: PluginFlags) => {
      exitCode = await report(name, paths, flags, terminal);
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const failed = exitCodeOf(error);
    if (failed !== 0) reportError(wrongUse(error, program), name, terminal);
    return failed;
  }
}

async function report(
  name: string,
  paths: readonly string[],
  flags: PluginFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const target = flags.on === undefined ? undefined : await targetAt(flags.on, terminal.folder);
  const { kernel = TODAY.kernel, criu = TODAY.criu } = { ...target, ...flags };
  const { failOver } = flags;
  checkPairGiven({ ...target, ...flags });
  const rows = await planFleet(paths, { kernel, criu, ...(target && { target }) }, terminal);
  let exitCode: ExitCode = 0;
  let isUnread = false;
  let gap = '';
  for (const row of rows) {
    if (!isPlanned(row)) {
      reportError(row.error, name, terminal);
      isUnread = true;
      continue;
    }
    terminal.out.write(`${gap}${failureText(row, target !== undefined, terminal)}`);
    gap = '\n';
    if (failOver !== undefined && objections(row, { failOver }).length > 0) exitCode = 1;
  }
  return isUnread ? 3 : exitCode;
}
