// What --on names: the model of a kernel, or the running one.

import { release as runningRelease } from 'node:os';
import { didYouMean } from '../cli/flag.ts';
import { refusal } from '../cli/refusal.ts';
import { kernelOf } from '../plan/versions.ts';

/** Where a rehearsal takes place. */
export type Target = { kind: 'model'; kernel: string } | { kind: 'live'; kernel: string };

/** The target's name on the command line. */
export function targetName({ kind, kernel }: Target): string {
  return kind === 'live' ? 'live' : `model:${kernel}`;
}

/**
 * Reads a target: 'live', or 'model:' and a kernel as in --kernel.
 *
 * @throws RangeError saying what is expected.
 */
export function targetOf(text: string): Target {
  const [, kind, kernel] = /^(live|model:(.*))$/i.exec(text.trim()) ?? [];
  if (kind === undefined) {
    throw refusal('--on', `'${text}'`, `'live', or 'model:' and a kernel such as 'model:6.1'${meant(text)}`);
  }
  if (kernel === undefined) return { kind: 'live', kernel: runningRelease() };
  return { kind: 'model', kernel: kernelOf(kernel) };
}

/** What a mistyped target may mean: a kernel alone, another word before it, or 'live'. */
function meant(text: string): string {
  const kernel = text.slice(text.indexOf(':') + 1);
  try {
    return ` (did you mean model:${kernelOf(kernel)}?)`;
  } catch {
    return didYouMean(text, ['live']);
  }
}
