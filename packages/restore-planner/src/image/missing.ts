// The error for an image that must be there and is not: the dump may have failed, or be a pre-dump, which holds memory pages
// only. A dump writes inventory.img at its end; a pre-dump writes that, too, but neither pstree.img nor core images.
// Source: criu/cr-dump.c (cr_dump_finish, cr_pre_dump_finish), 4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { FailedDump } from './dump-log.ts';

/** Tells whether a directory is named as podman names pre-dumps. */
export function isPreDump(directory: string): boolean {
  return /(?:^|[\\/])pre-checkpoint[\\/]?$/.test(directory);
}

/** Tells whether a file is one of those that only a dump leaves, whether or not it came to its end. */
export function isOfDump(name: string): boolean {
  return /^(?:core|ids|fdinfo|pagemap|mm|fs)-\d+\.img$/.test(name);
}

/** Tells from the file names of a directory whether it is a pre-dump: there are pages, but no process. */
export function holdsPagesOnly(names: readonly string[]): boolean {
  const hasTasks = names.some((name) => /^(?:pstree\.img|core-)/.test(name));
  return !hasTasks && names.includes('inventory.img') && names.some((name) => /^page(?:s|map)-/.test(name));
}

/** A directory of images as far as it was looked at. */
export interface Remains {
  /** For errors: the directory. */
  where: string;
  /** Its own path or name. */
  directory: string;
  /** File names in it. */
  names: readonly string[];
  /** How its dump.log ends, if it says that the dump failed. */
  failed: FailedDump | undefined;
}

/** Says why a directory is no checkpoint; undefined if nothing but the missing image is known. */
export function unfinishedDump({ where: file, directory, names, failed }: Remains): CheckpointError | undefined {
  if (failed !== undefined) {
    const after = failed.error === undefined ? '' : `, after ${JSON.stringify(failed.error)}`;
    const got = `a dump that failed: its dump.log ends with ${JSON.stringify(failed.last)}${after}`;
    return new CheckpointError('failed-dump', { file }, got, 'a dump that succeeded');
  }
  if (isPreDump(directory) || holdsPagesOnly(names)) return preDump(file);
  if (names.includes('inventory.img') || !names.some(isOfDump)) return undefined;
  const got = 'images without inventory.img, which CRIU writes at the end of a dump: it failed, or not all was copied';
  return new CheckpointError('failed-dump', { file }, got, 'a dump that succeeded');
}

/** Makes the error for a pre-dump. */
export function preDump(file: string): CheckpointError {
  return new CheckpointError('pre-dump', { file }, 'a pre-dump, which holds no timers', 'a full dump');
}

/** Makes the error for an image that is not there. */
export function missingImage(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('missing-file', { file }, got, 'an image of a CRIU checkpoint', cause);
}
