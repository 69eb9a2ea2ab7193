// What is taken for granted of a target's kernel and CRIU, as notes on stderr.
import type { Target } from '@idspace/restore-planner';
import { counted } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { firstOf } from '../format/sentence.ts';
import { type Pairing, series } from './compare.ts';
import { LIVE } from './target-at.ts';

const MOST_NOTES = 6; // on what is assumed of nodes

/** Leaves out what was said before, and sums up many. */
export function summedUp(notes: readonly string[]): string[] {
  return firstOf([...new Set(notes)], MOST_NOTES, String, (left) => `… and ${counted(left, 'note')} like these`);
}

/** The flags that name a pair and a target. */
interface Given {
  kernel?: string;
  criu?: string;
  on?: string;
}

/** Says what of the pair stands neither on the command line nor in the target. */
export function assumed(pair: Pairing, flags: Given, target: Target | undefined): string[] {
  if (target === undefined) return [];
  return KEYS.filter((key) => flags[key] === undefined && target[key] === undefined).map((key) => {
    const what = key === 'criu' ? 'CRIU' : 'kernel';
    return `the ${what} of ${nameOf(flags)} is not known: ${NAMES[key]} ${pair[key]} is assumed, --${key} names another`;
  });
}

/** Says where a flag stands in for what the target has. */
export function overridden(pair: Pairing, flags: Given, target: Target | undefined): string[] {
  return KEYS.flatMap((key) => {
    const own = target?.[key];
    if (own === undefined || series(own) === series(pair[key])) return [];
    return [`--${key} ${pair[key]} stands in for ${NAMES[key]} ${printable(own)}, which ${nameOf(flags)} has`];
  });
}

const KEYS = ['kernel', 'criu'] as const;
const NAMES = { kernel: 'Linux', criu: 'CRIU' } as const;

function nameOf({ on = '' }: Given): string {
  return on === LIVE ? 'this machine' : printable(on);
}
