// What stderr tells beside a plan: what could not be read, what does not pass a gate and why, and what passed without being judged.
import { SPACE_TITLES, type SpaceName } from '@idspace/restore-planner';
import { type ExitCode, reportError } from '../cli/failure.ts';
import type { Terminal } from '../cli/terminal.ts';
import { count } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { firstOf, listed } from '../format/sentence.ts';
import { describeIt } from './describe-it.ts';
import type { Planned, Unread } from './fleet.ts';
import { type Gate, objections, type Unjudged, unjudgedIn } from './gate.ts';

const MOST_TOLD = 20; // checkpoints, one by one

/** Tells on stderr what could not be read: stdout may go where no person looks. */
export function tellUnread(unread: readonly Unread[], terminal: Terminal): void {
  for (const { error } of unread.slice(0, MOST_TOLD)) reportError(error, 'idspace plan', terminal);
  const more = unread.length - MOST_TOLD;
  if (more > 0) terminal.err.write(`idspace plan: … and ${count(more)} more cannot be read\n`);
}

/** A checkpoint that does not pass a gate, and why. */
export interface Stopped {
  path: string;
  reasons: string[];
}

/** Tells which do not pass. @param how What stands between a path and its reasons. @param more Stands for those that are not named. */
export function tellStopped(
  stopped: readonly Stopped[],
  how: string,
  more: (left: number) => string,
  terminal: Terminal,
): void {
  const said = ({ path, reasons }: Stopped): string => `${printable(path)} ${how}: ${reasons.join('; ')}`;
  for (const line of firstOf(stopped, MOST_TOLD, said, more)) terminal.err.write(`idspace plan: ${line}\n`);
}

/** Tells on stderr which checkpoints do not pass; if all do, what was not judged of them. */
export function judge(planned: readonly Planned[], gate: Gate, terminal: Terminal): ExitCode {
  const stopped = planned
    .map((row) => ({ path: row.path, reasons: objections(row, gate) }))
    .filter(({ reasons }) => reasons.length > 0);
  const more = (left: number): string =>
    `… and ${count(left)} more of ${count(planned.length)} ${left === 1 ? 'does' : 'do'} not pass`;
  tellStopped(stopped, 'does not pass', more, terminal);
  if (stopped.length > 0) return 1;
  tellUnjudged(
    planned.map(({ plan }) => unjudgedIn(plan)),
    'idspace plan',
    terminal,
  );
  return 0;
}

/** Tells in one line what a gate passed without judging it; nothing if it judged all. */
export function tellUnjudged(all: readonly Unjudged[], program: string, terminal: Terminal): void {
  const named = (of: (one: Unjudged) => readonly SpaceName[]): string =>
    listed([...new Set(all.flatMap(of))].map((space) => SPACE_TITLES[space]));
  const machine = named(({ ofMachine }) => ofMachine);
  const images = named(({ ofImages }) => ofImages);
  const input = named(({ ofInput }) => ofInput);
  const parts = [
    ...(machine === '' ? [] : [`${machine}, which depend on the machine (to find out, ${describeIt()})`]),
    ...(images === '' ? [] : [`${images}: their images are not in the checkpoint`]),
    ...(input === '' ? [] : [`${input}: the input shows only timers`]),
  ];
  if (parts.length > 0) terminal.err.write(`${program}: passed without judging ${parts.join('; ')}\n`);
}
