// One checkpoint on every node: a row for each, best first.

import { bestFirst, isPossible, type NodeOutcome, SPACE_TITLES } from '@idspace/restore-planner';
import type { Column } from '../../format/exhibit.ts';
import { count, counted } from '../../format/number.ts';
import { outcomeMark } from '../../format/outcome-mark.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { firstOf } from '../../format/sentence.ts';
import { table } from '../../format/table.ts';
import { shownCost } from '../plan-cost.ts';
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
  const lines = firstOf(
    whys,
    all ? whys.length : MOST_REASONS,
    (why) => whyLine(why, `${places(why)} (${SPACE_TITLES[why.reason.space]})`, screen),
    (left) => `  … and ${counted(left, 'more reason', 'more reasons')}, all in --json.\n`,
  );
  return [
    table(
      COLUMNS,
      [...shown.map((pair) => cells(pair, entryOf.get(pair.node)!)), ...(rest.length > 0 ? [restCells(rest)] : [])],
      screen,
    ),
    lines.length === 0 ? '' : `\nWhy not everywhere:\n${lines.join('')}`,
  ].join('');
}

function cells(pair: NodeOutcome, { kernel, criu }: NodeEntry): string[] {
  const { creates, deletes, time } = shownCost(pair);
  return [
    ...[pair.node, kernel, criu].map((name) => printable(name)),
    outcomeOf(pair),
    count(pair.asks),
    creates,
    deletes,
    time,
  ];
}

function restCells(rest: readonly NodeOutcome[]): string[] {
  const possible = rest.filter(isPossible).length;
  return [counted(rest.length, 'other'), '', '', `${count(possible)} ok or depends`, '', '', '', ''];
}

/** 'fails (pids)' */
export function outcomeOf({ outcome, reason }: Pick<NodeOutcome, 'outcome' | 'reason'>): string {
  return reason === null || reason.space === 'timers' ? outcome : `${outcome} (${reason.space})`;
}
