// Reading a checkpoint by the path a user gave, with a hint where the path is near a checkpoint but none.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Checkpoint, CheckpointError, type ReadOptions, readCheckpoint } from '@idspace/restore-planner';
import { CommandError } from '../failure.ts';

const MARK = 'inventory.img'; // every checkpoint has one
const MOST = 3; // named in a hint

/**
 * Reads a checkpoint.
 *
 * @throws CommandError (exit code 3) with the folder to pass instead, where one is near; CheckpointError otherwise.
 */
export async function checkpointAt(path: string, options: ReadOptions = {}): Promise<Checkpoint> {
  try {
    return await readCheckpoint(path, options);
  } catch (error) {
    const hint = error instanceof CheckpointError ? await hintFor(path, error) : '';
    if (hint === '' || !(error instanceof Error)) throw error;
    throw new CommandError('input', error.message, { hint, cause: error });
  }
}

async function hintFor(path: string, { code }: CheckpointError): Promise<string> {
  if (code !== 'missing-file' || existsSync(join(path, MARK))) return '';
  const folders = await foldersBelow(path);
  if (folders.length === 0) return '';
  const more = folders.length > MOST ? ` and ${folders.length - MOST} more` : '';
  return `Checkpoints are in ${folders.slice(0, MOST).join(', ')}${more}: pass one or several of these.`;
}

/** Folders two below the path that hold checkpoints: those one below are found without a hint. */
async function foldersBelow(path: string): Promise<string[]> {
  const list = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  };
  const inner = await Promise.all((await list(path)).map(list));
  return inner
    .flat()
    .filter((folder) => existsSync(join(folder, MARK)))
    .map((folder) => dirname(folder))
    .filter((folder, index, all) => all.indexOf(folder) === index)
    .sort();
}
