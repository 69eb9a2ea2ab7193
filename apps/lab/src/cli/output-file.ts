// A file that a command is going to write: tried before the work begins, and at the end there as a whole or as it was.
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandError, misuse, unusable } from './failure.ts';
import { writeProblem } from './file-problem.ts';
import { makeFolders, removeFolders } from './folders.ts';
import { undisturbed } from './undisturbed.ts';
import { writeAll, writePieces } from './write-all.ts';

const MOST_LINKS = 40;

export class OutputFile {
  /** As the user named it. */
  readonly name: string;
  /** A pipe or a device such as /dev/null, in which nothing is kept. */
  readonly isStream: boolean;
  private readonly path: string;

  private constructor(name: string, path: string, isStream: boolean) {
    this.name = name;
    this.path = path;
    this.isStream = isStream;
  }

  /**
   * Tries if a file can be written, and leaves everything as it is: an old file, and folders that are still missing.
   *
   * @param name As the user named it, relative to `folder`.
   * @param inputs Files that are read for it, by the same folder: writing over one of them would destroy what the output is made of.
   * @throws CommandError (exit code 3) naming what is in the way; (2) where it is one of the inputs.
   */
  static check(name: string, folder: string, inputs: readonly string[] = []): OutputFile {
    const path = resolve(folder, name);
    try {
      const place = placeOf(path);
      refuseInput(place, folder, inputs);
      if (place.isStream) return new OutputFile(name, path, true);
      if (place.old !== undefined) accessSync(place.target, constants.W_OK);
      const folders = makeFolders(dirname(place.target));
      try {
        const beside = besideOf(place.target);
        const file = openSync(beside, 'wx');
        try {
          closeSync(file);
        } finally {
          rmSync(beside);
        }
      } finally {
        removeFolders(folders);
      }
      return new OutputFile(name, path, false);
    } catch (error) {
      throw describe(path, error);
    }
  }

  /**
   * Writes the file, making its folder where it is missing: beside it first, then in its place. A signal that would end the process waits for that.
   *
   * @throws CommandError (exit code 3) if that fails; an old file is there as it was, and nothing else is.
   */
  async write(pieces: Iterable<string>): Promise<void> {
    try {
      await undisturbed(() => writeTo(placeOf(this.path), pieces));
    } catch (error) {
      throw describe(this.path, error);
    }
  }
}

/**
 * With these options a look at a pipe has no consequences. Otherwise Node.js keeps what it saw last, and while that is a pipe it does not
 * follow the links on the way to a module (fs.realpathSync, seen with Node.js 20): what is imported next does not find its dependencies.
 */
const HARMLESSLY = { bigint: true, throwIfNoEntry: false } as const;

/** Where the bytes go. */
interface Place {
  /** The path behind links. */
  target: string;
  /** The file that is there. */
  old?: BigIntStats;
  /** There is nothing to keep, and nothing to put in its place. */
  isStream: boolean;
}

function placeOf(path: string): Place {
  const old = statSync(path, HARMLESSLY);
  if (old === undefined) return { target: behindLinks(path), isStream: false };
  if (old.isFile()) return { target: realpathSync(path), old, isStream: false };
  if (old.isFIFO() || old.isCharacterDevice()) return { target: path, old, isStream: true };
  throw Object.assign(new Error(), { code: old.isDirectory() ? 'EISDIR' : 'EPERM' });
}

/** Follows links to a file that is not there yet. */
function behindLinks(path: string): string {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const to = linkAt(at);
    if (to === null) return at;
    at = resolve(dirname(at), to);
  }
  throw Object.assign(new Error(), { code: 'ELOOP' });
}

function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // no link, or nothing there
  }
}

function refuseInput({ old }: Place, folder: string, inputs: readonly string[]): void {
  if (old === undefined) return;
  const same = inputs.find((input) => {
    const stats = statSync(resolve(folder, input), HARMLESSLY);
    return stats?.isFile() && stats.ino === old.ino && stats.dev === old.dev;
  });
  if (same !== undefined) throw misuse(same, 'it as input and as output', 'two files');
}

function writeTo({ target, old, isStream }: Place, pieces: Iterable<string>): void {
  if (isStream) {
    const file = openSync(target, 'w');
    try {
      writePieces(pieces, (bytes) => writeAll(file, bytes));
    } finally {
      closeSync(file);
    }
    return;
  }
  const folders = makeFolders(dirname(target));
  const beside = besideOf(target);
  try {
    const file = openSync(beside, 'wx');
    try {
      if (old !== undefined) keepAccess(file, old);
      writePieces(pieces, (bytes) => writeAll(file, bytes));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    removeFolders(folders);
    throw error;
  }
}

/** A file that replaces another belongs to the same user and can be read by the same people, as far as we may say so. */
function keepAccess(file: number, { mode, uid, gid }: BigIntStats): void {
  try {
    fchownSync(file, Number(uid), Number(gid));
  } catch {
    // another user's: it becomes ours
  }
  fchmodSync(file, Number(mode) & 0o777);
}

/** A short name, as the file's own may be as long as names can be; by chance, as a process that was killed may have had the same number. */
function besideOf(target: string): string {
  return join(dirname(target), `.idspace-${randomBytes(8).toString('hex')}.tmp`);
}

function describe(path: string, cause: unknown): CommandError {
  if (cause instanceof CommandError) return cause;
  return unusable(path, writeProblem(cause), 'a file that can be written', {
    cause,
  });
}
