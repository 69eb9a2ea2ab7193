// Folders made one by one. Node's own `recursive` never returns below /proc (Node 20), where every folder is missing and none can be made.
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it.
 *
 * @returns Those that were missing, the outermost first.
 * @throws The error of the file system; then nothing has been made.
 */
export function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = folder; !isFolder(at); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  try {
    for (const one of missing) if (makeFolder(one)) made.push(one);
  } catch (error) {
    removeFolders(made);
    throw error;
  }
  return made;
}

/** Removes folders that are empty, the innermost first. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      return; // in use by now
    }
  }
}

/** @throws ENOTDIR for a file. */
function isFolder(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined && path !== dirname(path)) return false;
  if (stats?.isDirectory()) return true;
  throw Object.assign(new Error(`${path} is not a folder`), { code: stats === undefined ? 'ENOENT' : 'ENOTDIR' });
}

/** @returns False if another process was quicker. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(path)) return false;
    throw error;
  }
}
