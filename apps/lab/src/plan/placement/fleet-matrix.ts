// Many checkpoints on many nodes: of few nodes the matrix itself, of many how often each ends how.

import { isPossible, type NodeOutcome } from '@idspace/restore-planner';
import type { Column } from '../../format/exhibit.ts';
import { count, counted } from '../../format/number.ts';
import { outcomeMark } from '../../format/outcome-mark.ts';
import { printable } from '../../format/printable.ts';
import { isBounded, type Screen, widthOf } from '../../format/screen.ts';
import { firstOf } from '../../format/sentence.ts';
import { table } from '../../format/table.ts';
import { folded, MOST_FINE, MOST_TROUBLED, unreadText } from '../folded.ts';
import { shownTime } from '../plan-cost.ts';
import { moreReasons } from '../verdict-text.ts';
import { type Entry, isPlaced, type NodeEntry, type PlacementDocument } from './document.ts';
import { outcomeOf } from './one-checkpoint.ts';
import type { Row } from './place-checkpoint.ts';
import { grouped, type Why, whyLine } from './why.ts';

type Placed = { path: string } & Row;
type Unread = Exclude<Entry, Placed>;

const MOST_COLUMNS = 4; // nodes with a column of their own
const NAME = 26; // columns of a screen for the name of a checkpoint
const CELL = 18; // and for how it ends on a node
const MOST_REASONS = 8;

export function fleetMatrix({ checkpoints, placement }: PlacementDocument, all: boolean, screen: Screen): string {
  const unread = checkpoints.filter((entry): entry is Unread => !isPlaced(entry));
  const placed = checkpoints.filter(isPlaced).sort((a, b) => okOf(a) - okOf(b));
  const troubled = placed.filter((row) => okOf(row) < row.nodes.length);
  const fine = placed.slice(troubled.length);
  const form =
    placement.nodes.length <= mostColumns(screen)
      ? wholeForm(placement.nodes, screen)
      : countsForm(placement.nodes.length);
  const rows = [
    ...folded(unread, all ? unread.length : MOST_TROUBLED, ({ path }) => form.unread(shortened(path)), form.unread),
    ...folded(troubled, all ? troubled.length : MOST_TROUBLED, form.row, form.sum),
    ...folded(fine, all ? fine.length : MOST_FINE, form.row, form.sum),
  ];
  return [
    table(form.columns, rows, screen),
    unreadText(unread.map(unreadLine), all, screen),
    reasonsText(placed, placement.nodes, screen),
  ].join('');
}

function okOf({ nodes }: Row): number {
  return nodes.reduce((sum, { outcome }) => sum + Number(outcome === 'ok'), 0);
}

/** How rows are shown. */
interface Form {
  columns: Column[];
  row: (row: Placed) => string[];
  sum: (name: string, rest: readonly Placed[]) => string[];
  unread: (name: string) => string[];
}

/** How many nodes can have a column of their own. */
function mostColumns(screen: Screen): number {
  return isBounded(screen) ? Math.min(MOST_COLUMNS, Math.floor((widthOf(screen) - NAME) / CELL)) : MOST_COLUMNS;
}

/** A column for each node. */
function wholeForm(nodes: readonly NodeEntry[], screen: Screen): Form {
  const most = isBounded(screen) ? Math.min(LONGEST, Math.floor((widthOf(screen) - NAME) / nodes.length) - 1) : LONGEST;
  return {
    columns: [
      { head: 'Checkpoint', align: 'left', isPath: true },
      ...nodes.map(({ node }) => ({ head: shortened(node, most), align: 'left' as const, mark: outcomeMark })),
    ],
    row: ({ path, nodes: pairs }) => [
      shortened(path),
      ...pairs.map((pair) => (isPossible(pair) ? `${outcomeOf(pair)} ${shownTime(pair)}` : outcomeOf(pair))),
    ],
    sum: (name, rest) => [
      name,
      ...nodes.map((_, at) => `${count(rest.filter((row) => row.nodes[at]!.outcome === 'ok').length)} ok`),
    ],
    unread: (name) => [name, ...nodes.map(() => 'not read')],
  };
}

/** How often what happens. */
function countsForm(nodes: number): Form {
  return {
    columns: [
      { head: 'Checkpoint', align: 'left', isPath: true },
      { head: `Of ${counted(nodes, 'node')}` },
      { head: 'Best', align: 'left' },
      { head: 'Time there', drop: 1 },
      { head: 'Elsewhere', align: 'left', width: 36 },
    ],
    row: ({ path, nodes: pairs, best }) => {
      const there = pairs.find(({ node }) => node === best)!;
      const where = isPossible(there) ? [printable(best), shownTime(there)] : ['nowhere', '–'];
      return [
        shortened(path),
        `${count(pairs.filter(({ outcome }) => outcome === 'ok').length)} ok`,
        ...where,
        elsewhere(pairs),
      ];
    },
    sum: (name, rest) => {
      const least = rest.reduce((low, row) => Math.min(low, okOf(row)), nodes);
      return [
        name,
        `${least < nodes ? '≥ ' : ''}${count(least)} ok`,
        '',
        '',
        elsewhere(rest.flatMap((row) => row.nodes)),
      ];
    },
    unread: (name) => [name, 'not read', '–', '–', ''],
  };
}

/** '120 × fails (pids), 3 × depends (aio)' */
function elsewhere(pairs: readonly NodeOutcome[]): string {
  const times = new Map<string, number>();
  for (const pair of pairs) {
    if (pair.outcome !== 'ok') times.set(outcomeOf(pair), (times.get(outcomeOf(pair)) ?? 0) + 1);
  }
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  return sorted.map(([what, number]) => `${count(number)} × ${what}`).join(', ');
}

const LONGEST = 26; // characters of a name, so that the table fits a terminal

/** The end tells one path from another. */
function shortened(name: string, most = LONGEST): string {
  const text = printable(name);
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
}

function unreadLine({ path, error }: Unread): { name: string; error: string } {
  return { name: printable(path), error: printable(error.message.split('\n')[0]!) };
}

/** Each kind of reason once, with the first pair that has it. */
function reasonsText(placed: readonly Placed[], nodes: readonly NodeEntry[], screen: Screen): string {
  const cells = function* (): Generator<Parameters<typeof grouped>[0] extends Iterable<infer Cell> ? Cell : never> {
    for (const { path, nodes: pairs } of placed) {
      for (const [at, { node, outcome, reason }] of pairs.entries()) {
        if (reason !== null) yield { outcome, reason, criu: nodes[at]!.criu, at: `${path} on ${node}` };
      }
    }
  };
  const whys = grouped(cells(), ({ space, code }) => `${space} ${code}`);
  if (whys.length === 0) return '';
  const said = (why: Why): string => {
    const times = `${count(why.times)} × ${outcomeOf(why)}`;
    return whyLine(why, `${times}${why.times > 1 ? ', such as' : ','} ${why.where[0]}`, screen);
  };
  return `\nWhy not everywhere:\n${firstOf(whys, MOST_REASONS, said, moreReasons).join('')}`;
}
