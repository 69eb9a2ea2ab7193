// Why checkpoints cannot go to nodes; equal reasons are printed one time.
import type { Outcome, Reason } from '@idspace/restore-planner';
import { count } from '../../format/number.ts';
import { hanging } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { listed } from '../../format/sentence.ts';
import { remedyText, whyText } from '../verdict-text.ts';

/** Cells of the matrix that have one reason. */
export interface Why {
  outcome: Outcome;
  reason: Reason;
  /** Of the first. */
  criu: string;
  /** Names of nodes, or of checkpoints with their node. */
  where: string[];
  /** How many there are; `where` may name the first only. */
  times: number;
}

const MOST_NAMED = 4;

/** Groups by a key, most frequent first. */
export function grouped(
  all: Iterable<Omit<Why, 'where' | 'times'> & { at: string }>,
  keyOf: (reason: Reason) => string,
): Why[] {
  const groups = new Map<string, Why>();
  for (const { outcome, reason, criu, at } of all) {
    const key = `${outcome} ${keyOf(reason)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { outcome, reason, criu, where: [at], times: 1 });
    else {
      group.times++;
      if (group.where.length < MOST_NAMED) group.where.push(at);
    }
  }
  return [...groups.values()].sort((a, b) => b.times - a.times);
}

/** 'n1, n2 and 5 more' */
export function places({ where, times }: Pick<Why, 'where' | 'times'>): string {
  const names = where.map((name) => printable(name));
  const left = times - names.length;
  return left > 0 ? `${names.join(', ')} and ${count(left)} more` : listed(names);
}

/** Where, why, and what to do. */
export function whyLine(why: Why, head: string, screen: Screen): string {
  const { reason, criu } = why;
  return hanging(printable(`${head}: ${whyText(reason, criu)}`), screen) + remedyText(reason, screen);
}
