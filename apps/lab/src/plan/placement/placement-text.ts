// A placement as text: the matrix, why not elsewhere, and what every node is charged for.

import { isPossible } from '@idspace/restore-planner';
import type { Terminal } from '../../cli/terminal.ts';
import { count, counted } from '../../format/number.ts';
import { paragraph } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { SCOPE } from '../verdict-text.ts';
import { documentText, type Entry, isPlaced, type PlacementDocument } from './document.ts';
import { fleetMatrix } from './fleet-matrix.ts';
import { nodesTable } from './nodes-table.ts';
import { oneCheckpoint } from './one-checkpoint.ts';

/** Prints a document, as JSON or as text. @param all Whether every checkpoint has a row. */
export function printPlacement(
  document: PlacementDocument,
  { json = false, all = false }: { json?: boolean | undefined; all?: boolean | undefined },
  terminal: Terminal,
): void {
  if (json) for (const piece of documentText(document)) terminal.out.write(piece);
  else terminal.out.write(placementText(document, all, terminal));
}

function placementText(document: PlacementDocument, all: boolean, screen: Screen): string {
  const { checkpoints, placement } = document;
  const nodes = counted(placement.nodes.length, 'node');
  if (placement.shard !== null) {
    const part = `${count(checkpoints.length)} of ${counted(placement.found, 'checkpoint')}`;
    return paragraph(
      `Shard ${placement.shard}: ${part} on ${nodes}. \`idspace merge\` puts together what --json writes of each shard.`,
      screen,
    );
  }
  const [only] = checkpoints;
  const isOne = checkpoints.length === 1 && isPlaced(only!);
  return [
    paragraph(
      `${isOne ? printable(only.path) : counted(checkpoints.length, 'checkpoint')} on ${nodes}: ${summary(checkpoints)}`,
      screen,
    ),
    '\n',
    isOne
      ? oneCheckpoint(only, placement.nodes, all, screen)
      : `${fleetMatrix(document, all, screen)}\n${nodesTable(document, all, screen)}`,
    `\n${paragraph(isOne ? READING_ONE : READING, screen)}`,
    `\n${paragraph(SCOPE, screen)}`,
  ].join('');
}

const READING_ONE =
  "Times are kernel time of the IDs' system calls, of a restore that fails what it would take. `idspace plan PATH --on NODE.json` " +
  'tells of one node all reasons and all spaces.';

const READING =
  `Timers, inotify watches and inotify files are charged to the user who runs CRIU, AIO requests to the machine; both stay charged ` +
  'after the restore. "fit" looks at these sums alone: two checkpoints that want the same PID or terminal on one node need ' +
  `namespaces of their own. ${READING_ONE}`;

function summary(checkpoints: readonly Entry[]): string {
  const placed = checkpoints.filter(isPlaced);
  const isOne = checkpoints.length === 1 && placed.length === 1;
  if (isOne) {
    const [{ nodes, best }] = placed as [(typeof placed)[0]];
    const ok = nodes.filter(({ outcome }) => outcome === 'ok').length;
    const may = nodes.filter(isPossible).length - ok;
    if (ok > 0)
      return `can be restored on ${ok === nodes.length ? 'all' : count(ok)} of them, best on ${printable(best)}.`;
    return may > 0
      ? `may be restored on ${count(may)} of them, best on ${printable(best)}.`
      : 'cannot be restored on any of them.';
  }
  const can = placed.filter(({ nodes }) => nodes.some(({ outcome }) => outcome === 'ok')).length;
  const may = placed.filter(({ nodes }) => nodes.some(isPossible)).length - can;
  const unread = checkpoints.length - placed.length;
  return [
    `${count(can)} can be restored on one at least`,
    ...(may > 0 ? [`${count(may)} may be, as far as is known`] : []),
    `${count(placed.length - can - may)} on none`,
    ...(unread > 0 ? [`${count(unread)} not read`] : []),
  ]
    .join(', ')
    .concat('.');
}
