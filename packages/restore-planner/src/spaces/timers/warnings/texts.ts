// What warnings say.

import { errnoName } from '../../../errno.ts';
import { grouped } from '../../../grouped.ts';
import type { CheckpointProcess, CheckpointTimer } from '../../../types.ts';
import type { Stop } from '../criu/stop.ts';
import type { Room } from '../room.ts';
import type { Ended } from './ended.ts';
import { signalsOther } from './findings.ts';
import type { WarningCode } from './plan-warning.ts';

const MOST_NAMED = 3; // threads, clocks or signals in one text
const PID_MAX = 2 ** 22;
/** Begins the way out that closes a text. */
const WAY_OUT = ' Way out: ';

type Some = readonly CheckpointTimer[];

/** Writes the text of a warning about some timers. */
export function timersText(code: WarningCode, timers: Some, process: CheckpointProcess, ended: Ended): string {
  switch (code) {
    case 'bad-interval':
      return badTime('interval');
    case 'bad-value':
      return badTime('remaining time');
    case 'bad-id':
      return `The ID is below 0. ${refusedWith(['EINVAL'])} If CRIU cannot ask for IDs, it tries all 2³¹ and never gets it.`;
    case 'same-id':
      return (
        'Another timer of the process has the same ID. If CRIU asks for it a second time, timer_create answers EBUSY; if it cannot ' +
        'ask, the ID does not come again. The restore fails.'
      );
    case 'timerless-clock':
      return `${timerlessText(timers)} ${refusedWith(['EINVAL', 'EOPNOTSUPP'])}`;
    case 'bad-notify':
      return `The kind of notification, ${listed(timers.map(({ notifyKind = '?' }) => notifyKind))}, does not exist. ${refusedWith(['EINVAL'])}`;
    case 'bad-signal':
      return `The timer is to send signal ${listed(timers.map(({ signo }) => signo))}, and signals are 1…64. ${refusedWith(['EINVAL'])}`;
    case 'dead-cpu-clock':
      return deadClockText(timers, process, ended);
    case 'dead-notify-thread':
      return deadThreadText(timers);
    case 'alarm-clock':
      return alarmText(ended);
    case 'thread-cpu-clock':
      return threadClockText(timers, process);
    case 'wall-clock':
      return WALL_CLOCK;
    case 'overrun-lost':
      return OVERRUN_LOST;
    default:
      return '';
  }
}

function badTime(what: string): string {
  return (
    `The ${what} is not a time: its seconds are negative, or its nanoseconds 10⁹ or more. ` +
    'CRIU refuses it before it creates any timer, and the restore fails.'
  );
}

function refusedWith(names: readonly string[]): string {
  return `timer_create answers ${names.join(' or ')}, CRIU gives up, and the restore fails.`;
}

/** Some clocks have no timers; others do not exist, and have no name either. */
function timerlessText(timers: Some): string {
  const unknown = timers.filter(({ clockName }) => clockName.startsWith('unknown clock'));
  const known = timers.filter((timer) => !unknown.includes(timer));
  const parts = [
    ...(known.length > 0 ? [`there are no timers on ${listed(known.map(({ clockName }) => clockName))}`] : []),
    ...(unknown.length > 0 ? [`there is no clock ${listed(unknown.map(({ clock }) => clock))}`] : []),
  ];
  return `${parts.join(', and ').replace(/^t/, 'T')}.`;
}

const REFUSED = refusedWith(['EINVAL']);

function deadClockText(timers: Some, { pidNamespace }: CheckpointProcess, { outcome }: Ended): string {
  const clocks = listed(timers.map(({ clockName }) => clockName));
  const absent = `The clock is the ${clocks}, which is not in the checkpoint.`;
  const taken = 'CRIU takes it: the restore succeeds, with a timer on the CPU time of another process.';
  const stranger = `If a process of that number lives on the target, ${taken}`;
  if (pidNamespace === 'own') return `${absent} ${REFUSED}`;
  if (pidNamespace === undefined) {
    return `${absent} ${REFUSED} Without a PID namespace of its own it depends on the target. ${stranger}`;
  }
  if (outcome === 'ok') return `${absent} A process of that number lives on the target, and ${taken}`;
  return `${absent} It shares the PID namespace of the target. ${stranger} If there is none, ${REFUSED}`;
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
  const isGarbage = named.some((tid) => tid < 1 || tid > PID_MAX);
  const cause = isGarbage
    ? ' A number that is not a thread ID is garbage: CRIU up to 4.2 writes it where the thread had ended before the dump (checkpoint-restore/criu issue 2887).'
    : '';
  return (
    `The timer ${clauses.join(', or ')}.${cause} ${REFUSED}${WAY_OUT}delete such timers, or keep their threads, before the dump; or set ` +
    'it_sigev_notify to 1 (SIGEV_NONE) in the core image: crit decode, edit, crit encode.'
  );
}

const ALARM_CLOCKS = 'CLOCK_REALTIME_ALARM and CLOCK_BOOTTIME_ALARM';
const ALARM =
  `Timers on ${ALARM_CLOCKS} need a real-time clock that can wake the machine (else EOPNOTSUPP; most virtual ` +
  'machines have none), and CRIU needs CAP_WAKE_ALARM (else EPERM).';

function alarmText({ stop, target: { rtc, capWakeAlarm } }: Ended): string {
  const lacks = [
    ...(rtc === false ? ['has no real-time clock that can wake it (most virtual machines have none)'] : []),
    ...(capWakeAlarm === false ? ['does not give CRIU CAP_WAKE_ALARM'] : []),
  ];
  if (lacks.length > 0) {
    const wayOut = [
      ...(rtc === false ? ['restore on a machine with a real-time clock'] : []),
      ...(capWakeAlarm === false ? ['give CRIU CAP_WAKE_ALARM'] : []),
    ].join(', and ');
    const then = stop === null ? ` ${refusedWith([rtc === false ? 'EOPNOTSUPP' : 'EPERM'])}` : '';
    return `Timers on ${ALARM_CLOCKS} do not come back, as the target ${lacks.join(', and ')}.${then}${WAY_OUT}${wayOut}.`;
  }
  const isOne = rtc === true || capWakeAlarm === true;
  if (!isOne) return `${ALARM} Without either, CRIU gives up and the restore fails.`;
  const what =
    rtc === true
      ? 'gives CRIU CAP_WAKE_ALARM (else EPERM)'
      : 'has a real-time clock that can wake it (else EOPNOTSUPP)';
  return `Timers on ${ALARM_CLOCKS} depend on whether the target ${what}. If not, CRIU gives up and the restore fails.`;
}

function threadClockText(timers: Some, { pid }: CheckpointProcess): string {
  const others = timers.filter((timer) => signalsOther(timer, pid)).flatMap(({ notifyThreadId }) => notifyThreadId!);
  const likely =
    others.length === 0
      ? 'If another thread had created the timer, it'
      : `Timers that signal thread ${listed(others)} were almost certainly created by that thread: such a timer`;
  return (
    'The clock is the CPU time of the thread that creates the timer, the image does not say which that was, and CRIU creates all ' +
    `timers from the leader, thread ${pid}. ${likely} counts the leader's CPU time after the restore, which succeeds: ` +
    'it fires while the leader works, not while the thread works for which it was made.'
  );
}

const WALL_CLOCK =
  'The timer is armed, and its clock is a wall clock. The image holds how much time was left, and CRIU sets it to that again: if it had been set to a ' +
  'time of day (TIMER_ABSTIME), it fires late by as long as the process was not running. The image does not say how it was set.';

const OVERRUN_LOST =
  'The timer had expired again while its signal was pending. CRIU does not restore how often: timer_getoverrun answers 0 after the restore.';

/** What CRIU stops at before it makes any timer. */
export function stopText({ code, lines }: Stop): string {
  switch (code) {
    case 'no-start':
      return `CRIU before 4.1 does not start on this kernel: since Linux 6.13 the data of the vdso is mapped in two pieces.${WAY_OUT}use CRIU 4.1 or later.`;
    case 'refused-images':
      return `CRIU stops where it makes or reads the images of the process (${lines[0]}), and the restore fails.`;
    case 'old-images':
      return (
        'Timers or limits are in images of their own, as CRIU before 1.3 wrote them. CRIU 2.6 and later read these only with --deprecated, or with ' +
        `CRIU_DEPRECATED in the environment: without it the restore fails.${WAY_OUT}give CRIU --deprecated.`
      );
    default:
      return (
        'The interval or the value of a timer of setitimer is not a time: its seconds are negative, or its microseconds 10⁶ or more. ' +
        'CRIU refuses it before it creates any POSIX timer, and the restore fails.'
      );
  }
}

/** The limit that processes share; its first sentence is the reason, and says the same of processes to which the same happens. */
export function sharedLimitText({ pid, timers }: CheckpointProcess, { room, outcome }: Ended): string {
  const { all, makers, base, limit, isBaseKnown, isOneLimit, isOfCriu } = room;
  const isItsOwn = base + timers.length > limit;
  const whose = isItsOwn ? `process ${pid}` : `${makers} processes`;
  const before = base > 0 || isBaseKnown ? `, beside ${grouped(base)} charged before` : '';
  const under = isOfCriu
    ? `CRIU's own RLIMIT_SIGPENDING, which it may not raise, is ${grouped(limit)}`
    : `RLIMIT_SIGPENDING is ${grouped(limit)}${isOneLimit ? '' : ` for process ${pid}`}`;
  const fits =
    outcome === 'depends'
      ? 'Whether a create is refused depends on the order in which the processes make theirs'
      : 'In any order, a create of some process is refused';
  return (
    `${grouped(isItsOwn ? timers.length : all)} timers of ${whose} are charged to CRIU's user${before}, and ${under}. ` +
    `CRIU creates the timers of all processes, ${grouped(all)}, before it gives them back their users. ${fits}: it gets ` +
    `${errnoName(-11)}, and the restore fails.${WAY_OUT}${isOfCriu ? roomForCriu(base + all) : roomForAll(base + all)}.`
  );
}

/** The way out that a warning names, without a full stop; undefined if it names none. */
export function wayOutIn(text: string): string | undefined {
  const at = text.lastIndexOf(WAY_OUT);
  return at < 0 ? undefined : text.slice(at + WAY_OUT.length).replace(/\.$/, '');
}

function roomForAll(most: number): string {
  return (
    `raise RLIMIT_SIGPENDING of the processes to ${grouped(most)} or more, before the dump (prlimit --sigpending) or in their core images ` +
    '(crit decode, edit, crit encode)'
  );
}

function roomForCriu(most: number): string {
  return `give CRIU CAP_SYS_RESOURCE, or a limit of ${grouped(most)} or more (ulimit -i)`;
}

/** What was assumed for a charge that was not stated. */
export function sigqText({ limit, all }: Room): string {
  const left = limit - all;
  return (
    `What is charged on the target to the user who runs CRIU was taken to be 0. ${left < 0 ? 'No room is' : `Room for ${grouped(left)} more is`} left below ` +
    `RLIMIT_SIGPENDING, ${grouped(limit)}: state the first number of SigQ in /proc/PID/status of a process of that user there.`
  );
}

/** What no image holds about a process with timers. */
export function counterLostText({ outcome, nextId }: Ended): string {
  const isBack = outcome === 'ok' || outcome === 'depends';
  const next = isBack ? `After this restore the next ID is ${nextId}` : 'A restore starts the counter over';
  return (
    `The image does not hold how far the ID counter had come. ${next}: if it stood higher before the dump, IDs that the process ` +
    'had and deleted are handed out again, and a stale copy of one means another timer.'
  );
}

export const MODE_LOST_TEXT: string =
  'The image does not hold whether restore mode (PR_TIMER_CREATE_RESTORE_IDS) was on. After a restore it is off; only a process ' +
  'that had switched it on itself notices.';

/** Names the first few distinct ones. */
function listed(all: readonly (string | number)[]): string {
  const distinct = [...new Set(all)];
  const shown = distinct.slice(0, MOST_NAMED).join(', ');
  return distinct.length > MOST_NAMED ? `${shown} and ${distinct.length - MOST_NAMED} more` : shown;
}
