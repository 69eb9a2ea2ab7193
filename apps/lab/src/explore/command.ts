// idspace explore: opens the page on which all of this can be looked at and tried.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExitCode } from '../cli/failure.ts';
import { pathToType } from '../cli/invocation.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { printable } from '../format/printable.ts';
import { explorerPage } from './explorer-page.ts';
import { openerOf, openPage } from './opener.ts';

interface ExploreFlags {
  output?: string;
  open: boolean;
  json?: boolean;
}

/** Adds `idspace explore`. */
export function addExplore(shell: Shell): void {
  shell
    .command('explore')
    .summary('open a page to see and try all of this in a browser')
    .description(
      'Opens the explorer: one page that runs the same code in a browser. Step through the calls of a kernel, race four ways to restore, ' +
        'drop a checkpoint of yours and read its verdict, drop a trace. What you drop does not leave the page.',
    )
    .option('--output <file.html>', 'write the page there first, and open that; it works on any static host')
    .option('--no-open', 'print where the page is, and open nothing')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: ExploreFlags) => explore(flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace explore                                 opens it in your browser
  idspace explore --no-open                       prints its path and its URL
  idspace explore --output ids.html --no-open     a copy, for a web server

What the output means: the path of the page, and its URL. Without a desktop (on
Linux: no DISPLAY, no WAYLAND_DISPLAY) or without xdg-open, nothing is opened:
copy the page to a machine with a browser. It is one file, and makes no request.

JSON: { page, url, opened }: opened is true if an opener took the URL, false if
there is none or --no-open was given.

Exit codes: 0 done, whether or not a browser could be opened · 2 misuse
· 3 the page is not there, or cannot be written.`;

/** Runs `idspace explore`. */
export async function explore({ output, open, json }: ExploreFlags, terminal: Terminal): Promise<ExitCode> {
  const file = output === undefined ? undefined : OutputFile.check(output, terminal.folder);
  const installed = explorerPage();
  await file?.write([installed.text]);
  if (file?.isStream) return 0;
  const page = output === undefined ? installed.path : resolve(terminal.folder, output);
  const url = pathToFileURL(page).href;
  const opener = open ? openerOf(terminal.env) : undefined;
  const problem = opener && (await openPage(opener, url, terminal.env));
  const opened = opener !== undefined && problem === undefined;
  if (problem !== undefined) terminal.err.write(`idspace explore: no browser was opened: ${printable(problem)}\n`);
  if (json) terminal.out.write(jsonText({ page, url, opened }));
  else terminal.out.write(`${printable(pathToType(page, terminal))}\n  ${url}\n${opened || !open ? '' : NOT_OPENED}`);
  return 0;
}

const NOT_OPENED = 'Open it with any browser, here or on another machine: it is one file.\n';
