// Reading a checkpoint by the path a user gave, with a hint if the path is near a checkpoint but is not one.
import { resolve } from 'node:path';
import {
  type Checkpoint,
  CheckpointError,
  findCheckpoints,
  type ReadOptions,
  readCheckpoint,
  readCheckpointStream,
} from '@idspace/restore-planner';
import { CommandError, misuse } from '../cli/failure.ts';
import type { Terminal } from '../cli/terminal.ts';

const MOST = 3; // named in a hint

/** What a path is called that means standard input. */
const STANDARD_INPUT = '-';

export function isStandardInput(path: string): boolean {
  return path === STANDARD_INPUT;
}

/** @throws CommandError (exit code 2) for paths that name standard input twice, or while it is a terminal. */
export function checkStandardInput(paths: readonly string[], { input = process.stdin }: Pick<Terminal, 'input'>): void {
  const count = paths.filter(isStandardInput).length;
  if (count > 1) throw misuse('path', `'-' ${count} times`, 'standard input once');
  if (count === 1 && input.isTTY) {
    throw misuse('path', "'-', which is a terminal", 'a pipe or < FILE');
  }
}

/**
 * Reads a checkpoint by a path as the user wrote it; '-' is standard input.
 *
 * @throws CommandError (exit code 3) with the folder to pass instead, where one is near; CheckpointError otherwise.
 */
export async function checkpointAt(
  path: string,
  { folder, input = process.stdin }: Pick<Terminal, 'folder' | 'input'>,
  options: ReadOptions = {},
): Promise<Checkpoint> {
  if (isStandardInput(path)) {
    if (input.isTTY) throw misuse('path', "'-', which is the keyboard", 'a pipe or < FILE');
    return readCheckpointStream(input, 'standard input', options);
  }
  const full = resolve(folder, path);
  try {
    return await readCheckpoint(full, options);
  } catch (error) {
    throw error instanceof Error ? await withHint(full, error) : error;
  }
}

/** Adds to an error of reading a path what to pass instead, where that is near. */
export async function withHint(path: string, error: Error): Promise<Error> {
  // What is thrown for an input is never misuse, which a RangeError would be taken for: JSON nested too deeply for the stack.
  if (error instanceof RangeError) return new CommandError('input', `${path}: got ${error.message}`, { cause: error });
  const hint = error instanceof CheckpointError ? await hintFor(path, error) : '';
  return hint === '' ? error : new CommandError('input', error.message, { hint, cause: error });
}

/** A folder that holds checkpoints, however deep, and is none. */
async function hintFor(path: string, { code }: CheckpointError): Promise<string> {
  if (code !== 'missing-file') return '';
  const inside: string[] = [];
  try {
    for await (const one of findCheckpoints(path)) if (one !== path) inside.push(one);
  } catch {
    return ''; // the path is not a folder, or a large one
  }
  if (inside.length === 0) return '';
  const more = inside.length > MOST ? ` and ${inside.length - MOST} more` : '';
  return `Checkpoints are in ${inside.slice(0, MOST).join(', ')}${more}: pass one of these.`;
}
