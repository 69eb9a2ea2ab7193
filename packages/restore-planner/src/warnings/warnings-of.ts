// From what is wrong with a process's timers to the warnings of its plan.
import type { CheckpointProcess, CheckpointTimer, Outcome } from '../types.ts';
import { type Findings, signalsOther } from './findings.ts';
import type { PlanWarning, WarningCode } from './plan-warning.ts';

const MOST_NAMED = 3; // threads or clocks in one text

/** How the restore ends, as far as warnings tell of it. */
interface Ended {
  outcome: Outcome;
  nextId: number;
}

/** Writes the warnings of a process, worst first; none for a process without timers. */
export function warningsOf(process: CheckpointProcess, findings: Findings, ended: Ended): PlanWarning[] {
  const { badInterval, badValue, deadClock, deadThread, threadClock } = findings;
  const some = (code: WarningCode, timers: readonly CheckpointTimer[], text: (timers: Some) => string) =>
    timers.length === 0 ? [] : [{ code, ids: timers.map(({ id }) => id), text: text(timers) }];
  return [
    ...some('bad-interval', badInterval, () => badTime('interval')),
    ...some('bad-value', badValue, () => badTime('remaining time')),
    ...some('dead-cpu-clock', deadClock, deadClockText),
    ...some('dead-notify-thread', deadThread, deadThreadText),
    ...some('thread-cpu-clock', threadClock, (timers) => threadClockText(timers, process)),
    ...(process.timers.length === 0 ? [] : [counterLost(ended), MODE_LOST]),
  ];
}

type Some = readonly CheckpointTimer[];

function badTime(what: string): string {
  return (
    `The ${what} is no time: its seconds are negative, or its nanoseconds 10⁹ or more. ` +
    'CRIU refuses it before it creates any timer, and the restore fails.'
  );
}

function deadClockText(timers: Some): string {
  const clocks = listed(timers.map(({ clockName }) => clockName));
  return `The clock is the ${clocks}, and nobody of that number is in the checkpoint. ${REFUSED}`;
}

function deadThreadText(timers: Some): string {
  const named = timers.flatMap(({ notifyThreadId }) => (notifyThreadId === undefined ? [] : [notifyThreadId]));
  const clauses = [
    ...(named.length > 0 ? [`is to signal thread ${listed(named)}, which the process does not have`] : []),
    ...(named.length < timers.length
      ? [
          'is to signal one thread, and the image does not say which (dumps of older CRIU do not): CRIU asks for thread 0',
        ]
      : []),
  ];
  return `The timer ${clauses.join(', or ')}. ${REFUSED}`;
}

const REFUSED = 'timer_create answers EINVAL, CRIU gives up, and the restore fails.';

function threadClockText(timers: Some, { pid }: CheckpointProcess): string {
  const others = timers.filter((timer) => signalsOther(timer, pid)).flatMap(({ notifyThreadId }) => notifyThreadId!);
  const likely =
    others.length === 0
      ? 'If another thread had created the timer, it'
      : `Timers that signal thread ${listed(others)} were almost certainly created by that thread: such a timer`;
  return (
    'The clock is the CPU time of the thread that creates the timer, the image does not say which that was, and CRIU creates all ' +
    `timers from the leader, thread ${pid}. ${likely} counts the leader's CPU time after the restore, which succeeds: ` +
    'it fires while the leader works, and not while the thread does that it was made for.'
  );
}

function counterLost({ outcome, nextId }: Ended): PlanWarning {
  const next = outcome === 'ok' ? `After this restore the next ID is ${nextId}` : 'A restore starts it anew';
  const text =
    `The image does not hold how far the ID counter had come. ${next}: if it stood higher before the dump, IDs that the process ` +
    'had and deleted are handed out again, and a stale copy of one means another timer.';
  return { code: 'counter-lost', ids: [], text };
}

const MODE_LOST: PlanWarning = {
  code: 'mode-lost',
  ids: [],
  text:
    'The image does not hold whether restore mode (PR_TIMER_CREATE_RESTORE_IDS) was on. After a restore it is off, which only a ' +
    'process notices that had switched it on for itself.',
};

/** Names the first few distinct ones. */
function listed(all: readonly (string | number)[]): string {
  const distinct = [...new Set(all)];
  const shown = distinct.slice(0, MOST_NAMED).join(', ');
  return distinct.length > MOST_NAMED ? `${shown} and ${distinct.length - MOST_NAMED} more` : shown;
}
