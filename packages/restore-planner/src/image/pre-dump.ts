// What is said where images are missing: a pre-dump (podman's pre-checkpoint/) holds memory pages only.
import { basename } from 'node:path';
import { CheckpointError } from '../checkpoint-error.ts';

/** Tells whether a directory is named as pre-dumps are. */
export function isPreDump(directory: string): boolean {
  return basename(directory) === 'pre-checkpoint';
}

export function preDump(file: string): CheckpointError {
  return new CheckpointError('pre-dump', { file }, 'a pre-dump, which holds no timers', 'a full dump');
}

export function missingImage(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('missing-file', { file }, got, 'an image of a CRIU checkpoint', cause);
}
