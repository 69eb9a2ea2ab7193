// Several targets explained: a row for each, and what is not known of how many.
import type { Target } from '@idspace/restore-planner';
import type { Column } from '../../format/exhibit.ts';
import { jsonText } from '../../format/json-text.ts';
import { count, counted } from '../../format/number.ts';
import { paragraph } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { table } from '../../format/table.ts';
import { TARGET_KEYS } from '../target-text.ts';
import type { PlacementNode } from './nodes.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Node', align: 'left', isPath: true },
  { head: 'Kernel', align: 'left' },
  { head: 'CRIU', align: 'left' },
  { head: 'Known' },
  { head: 'Numbers in use' },
  { head: 'Terminals', drop: 2 },
  { head: 'Possible CPUs', drop: 1 },
  { head: 'AIO requests left', drop: 3 },
];

const KEYS = Object.keys(TARGET_KEYS) as (keyof Target)[];

/** What is known of nodes, where no checkpoint is given. */
export function nodesText(nodes: readonly PlacementNode[], screen: Screen): string {
  const missing = KEYS.map((key) => [key, nodes.filter(({ target }) => target[key] === undefined).length] as const)
    .filter(([, times]) => times > 0)
    .map(([key, times]) => `${TARGET_KEYS[key][0]} ("${key}") of ${times === nodes.length ? 'all' : count(times)}`);
  return [
    `${counted(nodes.length, 'node')}\n\n`,
    table(COLUMNS, nodes.map(cells), screen),
    missing.length === 0
      ? ''
      : `\n${paragraph(`Not known: ${missing.join('; ')}. \`idspace plan --on FILE\` tells of one node how to find out.`, screen)}`,
  ].join('');
}

function cells({ name, target }: PlacementNode): string[] {
  const { kernel, criu, taken, ptysTaken, possibleCpus, aioNr, aioMaxNr } = target;
  const left = aioNr === undefined || aioMaxNr === undefined ? undefined : aioMaxNr - aioNr;
  const known = KEYS.filter((key) => target[key] !== undefined).length;
  return [
    printable(name),
    ...[kernel, criu].map((version) => (version === undefined ? '–' : printable(version))),
    `${known} of ${KEYS.length}`,
    ...[taken?.length, ptysTaken?.length, possibleCpus, left].map((number) =>
      number === undefined ? '–' : count(number),
    ),
  ];
}

export function nodesJson(nodes: readonly PlacementNode[]): string {
  const targets = nodes.map(({ name, target }) => ({ node: name, target }));
  return jsonText({ checkpoints: [], targets });
}
