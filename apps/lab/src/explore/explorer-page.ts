// The explorer's page: one file that ships with the program and needs nothing beside it.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unusable } from '../cli/failure.ts';
import { readProblem } from '../cli/file-problem.ts';
import { EXPLORER_PAGE } from '../installed.ts';

/** Returns the page's path and text. @throws CommandError (exit code 3) where it was not built. */
export function explorerPage(path: string = EXPLORER_PAGE): { path: string; text: string } {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    const hint = 'In a clone of the repository, build it first: npx --yes pnpm@12 build';
    throw unusable(path, readProblem(cause), 'the page of the explorer', {
      cause,
      hint,
    });
  }
}

/** Names the explorer that is written beside a report: report/index.html → report/explorer.html, ids.html → ids-explorer.html. */
export function explorerBeside(report: string): string {
  const name = basename(report).replace(/\.html?$/i, '');
  return join(dirname(report), name === 'index' ? 'explorer.html' : `${name}-explorer.html`);
}
