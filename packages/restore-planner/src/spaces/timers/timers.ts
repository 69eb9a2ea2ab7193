// POSIX timers as an ID space among others: their plans, made process by process, summed up.
import { grouped } from '../../grouped.ts';
import { OUTCOMES } from '../../outcome.ts';
import type { ProcessPlan } from '../../types.ts';
import { isBefore, type Version } from '../../version.ts';
import { MOST_NAMED, type Reason, type ReasonCode } from '../reason.ts';
import { type SpacePlan, worstOf } from '../space.ts';
import type { PlanWarning, WarningCode } from './warnings/plan-warning.ts';
import { wayOutIn } from './warnings/texts.ts';

/** Sums up the plans of a checkpoint's processes; undefined if none has timers and all is well. @param kernel Null for a proposed design. */
export function timersPlan(processes: readonly ProcessPlan[], kernel: Version | null): SpacePlan | undefined {
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
  return { space: 'timers', outcome, ...counts, left, reasons: reasonsOf(processes, kernel) };
}

function asksOf({ steps }: ProcessPlan): number {
  return steps.filter((step) => step.op === 'cursor' || (step.op === 'create' && step.how !== 'plain')).length;
}

/** One for each process, the worst first, and one alone where the same is to be said of several. */
function reasonsOf(processes: readonly ProcessPlan[], kernel: Version | null): Reason[] {
  const reasons = new Map<string, Reason>();
  let more = 0;
  const rank = ({ outcome }: ProcessPlan): number => OUTCOMES.indexOf(outcome);
  for (const process of [...processes].sort((a, b) => rank(b) - rank(a))) {
    if (process.outcome === 'ok') break;
    const reason = reasonOf(process, kernel);
    if (reasons.has(reason.text)) continue;
    if (reasons.size < MOST_NAMED) reasons.set(reason.text, reason);
    else if (more++ === 0) reasons.set('', reason);
  }
  const rest = reasons.get('');
  if (rest !== undefined) {
    Object.assign(rest, {
      ids: [],
      text: `and ${more === 1 ? '1 more process' : `${grouped(more)} more processes`}`,
      words: null,
    });
  }
  return [...reasons.values()];
}

const CODES: Readonly<Record<Reason['outcome'], ReasonCode>> = {
  'exceeds-limit': 'timers-limit',
  hangs: 'timers-hang',
  fails: 'timers-fail',
  depends: 'timers-depend',
};

function reasonOf(process: ProcessPlan, kernel: Version | null): Reason {
  const { outcome, error, container } = process;
  const worst = tellingWarning(process);
  const isShared = worst?.code === 'shared-limit'; // by the processes of all containers
  const isOfAll = isShared || worst?.code === 'no-start';
  return {
    space: 'timers',
    code: CODES[outcome as Reason['outcome']],
    outcome: outcome as Reason['outcome'],
    ids: (worst?.ids ?? []).slice(0, MOST_NAMED),
    ...(isShared ? { text: firstSentence(worst.text), remedy: wayOutIn(worst.text)! } : textOf(process, kernel)),
    words: outcome === 'depends' ? null : error,
    ...(container !== undefined && !isOfAll && { container }),
  };
}

/** Warnings of restores that succeed: they are no reason for one that does not. */
const NO_REASONS: readonly WarningCode[] = [
  'thread-cpu-clock',
  'wall-clock',
  'overrun-lost',
  'counter-lost',
  'mode-lost',
];

/** The warning that says why a process is not restored; undefined if its IDs are the reason. */
function tellingWarning({ warnings }: ProcessPlan): PlanWarning | undefined {
  return warnings.find(({ code }) => !NO_REASONS.includes(code));
}

/** The first release that hands out one ID after another. */
const NEXT_ID_FROM: Version = [3, 10];
const ASKING_PAIR = 'use CRIU 4.2 or later on Linux 6.15 or later';

/** Which pair of CRIU and kernel brings the IDs back. Releases that CRIU never ran on are older than those that hand IDs out one after another. */
function wayOutOf(kernel: Version | null): string {
  if (kernel === null || !isBefore(kernel, NEXT_ID_FROM)) return ASKING_PAIR;
  return `${ASKING_PAIR}, which asks for the IDs, or Linux 3.11 to 6.14, where one comes after another; CRIU needs Linux 3.11 or later in any case`;
}

function textOf(process: ProcessPlan, kernel: Version | null): Pick<Reason, 'text' | 'remedy'> {
  const { pid, outcome, timers, peakTimers } = process;
  if (outcome === 'exceeds-limit') {
    const room = peakTimers === 0 ? 'no room' : `room for ${grouped(peakTimers)}`;
    return {
      text: `process ${pid} has ${timers.length === 1 ? '1 timer' : `${grouped(timers.length)} timers`}, and RLIMIT_SIGPENDING leaves CRIU's user ${room}`,
      remedy:
        'raise the limit of the process, before the dump (prlimit --sigpending) or in its core image (crit decode, edit, crit encode); CRIU without CAP_SYS_RESOURCE is held to its own limit, too',
    };
  }
  if (outcome === 'hangs') {
    return {
      text: `process ${pid} has timers whose IDs this kernel never hands out to this CRIU: it goes on forever`,
      remedy: wayOutOf(kernel),
    };
  }
  const worst = tellingWarning(process);
  if (worst === undefined) {
    const text = `process ${pid} has timers whose IDs this kernel does not hand out to this CRIU, which gives up`;
    return { text, remedy: wayOutOf(kernel) };
  }
  const why = firstSentence(worst.text);
  const text = worst.code === 'no-start' ? why : `timers of process ${pid}: ${why}`; // for all processes the same
  return { text, remedy: wayOutIn(worst.text) ?? REMEDIES[worst.code] ?? 'see the warnings of the process' };
}

function firstSentence(text: string): string {
  const [sentence = text] = /^.*?[.:](?=\s|$)/s.exec(text) ?? [];
  return sentence.replace(/[.:]$/, '');
}

const DAMAGED = 'dump again: the checkpoint is damaged';

/** Ways out of what is said by warnings that name none themselves. */
// biome-ignore format: what belongs together stands in a row
const REMEDIES: Readonly<Partial<Record<WarningCode, string>>> = {
  'refused-images': DAMAGED,
  'alarm-clock': 'restore on a machine with a real-time clock, with CAP_WAKE_ALARM for CRIU',
  'sigq-assumed': "say how much is charged to CRIU's user on the target (SigQ in /proc/self/status)",
  'dead-cpu-clock': 'let the process delete the timer before the dump',
  'bad-interval': DAMAGED, 'bad-value': DAMAGED, 'bad-itimer': DAMAGED, 'bad-id': DAMAGED, 'same-id': DAMAGED,
  'bad-notify': DAMAGED, 'bad-signal': DAMAGED, 'timerless-clock': DAMAGED,
};
