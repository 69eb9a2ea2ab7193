// A plan as the list of its system calls, runs of equal ones in one line.
import { clockName, decisiveReason, type ProcessPlan, type RestorePlan, type Step } from '@idspace/restore-planner';
import { planName } from '../../format/kernel-name.ts';
import { count, counted } from '../../format/number.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { reasonText } from '../verdict-text.ts';

const CREATE_AS: Readonly<Record<Extract<Step, { op: 'create' }>['how'], string>> = {
  plain: 'timer_create',
  'restore-mode': 'timer_create, ID asked for in restore mode',
  'at-id': 'timer_create at ID',
  'use-id': 'timer_create with SIGEV_USE_ID',
};

/** Lists the steps of every process of a plan, a line each. @param source The checkpoint as the user named it. */
export function emitText(plan: RestorePlan, source: string, screen: Screen): string {
  const processes = plan.processes.map((process) => processText(process));
  return [`${printable(source)}: the calls of ${planName(plan)}\n`, ...processes, ...wholeText(plan, screen)].join(
    '\n',
  );
}

/** What is said where the calls for timers do not tell how the restore ends. */
function wholeText(plan: RestorePlan, screen: Screen): string[] {
  const { outcome, totals, criu } = plan;
  if (totals.timers > 0 && outcome === totals.outcome) return [];
  const reason = decisiveReason(plan);
  const none = totals.timers === 0 ? ', and there are none' : '';
  const whole = reason === undefined ? `${outcome}.\n` : `${outcome}.\n${reasonText(outcome, reason, criu, screen)}`;
  return [`Only calls for timers are shown${none}. The outcome of the whole restore is ${whole}`];
}

function processText(process: ProcessPlan): string {
  const { pid, timers, steps, outcome, error, nextId } = process;
  const ending =
    outcome === 'ok'
      ? `ok: next ID ${count(nextId)}`
      : outcome === 'depends'
        ? [`ok if the target grants them: next ID ${count(nextId)}; else`, ...(error?.split('\n') ?? [])].join('\n    ')
        : outcome === 'hangs'
          ? 'hangs: from here on the same calls come again and again'
          : [outcome, ...(error?.split('\n') ?? [])].join('\n    ');
  const rows = steps.map(
    (step, index) => `  ${String(index + 1).padStart(String(steps.length).length)}  ${line(step, process)}\n`,
  );
  return `process ${pid}: ${counted(timers.length, 'timer')}, ${counted(steps.length, 'step')}\n${rows.join('')}  → ${ending}\n`;
}

function line(step: Step, { timers, errno }: ProcessPlan): string {
  switch (step.op) {
    case 'prctl':
      return `prctl(PR_TIMER_CREATE_RESTORE_IDS, ${step.on ? 'ON' : 'OFF'})${step.refused ? ' → EINVAL: refused' : ''}`;
    case 'cursor':
      return `set the next ID → ${count(step.id)}`;
    case 'dance':
      return `${counted(step.pairs, 'time')}: timer_create, timer_delete → IDs ${range(step.from, step.from + step.pairs - 1)}`;
    case 'fill':
      return `${counted(Math.abs(step.to - step.from) + 1, 'time')}: timer_create → IDs ${range(step.from, step.to)}`;
    case 'delete':
      return `${counted(step.to - step.from + 1, 'time')}: timer_delete of IDs ${range(step.from, step.to)}`;
    case 'create': {
      const { clock, notify, id } = timers[step.timer]!;
      const result = step.id === null ? `${errno}: refused` : `ID ${count(step.id)}`;
      return `${CREATE_AS[step.how]} for timer ${count(id)} (${clockName(clock)}, ${notify}) → ${result}`;
    }
  }
}

function range(from: number, to: number): string {
  return from === to ? count(from) : `${count(from)} … ${count(to)}`;
}
