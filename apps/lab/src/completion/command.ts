// idspace completion: what makes a shell complete commands, flags and their values.
import { Argument } from 'commander';
import { commandTree } from '../cli/command-tree.ts';
import { oneOf } from '../cli/flag.ts';
import type { Shell } from '../cli/shell.ts';
import { jsonText } from '../format/json-text.ts';
import { completionScript, SHELLS, type ShellName } from './scripts.ts';

/** Adds `idspace completion`. */
export function addCompletion(shell: Shell): void {
  shell
    .command('completion')
    .summary('print a script that completes commands, flags and values in a shell')
    .description(
      'Prints a completion script, made from the help of all commands. It completes commands, flags, and values that have names.',
    )
    .addArgument(new Argument('<shell>', `one of ${SHELLS.join(', ')}`).argParser(oneOf(SHELLS)))
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(
      shell.action(async (name: ShellName, { json }: { json?: boolean }) => {
        const script = completionScript(name, commandTree(shell.program));
        shell.terminal.out.write(json ? jsonText({ shell: name, script }) : script);
        return 0;
      }),
    );
}

const HELP = `
Examples:
  idspace completion bash >> ~/.bashrc
  idspace completion zsh > ~/.zfunc/_idspace   in a folder of $fpath
  idspace completion fish > ~/.config/fish/completions/idspace.fish

What the output means: a script for the shell. It calls nothing, so write it
again after an update.

JSON: { shell, script }

Exit codes: 0 printed · 2 misuse, such as an unknown shell · 3 stdout is full.`;
