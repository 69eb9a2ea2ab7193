// The target of `--on`: what is known of the machine where a restore is to happen.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { nearestWords, parseTarget, type Target } from '@idspace/restore-planner';
import { CommandError } from '../cli/failure.ts';
import { printable } from '../format/printable.ts';
import { factsHere } from './facts-here.ts';
import { criuOf, kernelOf } from './versions.ts';

/** In place of a file: the machine on which the program runs. */
export const LIVE = 'live';

const MAX_BYTES = 64 * 2 ** 20; // a million numbers in use take half of it

/**
 * Reads the file of a target, or looks at this machine for 'live'; a pipe is read too, such as that of `--on <(ssh node …)`.
 *
 * @throws CommandError (exit code 3) if it cannot be read, is too large, or names an unknown kernel or CRIU; CheckpointError if it is not a target.
 */
export async function targetAt(path: string, folder: string): Promise<Target> {
  const target =
    path === LIVE ? factsHere().target : parseTarget(await textAt(resolve(folder, path), path), printable(path));
  for (const [key, read] of [
    ['kernel', kernelOf],
    ['criu', criuOf],
  ] as const) {
    const version = target[key];
    if (version === undefined) continue;
    try {
      target[key] = read(version);
    } catch (cause) {
      throw new CommandError('input', `--on: ${printable(path)}: ${(cause as Error).message}`, { cause });
    }
  }
  return target;
}

// biome-ignore format: what belongs together stands in a row
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there', ENOTDIR: 'is not there', EISDIR: 'is a folder',
  EACCES: 'may not be read', EPERM: 'may not be read',
};
const EXPECTED = `the file of a target, as \`idspace probe --facts\` writes it, or '${LIVE}' for this machine`;

function unreadable(path: string, cause: NodeJS.ErrnoException): CommandError {
  const problem = PROBLEMS[cause.code ?? ''] ?? `cannot be read (${printable(cause.message)})`;
  const hint = nearestWords(path, [LIVE]).length > 0 ? ` (did you mean ${LIVE}?)` : '';
  return new CommandError('input', `--on: ${printable(path)} ${problem}, expected ${EXPECTED}${hint}`, { cause });
}

async function textAt(full: string, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  const stream = createReadStream(full);
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length <= MAX_BYTES) continue;
      throw new CommandError('input', `--on: ${printable(path)} has more than ${MAX_BYTES} bytes, expected a target`);
    }
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw unreadable(path, cause as NodeJS.ErrnoException);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(pieces).toString();
}
