// A plan as a C program that carries it out in processes of its own: c/restore.c with the plan's tables.
import { readFileSync } from 'node:fs';
import {
  armedValue,
  type CheckpointTimer,
  type Duration,
  type Outcome,
  type ProcessPlan,
  type RestorePlan,
  type Step,
} from '@idspace/restore-planner';
import { CommandError } from '../../cli/failure.ts';
import { planName } from '../../format/kernel-name.ts';
import { counted } from '../../format/number.ts';
import { printable } from '../../format/printable.ts';
import { C_PROGRAM } from '../../installed.ts';
import type { Pairing } from '../compare.ts';
import { remedyOf, whyText } from '../verdict-text.ts';
import { cComment, cInteger, cString } from './c-text.ts';
import { bareSigevent } from './substitute.ts';

const NOTIFY: Readonly<Record<CheckpointTimer['notify'], number>> = {
  signal: 0,
  none: 1,
  thread: 2,
  'thread-id': 4,
  unknown: 3,
};

/**
 * Writes a C program that restores the timers of a plan in itself by the planned calls, verifies them and says so.
 *
 * A process of the plan becomes a child process. Its exit code is 0 for verified, 1 for a difference, 2 where the kernel lacks restore mode, 130 when it was
 * stopped by SIGINT or SIGTERM. Timers are armed with all signals blocked.
 * @param source What the plan was made of, for a comment.
 * @param elsewhere Finds a kernel and a CRIU that restore these timers, for the error.
 * @throws CommandError if a process's restore does not succeed, or by calls that no kernel in use has.
 */
export function emitC(plan: RestorePlan, source: string, elsewhere?: () => Pairing | undefined): string {
  const processes = plan.processes.filter(({ timers }) => timers.length > 0);
  if (processes.length === 0)
    throw new CommandError('input', `${source}: no process has POSIX timers: nothing to emit`);
  for (const process of processes) checkEmittable(plan, process, elsewhere);
  const tables = processes.map((process, index) => tablesOf(process, index));
  const rows = processes.map(
    (process, index) =>
      `\t{ ${cInteger(process.pid)}, ${cString(summary(process))}, timers_${index}, ${process.timers.length}, ` +
      `steps_${index}, ${process.steps.filter(isMade).length} },\n`,
  );
  const [types, program] = programAround();
  return [
    comment(plan, source),
    types,
    ...tables,
    `\nstatic const struct process processes[] = {\n${rows.join('')}};\n`,
    program,
  ].join('');
}

/** Returns what stands in the program before a plan's tables, without its first comment, and after them. */
function programAround(): [string, string] {
  const text = readFileSync(C_PROGRAM, 'utf8');
  const [before, tables] = text.split('\n/* Tables of a plan. */\n');
  const [, after] = tables!.split('\n/* End of the tables. */\n');
  return [before!.slice(before!.indexOf('#define')), after!];
}

function checkEmittable(plan: RestorePlan, process: ProcessPlan, elsewhere?: () => Pairing | undefined): void {
  const { pid, outcome, steps } = process;
  if (outcome !== 'ok' && outcome !== 'depends') {
    const hint = elsewhere === undefined ? '' : `: ${wayOutOf(plan, outcome, elsewhere())}`;
    throw new CommandError('input', `process ${pid}: the outcome is '${outcome}', expected 'ok'${hint}`);
  }
  const foreign = steps.find((step) => step.op === 'cursor' || step.op === 'fill' || isProposed(step));
  if (foreign === undefined) return;
  const call = foreign.op === 'create' ? foreign.how : foreign.op;
  throw new CommandError(
    'input',
    `process ${pid}: the plan on ${plan.kernel} takes '${call}', which no kernel in use has`,
  );
}

/** Another pair where there is one; else what the plan says. */
function wayOutOf({ reasons, criu }: RestorePlan, outcome: Outcome, pair: Pairing | undefined): string {
  if (pair !== undefined) return `with --kernel ${pair.kernel} --criu ${pair.criu} it succeeds`;
  const reason = reasons.find((one) => one.space === 'timers' && one.outcome === outcome);
  return reason === undefined ? 'no pair restores it' : `${printable(whyText(reason, criu))} ${remedyOf(reason)}`;
}

function isProposed(step: Step): boolean {
  return step.op === 'create' && (step.how === 'at-id' || step.how === 'use-id');
}

/** A refused prctl is left out: where the program runs it might be granted, and the dance would stumble. */
function isMade(step: Step): boolean {
  return !(step.op === 'prctl' && step.refused);
}

function comment(plan: RestorePlan, source: string): string {
  return [
    '/*',
    ` * Restores the POSIX timers of ${cComment(source)}`,
    ` * as ${cComment(planName(plan))} would, in child processes of this program, and verifies them.`,
    ' * It is a rehearsal: it restores no container, and its timers end with it.',
    ' *',
    ' *     gcc -Wall -Wextra -Werror -O2 restore.c -o restore && ./restore',
    ' *',
    ' * Exit code: 0 verified, 1 something differs, 2 the kernel has no restore mode, 130 stopped (Ctrl-C).',
    ' * Written by idspace. SPDX-License-Identifier: MIT',
    ' */',
    '',
  ].join('\n');
}

function summary({ timers, strategy, steps }: ProcessPlan): string {
  const refused = steps.some((step) => !isMade(step));
  const how = strategy === 'restore-ids' ? 'by restore mode' : 'by create and delete';
  return `${counted(timers.length, 'timer')} ${how}${refused ? ' (the prctl that the plan expects to be refused is left out)' : ''}`;
}

function tablesOf({ timers, steps }: ProcessPlan, index: number): string {
  const made = steps.filter(isMade).map((step) => `\t${cStep(step)},\n`);
  return [
    `\nstatic const struct timer timers_${index}[] = {\n${timers.map((timer) => `\t${cTimer(timer)},\n`).join('')}};\n`,
    `\nstatic const struct step steps_${index}[] = {\n${made.join('')}};\n`,
  ].join('');
}

function cTimer(timer: CheckpointTimer): string {
  const { clock, notify, signo, notes } = bareSigevent(timer);
  const setting = `{ ${cTime(timer.interval)}, ${cTime(armedValue(timer))} }`;
  const note = notes.length === 0 ? 'NULL' : cString(notes.join('; '));
  const numbers = [timer.id, clock, NOTIFY[notify], signo].map(cInteger).join(', ');
  return `{ ${numbers}, ${cInteger(timer.sival)}ULL, ${setting}, ${note} }`;
}

function cTime({ sec, nsec }: Duration): string {
  return `{ ${cInteger(sec)}LL, ${cInteger(nsec)} }`;
}

function cStep(step: Step): string {
  switch (step.op) {
    case 'prctl':
      return `{ RESTORE_MODE, 0, ${step.on ? 1 : 0}, 0 }`;
    case 'dance':
      return `{ DANCE, ${cInteger(step.timer)}, ${cInteger(step.from)}, ${cInteger(step.pairs)}LL }`;
    case 'create':
      return `{ CREATE, ${cInteger(step.timer)}, ${cInteger(step.id!)}, 1 }`;
    case 'delete':
      return `{ DELETE, 0, ${cInteger(step.from)}, ${cInteger(step.to - step.from + 1)}LL }`;
    default:
      throw new RangeError(`step: got '${step.op}', expected one of a kernel in use`); // checkEmittable was not called
  }
}
