// idspace man: the man page.

import { commandTree, moreOf } from '../cli/command-tree.ts';
import type { Shell } from '../cli/shell.ts';
import { jsonText } from '../format/json-text.ts';
import { version } from '../installed.ts';
import { manualPage } from './manual.ts';

/** Adds `idspace man`. */
export function addMan(shell: Shell): void {
  shell
    .command('man')
    .summary('print the man page: the help of all commands')
    .description('Prints the man page, made from the help of all commands.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(
      shell.action(async ({ json }: { json?: boolean }) => {
        const { program, terminal } = shell;
        const page = manualPage(program.description(), moreOf(program), version(), commandTree(program));
        terminal.out.write(json ? jsonText({ page }) : page);
        return 0;
      }),
    );
}

const HELP = `
Examples:
  man idspace  after npm install --global
  idspace man | man -l -
  idspace man > ~/.local/share/man/man1/idspace.1
  idspace man | mandoc -T html > idspace.html

What the output means: roff, for man, mandoc or groff -man.

JSON: { page }

Exit codes: 0 printed · 2 misuse · 3 stdout is full.`;
