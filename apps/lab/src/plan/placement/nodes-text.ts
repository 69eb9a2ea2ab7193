// Several targets explained: a row for each, and what is not known of how many.
import type { Target } from '@idspace/restore-planner';
import { type ColumnOf, tableOf } from '../../format/exhibit.ts';
import { jsonText } from '../../format/json-text.ts';
import { count, counted } from '../../format/number.ts';
import { paragraph } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { table } from '../../format/table.ts';
import { TARGET_KEYS } from '../target-text.ts';
import type { PlacementNode } from './nodes.ts';

const KEYS = Object.keys(TARGET_KEYS) as (keyof Target)[];

const version = (text: string | undefined): string => (text === undefined ? '–' : printable(text));
const number = (value: number | undefined): string => (value === undefined ? '–' : count(value));

const COLUMNS: readonly ColumnOf<PlacementNode>[] = [
  { head: 'Node', align: 'left', isPath: true, cell: ({ name }) => printable(name) },
  { head: 'Kernel', align: 'left', cell: ({ target }) => version(target.kernel) },
  { head: 'CRIU', align: 'left', cell: ({ target }) => version(target.criu) },
  {
    head: 'Known',
    cell: ({ target }) => `${KEYS.filter((key) => target[key] !== undefined).length} of ${KEYS.length}`,
  },
  { head: 'Numbers in use', cell: ({ target }) => number(target.taken?.length) },
  { head: 'Terminals', drop: 2, cell: ({ target }) => number(target.ptysTaken?.length) },
  { head: 'Possible CPUs', drop: 1, cell: ({ target }) => number(target.possibleCpus) },
  { head: 'AIO requests left', drop: 3, cell: ({ target }) => number(requestsLeft(target)) },
];

/** What is known of nodes, where no checkpoint is given. */
export function nodesText(nodes: readonly PlacementNode[], screen: Screen): string {
  const missing = KEYS.map((key) => [key, nodes.filter(({ target }) => target[key] === undefined).length] as const)
    .filter(([, times]) => times > 0)
    .map(([key, times]) => `${TARGET_KEYS[key][0]} ("${key}") of ${times === nodes.length ? 'all' : count(times)}`);
  const { columns, rows } = tableOf(nodes, COLUMNS);
  return [
    `${counted(nodes.length, 'node')}\n\n`,
    table(columns, rows, screen),
    missing.length === 0
      ? ''
      : `\n${paragraph(`Not known: ${missing.join('; ')}. \`idspace plan --on FILE\` tells of one node how to find out.`, screen)}`,
  ].join('');
}

function requestsLeft({ aioNr, aioMaxNr }: Target): number | undefined {
  return aioNr === undefined || aioMaxNr === undefined ? undefined : aioMaxNr - aioNr;
}

export function nodesJson(nodes: readonly PlacementNode[]): string {
  const targets = nodes.map(({ name, target }) => ({ node: name, target }));
  return jsonText({ checkpoints: [], targets });
}
