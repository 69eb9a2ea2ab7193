// How the program is started here, so that commands it prints work as pasted.
import { relative } from 'node:path';
import { printable } from '../format/printable.ts';
import type { Terminal } from './terminal.ts';

/** Whether this is a clone of the repository, whose scripts start the program, and no installed package. */
const CLONED = !import.meta.url.includes('/node_modules/');

/** A command line by the way the program was started, from what npm or pnpm left in the environment. */
const STARTERS: Readonly<Record<string, (command: string) => string>> = {
  demo: (command) => `npx --yes pnpm@12 --silent idspace ${command}`, // the script of the repository
  idspace: (command) => `npx --yes pnpm@12 --silent idspace ${command}`,
  npx: (command) => `npx idspace ${command}`,
};

/** Makes a command line of a command and its arguments. */
export function commandToPaste(command: string, { env }: Terminal): string {
  const event = env.npm_lifecycle_event ?? '';
  const starter = CLONED || event === 'npx' ? STARTERS[event] : undefined;
  return starter === undefined ? `idspace ${command}` : starter(command);
}

/** Writes an argument as a shell reads it; what would not be seen, as its escape, so that nothing foreign is pasted unseen. */
export function shellWord(argument: string | number): string {
  const text = printable(String(argument));
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Names a path as one would type it from where the user stands. */
export function pathToType(path: string, { folder }: Terminal): string {
  const shown = relative(folder, path);
  return shown.startsWith('..') || shown === '' ? path : shown;
}
