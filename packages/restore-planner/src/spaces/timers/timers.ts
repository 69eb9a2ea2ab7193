// POSIX timers as an ID space among others: their plans, made process by process, summed up.
import type { ProcessPlan } from '../../types.ts';
import { MOST_NAMED, type Reason, type ReasonCode } from '../reason.ts';
import { type SpacePlan, worstOf } from '../space.ts';
import type { WarningCode } from './warnings/plan-warning.ts';

/** Sums up the plans of a checkpoint's processes; undefined if none has timers and all is well. */
export function timersPlan(processes: readonly ProcessPlan[]): SpacePlan | undefined {
  const outcome = worstOf(processes);
  const timers = processes.reduce((sum, process) => sum + process.timers.length, 0);
  if (timers === 0 && outcome === 'ok') return undefined;
  const sum = (of: (plan: ProcessPlan) => number): number => processes.reduce((so, plan) => so + of(plan), 0);
  const counts = {
    asks: sum(asksOf),
    creates: sum(({ creates }) => creates),
    deletes: sum(({ deletes }) => deletes),
    seconds: sum(({ seconds }) => seconds),
  };
  const left =
    timers === 0
      ? []
      : ['the next timer of each process gets the ID after its highest one, as its images do not hold the counter'];
  return { space: 'timers', outcome, ...counts, left, reasons: reasonsOf(processes) };
}

function asksOf({ steps }: ProcessPlan): number {
  return steps.filter((step) => step.op === 'cursor' || (step.op === 'create' && step.how !== 'plain')).length;
}

function reasonsOf(processes: readonly ProcessPlan[]): Reason[] {
  const reasons: Reason[] = [];
  const troubled = processes.filter(({ outcome }) => outcome !== 'ok');
  for (const process of troubled.slice(0, MOST_NAMED)) reasons.push(reasonOf(process));
  if (troubled.length > MOST_NAMED) {
    const next = reasonOf(troubled[MOST_NAMED]!);
    reasons.push({ ...next, ids: [], text: `and ${troubled.length - MOST_NAMED} more processes`, words: null });
  }
  return reasons;
}

const CODES: Readonly<Record<Reason['outcome'], ReasonCode>> = {
  'exceeds-limit': 'timers-limit',
  hangs: 'timers-hang',
  fails: 'timers-fail',
  depends: 'timers-depend',
};

function reasonOf({ pid, outcome, error, timers, warnings, container }: ProcessPlan): Reason {
  const [worst] = warnings;
  const code = CODES[outcome as Reason['outcome']];
  const ids = (worst?.ids ?? []).slice(0, MOST_NAMED);
  const about = { space: 'timers' as const, code, outcome: outcome as Reason['outcome'], ids };
  const words = outcome === 'depends' ? null : error;
  const of = container === undefined ? {} : { container };
  if (code === 'timers-limit') {
    const text = `process ${pid} has ${timers.length} timers, and RLIMIT_SIGPENDING allows CRIU's user fewer`;
    return {
      ...about,
      text,
      words,
      remedy: 'raise the limit of the process before the dump (prlimit --sigpending)',
      ...of,
    };
  }
  if (code === 'timers-hang') {
    const text = `process ${pid} has timers whose IDs this kernel never hands out to this CRIU: it goes on forever`;
    return { ...about, text, words, remedy: 'use CRIU 4.2 or later on Linux 6.15 or later', ...of };
  }
  const why = worst === undefined ? 'its timers cannot be restored' : firstSentence(worst.text);
  const remedy = (worst && REMEDIES[worst.code]) ?? 'see the warnings of the process';
  return { ...about, text: `timers of process ${pid}: ${why}`, words, remedy, ...of };
}

function firstSentence(text: string): string {
  const [sentence = text] = /^.*?[.:](?=\s|$)/s.exec(text) ?? [];
  return sentence.replace(/[.:]$/, '');
}

const REMEDIES: Readonly<Partial<Record<WarningCode, string>>> = {
  'no-start': 'use CRIU 4.1 or later on this kernel',
  'refused-images': 'dump again: the checkpoint is damaged',
  'old-images': 'give CRIU --deprecated',
  'alarm-clock': 'restore on a machine with a real-time clock, with CAP_WAKE_ALARM for CRIU',
  'shared-limit': 'raise RLIMIT_SIGPENDING of the processes before the dump (prlimit --sigpending)',
  'sigq-assumed': "say how much is charged to CRIU's user on the target (SigQ in /proc/self/status)",
  'dead-notify-thread': 'let the process delete the timer before the dump',
  'dead-cpu-clock': 'let the process delete the timer before the dump',
  'timerless-clock': 'dump again: the checkpoint is damaged',
};
