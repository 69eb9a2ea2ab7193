// The gate of `idspace plan`: which checkpoints may not pass, and why.

import {
  decisiveReason,
  nearestWords,
  type RestorePlan,
  restoreCost,
  type SpaceName,
  WARNING_CODES,
  type WarningCode,
} from '@idspace/restore-planner';
import { misuse } from '../cli/failure.ts';
import { refusal } from '../cli/refusal.ts';
import { duration } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { TODAY } from './compare.ts';
import type { Planned } from './fleet.ts';
import { type NotReadSpaces, notReadIn } from './not-read.ts';

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
 * @param of Of several nodes, the one that is meant.
 * @throws CommandError (exit code 2) naming the flag that is missing.
 */
export function checkPairGiven(flags: { failOver?: number; kernel?: string; criu?: string }, of = ''): void {
  if (flags.failOver === undefined) return;
  const missing = (['kernel', 'criu'] as const).filter((flag) => flags[flag] === undefined).map((flag) => `--${flag}`);
  if (missing.length === 0) return;
  throw misuse(
    '--fail-over',
    `no ${missing.join(' and no ')}${of}`,
    `the pair to judge for: add ${missing.map((flag) => `${flag} ${flag === '--kernel' ? TODAY.kernel : TODAY.criu}`).join(' ')}, or what is there`,
  );
}

/** Whether there is anything to keep to. */
export function isGate({ failOver, failOn }: Gate): boolean {
  return failOver !== undefined || failOn !== undefined;
}

/** Says why a checkpoint does not pass; empty if it does. */
export function objections({ plan }: Pick<Planned, 'plan'>, { failOver, failOn = [] }: Gate): string[] {
  const { outcome } = plan;
  const { seconds, atMost } = restoreCost(plan);
  if (outcome !== 'ok') {
    const why = decisiveReason(plan);
    return [
      `the outcome is '${outcome}', and a gate passes 'ok' alone${why === undefined ? '' : `: ${printable(why.text)}`}`,
    ];
  }
  const found = failOn.filter((code) =>
    plan.processes.some(({ warnings }) => warnings.some((one) => one.code === code)),
  );
  const slow = failOver !== undefined && seconds > failOver;
  return [
    ...(slow
      ? [
          `restoring the IDs takes ${atMost ? 'up to ' : ''}${duration(seconds)}, and --fail-over allows ${duration(failOver)}`,
        ]
      : []),
    ...(found.length > 0 ? [`it has ${found.join(', ')}, named by --fail-on`] : []),
  ];
}

/** ID spaces that a gate passes without judging them. */
export interface Unjudged extends NotReadSpaces {
  /** What depends on the machine, of which nothing is known. */
  ofMachine: SpaceName[];
}

/** Names what is not judged in a plan whose outcome is `ok`. */
export function unjudgedIn(plan: Pick<RestorePlan, 'reasons' | 'spaces'>): Unjudged {
  const known = plan.reasons.filter(({ code }) => code !== 'not-read');
  return { ofMachine: [...new Set(known.map(({ space }) => space))], ...notReadIn(plan) };
}

/**
 * Reads the name of a warning.
 *
 * @throws RangeError with those that look alike, or all.
 */
export function warningOf(text: string): WarningCode {
  const known = WARNING_CODES.find((code) => code === text);
  if (known !== undefined) return known;
  const near = nearestWords(text, WARNING_CODES);
  const hint = near.length > 0 ? `${near.join(' or ')} (did you mean that?)` : `some of ${WARNING_CODES.join(', ')}`;
  throw refusal('--fail-on', `'${text}'`, hint);
}
