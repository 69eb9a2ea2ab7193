// The gate of `idspace plan`: which checkpoints may not pass, and why.
import { WARNING_CODES, type WarningCode } from '@idspace/restore-planner';
import { CommandError } from '../cli/failure.ts';
import { duration } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import type { Planned } from './fleet.ts';
import { restoreSeconds } from './restore-seconds.ts';

/** What a restore must keep to. It must succeed in any case: an outcome other than `ok` never passes. */
export interface Gate {
  /** Seconds a restore may take. */
  failOver?: number;
  /** Warnings that may not be there. */
  failOn?: readonly WarningCode[];
}

/** Ns of a create+delete pair, at most: a second. */
export const MOST_NSPP = 1e9;
/** Far longer than any restore, and short enough to be written out. */
export const MOST_SECONDS = 1e12;

/**
 * Sees to it that a limit of time goes with the kernel and the CRIU it is meant for: the defaults are the fastest pair there is, and would
 * let pass what takes half an hour elsewhere.
 *
 * @throws CommandError (exit code 2) naming the flag that is missing.
 */
export function checkPairGiven(flags: { failOver?: number; kernel?: string; criu?: string }): void {
  if (flags.failOver === undefined) return;
  const missing = (['kernel', 'criu'] as const).filter((flag) => flags[flag] === undefined).map((flag) => `--${flag}`);
  if (missing.length === 0) return;
  throw new CommandError('misuse', `--fail-over: got no ${missing.join(' and no ')}, expected the pair to judge for`);
}

/** Whether there is anything to keep to. */
export function isGate({ failOver, failOn }: Gate): boolean {
  return failOver !== undefined || failOn !== undefined;
}

/** Says why a checkpoint does not pass; empty if it does. */
export function objections({ plan }: Pick<Planned, 'plan'>, { failOver, failOn = [] }: Gate): string[] {
  const { outcome, reasons } = plan;
  const seconds = restoreSeconds(plan);
  if (outcome !== 'ok') {
    const why = reasons.find((reason) => reason.outcome === outcome);
    return [
      `the outcome is '${outcome}', and a gate passes 'ok' alone${why === undefined ? '' : `: ${printable(why.text)}`}`,
    ];
  }
  const found = failOn.filter((code) =>
    plan.processes.some(({ warnings }) => warnings.some((one) => one.code === code)),
  );
  const slow = failOver !== undefined && seconds > failOver;
  return [
    ...(slow ? [`the restore takes ${duration(seconds)}, and --fail-over allows ${duration(failOver)}`] : []),
    ...(found.length > 0 ? [`it has ${found.join(', ')}, named by --fail-on`] : []),
  ];
}

/**
 * Reads the name of a warning.
 *
 * @throws RangeError with those that look alike, or all.
 */
export function warningOf(text: string): WarningCode {
  const known = WARNING_CODES.find((code) => code === text);
  if (known !== undefined) return known;
  const least = Math.min(...WARNING_CODES.map((code) => distance(code, text)));
  const near = WARNING_CODES.filter((code) => least <= MOST_TYPOS && distance(code, text) === least);
  const hint = near.length > 0 ? `${near.join(' or ')} (did you mean that?)` : `some of ${WARNING_CODES.join(', ')}`;
  throw new RangeError(`--fail-on: got '${text}', expected ${hint}`);
}

const MOST_TYPOS = 3;

/** Counts the letters to insert, delete or replace to make one word of another (Levenshtein); long words are far from all. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_TYPOS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(b[j] !== letter)));
    }
    row = next;
  }
  return row[b.length]!;
}
