// One checkpoint on every node: a row for each, best first.

import { bestFirst, isPossible, type NodeOutcome } from '@idspace/restore-planner';
import type { Column } from '../../format/exhibit.ts';
import { count, counted, duration } from '../../format/number.ts';
import { outcomeMark } from '../../format/outcome-mark.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { table } from '../../format/table.ts';
import { spaceTitle } from '../verdict-text.ts';
import type { NodeEntry } from './document.ts';
import type { Row } from './place-checkpoint.ts';
import { grouped, places, whyLine } from './why.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Node', align: 'left', isPath: true },
  { head: 'Kernel', align: 'left' },
  { head: 'CRIU', align: 'left' },
  { head: 'Outcome', align: 'left', mark: outcomeMark },
  { head: 'Asks', drop: 2 },
  { head: 'Creates', drop: 3 },
  { head: 'Temporary', drop: 1 },
  { head: 'Time' },
];

const MOST_NODES = 30;
const MOST_REASONS = 10;

export function oneCheckpoint({ nodes }: Row, entries: readonly NodeEntry[], all: boolean, screen: Screen): string {
  const entryOf = new Map(entries.map((entry) => [entry.node, entry]));
  const sorted = [...nodes].sort(bestFirst);
  const shown = all || sorted.length <= MOST_NODES ? sorted : sorted.slice(0, MOST_NODES - 1);
  const rest = sorted.slice(shown.length);
  const whys = grouped(
    sorted.flatMap(({ node, outcome, reason }) =>
      reason === null ? [] : [{ outcome, reason, criu: entryOf.get(node)!.criu, at: node }],
    ),
    ({ text, remedy }) => `${text} ${remedy}`,
  );
  const lines = whys
    .slice(0, all ? whys.length : MOST_REASONS)
    .map((why) => whyLine(why, `${places(why)} (${spaceTitle(why.reason.space)})`, screen));
  const left = whys.length - lines.length;
  return [
    table(
      COLUMNS,
      [...shown.map((pair) => cells(pair, entryOf.get(pair.node)!)), ...(rest.length > 0 ? [restCells(rest)] : [])],
      screen,
    ),
    lines.length === 0 ? '' : `\nWhy not everywhere:\n${lines.join('')}`,
    left > 0 ? `  … and ${counted(left, 'more reason', 'more reasons')}, all in --json.\n` : '',
  ].join('');
}

function cells(pair: NodeOutcome, { kernel, criu }: NodeEntry): string[] {
  const bound = pair.atMost ? '≤ ' : '';
  const isEndless = pair.outcome === 'hangs';
  return [
    printable(pair.node),
    printable(kernel),
    printable(criu),
    outcomeOf(pair),
    count(pair.asks),
    isEndless ? '∞' : `${bound}${count(pair.creates)}`,
    isEndless ? '∞' : count(pair.deletes),
    timeOf(pair),
  ];
}

function restCells(rest: readonly NodeOutcome[]): string[] {
  const possible = rest.filter(isPossible).length;
  return [counted(rest.length, 'other'), '', '', `${count(possible)} ok or depends`, '', '', '', ''];
}

/** 'fails (pids)' */
export function outcomeOf({ outcome, reason }: NodeOutcome): string {
  return reason === null || reason.space === 'timers' ? outcome : `${outcome} (${reason.space})`;
}

/** What it costs; of a restore that fails, what it would cost if it did not. */
export function timeOf({ outcome, seconds, atMost }: NodeOutcome): string {
  return outcome === 'hangs' ? '∞' : `${atMost ? '≤ ' : ''}${duration(seconds)}`;
}
