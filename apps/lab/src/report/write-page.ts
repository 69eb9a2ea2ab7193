// Writing a page to where the user wants it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from '../failure.ts';
import { version } from '../installed.ts';
import { type Html, html } from './html.ts';

/** What errors of the file system say. */
const GOT: Readonly<Record<string, string>> = {
  ENOENT: 'a place where nothing can be made',
  ENOTDIR: 'a path through a file',
  EEXIST: 'a path through a file',
  EISDIR: 'a folder',
  EACCES: 'no permission to write it',
  EPERM: 'no permission to write it',
  EROFS: 'a read-only file system',
  ENOSPC: 'a full disk',
};

/**
 * Writes a page to a file, making its folder where it is missing.
 *
 * @throws CommandError (exit code 3) if it cannot be written.
 */
export async function writePage(path: string, page: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, page);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const got = GOT[code] ?? (code || String(cause));
    throw new CommandError('input', `${path}: got ${got}, expected a file that can be written`, { cause });
  }
}

/** The foot of a page. @param command The command line that makes it again. */
export function footer(command: string, of: string = version()): Html {
  return html`<p>Made by idspace${of === '0.0.0' ? '' : ` ${of}`} with <code>${command}</code>. The same command makes the same page.</p>
`;
}
