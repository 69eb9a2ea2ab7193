// Kernels and CRIUs as they are named on a command line.
import { type Checkpoint, MATRIX_CRIUS, MATRIX_KERNELS, planRestore } from '@idspace/restore-planner';
import { checkedBy, exactCount, proposing } from '../cli/flag.ts';
import { isRefusal, refusal } from '../cli/refusal.ts';
import { TODAY } from './compare.ts';

const NOTHING: Checkpoint = { source: '', format: 'criu-v1.1', processes: [] };

/**
 * Reads the name of a kernel: ' v6.1' → '6.1', 'Dense' → 'dense'.
 *
 * @throws RangeError saying what is expected.
 */
export function kernelOf(text: string): string {
  return checked(plain(text), (kernel) => planRestore(NOTHING, { kernel, criu: TODAY.criu }));
}

/**
 * Reads a version of CRIU: 'v4.2' → '4.2'.
 *
 * @throws RangeError saying what is expected.
 */
export function criuOf(text: string): string {
  return checked(plain(text), (criu) => planRestore(NOTHING, { kernel: TODAY.kernel, criu }));
}

/** @throws RangeError of the check, with the version that is meant where the dot is missing. */
function checked(version: string, check: (version: string) => unknown): string {
  try {
    check(version);
    return version;
  } catch (error) {
    const meant = /^\d+$/.test(version) ? `${version}.0` : version.replace(',', '.').replace(/(^|\.)0+(?=\d)/g, '$1');
    if (!isRefusal(error) || meant === version || !passes(meant, check)) throw error;
    throw refusal(error.argument, error.got, `${error.expected} (did you mean ${meant}?)`);
  }
}

function passes(version: string, check: (version: string) => unknown): boolean {
  try {
    check(version);
    return true;
  } catch {
    return false;
  }
}

/** Parses the value of a flag, of which a shell can propose the most telling ones. */
export const kernelFlag: (text: string) => string = proposing(MATRIX_KERNELS, checkedBy(kernelOf));
export const criuFlag: (text: string) => string = proposing(MATRIX_CRIUS, checkedBy(criuOf));

/** Says which of the two has not been recorded yet. */
export function newerThanKnown({ kernel, criu }: { kernel: string; criu: string }): string[] {
  const notes = [];
  if (isNewer(kernel, TODAY.kernel)) notes.push(`Linux ${kernel} is newer than ${TODAY.kernel}`);
  if (isNewer(criu, TODAY.criu)) notes.push(`CRIU ${criu} is newer than ${TODAY.criu}`);
  return notes.map((note) => `${note}, the newest recorded: taken to behave like it`);
}

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replace(/^(restricted:)(\d.*)$/, (whole, kind: string, idCount: string) => {
      const ids = exactCount(idCount.replace('m', 'M'));
      return Number.isNaN(ids) ? whole : `${kind}${ids}`;
    });
}

/** Whether x.y of a version is later; a name without a number never is. */
function isNewer(version: string, known: string): boolean {
  const [major, minor] = numbers(version);
  const [knownMajor, knownMinor] = numbers(known);
  return major > knownMajor || (major === knownMajor && minor > knownMinor);
}

function numbers(version: string): [major: number, minor: number] {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
}
