// What every node is charged for when all that can or may go there do.
import { OUTCOMES } from '@idspace/restore-planner';
import type { Column } from '../../format/exhibit.ts';
import { count, counted } from '../../format/number.ts';
import { paragraph } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { table } from '../../format/table.ts';
import { isPlaced, type NodeEntry, type PlacementDocument, type Together } from './document.ts';
import { grouped, places, whyLine } from './why.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Node', align: 'left', isPath: true },
  { head: 'Can' },
  { head: 'May' },
  { head: 'Timers', drop: 4 },
  { head: 'Watches', drop: 3 },
  { head: 'inotify\nfiles', drop: 2 },
  { head: 'AIO\nrequests', drop: 1 },
  { head: 'Together', align: 'left' },
];

const MOST_NODES = 20;
const MOST_REASONS = 8;

type Summed = NodeEntry & { together: Together };

/** Shows nodes that not all fit on first. */
export function nodesTable({ checkpoints, placement }: PlacementDocument, all: boolean, screen: Screen): string {
  if (!checkpoints.some(isPlaced)) return '';
  const nodes = placement.nodes as Summed[];
  const sorted = [...nodes].sort((a, b) => rank(b) - rank(a));
  const shown = all || sorted.length <= MOST_NODES ? sorted : sorted.slice(0, MOST_NODES - 1);
  const rest = sorted.slice(shown.length);
  const whys = grouped(
    sorted.flatMap(({ node, criu, together }) =>
      together.reasons.map((reason) => ({ outcome: reason.outcome, reason, criu, at: node })),
    ),
    ({ code, space }) => `${space} ${code}`,
  );
  const lines = whys.slice(0, MOST_REASONS).map((why) => whyLine(why, places(why), screen));
  return [
    paragraph('Were all restored on a node that can be (ok) or may be (depends), it would be charged for:', screen),
    '\n',
    table(COLUMNS, [...shown.map(cells), ...(rest.length > 0 ? [restCells(rest)] : [])], screen),
    lines.length === 0
      ? ''
      : `\nTogether they do not fit, or may not${whys.some(({ times }) => times > 1) ? ' (numbers of the first node)' : ''}:\n${lines.join('')}`,
  ].join('');
}

function rank({ together }: Summed): number {
  return OUTCOMES.indexOf(together.outcome);
}

function cells({ node, together }: Summed): string[] {
  const { ok, depends, timers, watches, instances, aioRequests } = together;
  return [printable(node), ...[ok, depends, timers, watches, instances, aioRequests].map(count), fitText(together)];
}

/** How many fit, the first in the order given. */
function fitText({ outcome, ok, depends, fit, reasons }: Together): string {
  if (outcome === 'ok') return ok + depends > 0 ? 'fit' : '–';
  const space = reasons[0]!.space;
  if (fit === 0) return `not sure to fit (${space})`;
  return `the first ${count(fit)} fit (${space})`;
}

function restCells(rest: readonly Summed[]): string[] {
  const fitting = rest.filter(({ together }) => together.outcome === 'ok').length;
  const all = fitting === rest.length ? 'fit on each' : `fit on ${count(fitting)}`;
  return [counted(rest.length, 'other node'), '', '', '', '', '', '', all];
}
