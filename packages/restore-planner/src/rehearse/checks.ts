// The checks after the calls of a plan have been made.
import { armedValue } from '../armed-value.ts';
import { ERRNO, errnoName } from '../errno.ts';
import type { Report } from '../execute/report.ts';
import { grouped as count } from '../grouped.ts';
import type { Itimerspec } from '../timer-syscalls.ts';
import type { CheckpointTimer, ProcessPlan } from '../types.ts';
import type { RehearsalCheck as Check, RehearsedProcess, RehearseOptions } from './process-rehearsal.ts';

const CLOCK_MONOTONIC = 1;
const PR_TIMER_CREATE_RESTORE_IDS = 77;
const GET = 2;
const OFF = 0;
const SIGEV_NONE = 1;
const EVERY_ID = 2 ** 31;
/** The kernel counts 2⁶³ ns at most: longer times are cut. */
const LONGEST = 9_223_372_035n;
const KINDS: Readonly<Record<CheckpointTimer['notify'], string>> = {
  none: 'none',
  signal: 'signal',
  thread: 'thread',
  'thread-id': 'signal',
  unknown: '?',
};

/** Every call gave what the plan says, or which was the first that did not. */
export function checkCalls({ creates, deletes, prctls, verified, differences }: Report): Check {
  const [first] = differences;
  if (first === undefined) {
    const calls = [counted(creates, 'create'), counted(deletes, 'delete'), counted(prctls, 'prctl')].join(', ');
    return { check: 'calls', ok: true, text: `${calls}: all as planned; ${counted(verified, 'returned ID')} compared` };
  }
  const { call, expected, got, step } = first;
  const text = `${call} (step ${step + 1}) gave ${result(got)}, expected ${result(expected)}`;
  return { check: 'calls', ok: false, text };
}

/** The listing shows what is alive; where that are the timers of the plan, every one with its signal, value and clock. */
export function checkListing(
  stage: RehearsedProcess,
  plan: ProcessPlan,
  { left, restored }: Report,
  { newestFirst = true }: RehearseOptions,
): Check {
  let text: string;
  try {
    text = stage.procTimers();
  } catch (error) {
    return { check: 'listing', ok: null, text: `not looked at: ${(error as Error).message}` };
  }
  const got = text.match(/^ID: .*\n.*\n.*\n.*\n/gm) ?? [];
  const wanted = restored.length === plan.timers.length ? plan.timers.map(entryOf) : left.map((id) => `ID: ${id}\n`);
  if (newestFirst && isInOrderOfIds(plan)) wanted.reverse();
  else got.sort(byId);
  const wrong = wanted.findIndex((entry, index) => !got[index]?.replace(/\/(pid|tid)\.\d+/, '').startsWith(entry));
  if (wrong < 0 && got.length === wanted.length) {
    return { check: 'listing', ok: true, text: `/proc/PID/timers shows ${shownTimers(left)}` };
  }
  const shown = (entry: string | undefined): string => entry?.trimEnd().replaceAll('\n', ', ') ?? 'nothing';
  const at = wrong < 0 ? wanted.length : wrong;
  return {
    check: 'listing',
    ok: false,
    text: `/proc/PID/timers shows ${shown(got[at])} in place ${at + 1}, expected ${shown(wanted[at])}`,
  };
}

/** Timers were created in the order of their IDs, so that the newest has the highest. */
function isInOrderOfIds({ steps }: ProcessPlan): boolean {
  const ids = steps.flatMap((step) => (step.op === 'create' && step.id !== null ? [step.id] : []));
  return !steps.some(({ op }) => op === 'fill') && ids.every((id, index) => index === 0 || id > ids[index - 1]!);
}

function byId(a: string, b: string): number {
  return Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]);
}

/** An entry of the listing without the process or thread it signals. */
function entryOf({ id, signo, sival, notify, clock }: CheckpointTimer): string {
  const shownClock = clock === 2 ? -6 : clock === 3 ? -2 : clock;
  const value = sival.toString(16).padStart(16, '0');
  return `ID: ${id}\nsignal: ${signo}/${value}\nnotify: ${KINDS[notify]}\nClockID: ${shownClock}\n`;
}

/** The timers take their times, as CRIU sets them at the very end, and read back. */
export function checkSettings(stage: RehearsedProcess, { timers }: ProcessPlan): Check {
  const out: Itimerspec = { valueSec: 0, valueNsec: 0, intervalSec: 0, intervalNsec: 0 };
  let armed = 0;
  for (const timer of timers) {
    const setting = settingOf(timer);
    const got = stage.timerSettime(timer.id, 0, setting) || stage.timerGettime(timer.id, out);
    if (got !== 0) {
      return { check: 'settings', ok: false, text: `timer ${count(timer.id)}: ${result(got)}` };
    }
    if (!isAsSet(setting, out)) {
      return { check: 'settings', ok: false, text: `timer ${count(timer.id)} does not read back as it was set` };
    }
    armed += Number(isArmed(setting));
  }
  return { check: 'settings', ok: true, text: `${count(armed)} armed, ${count(timers.length - armed)} disarmed` };
}

function settingOf(timer: CheckpointTimer): Itimerspec {
  const value = armedValue(timer);
  const seconds = (sec: bigint): number => Number(sec < LONGEST ? sec : LONGEST);
  // biome-ignore format: what belongs together stands in a row
  return {
    valueSec: seconds(value.sec), valueNsec: Number(value.nsec),
    intervalSec: seconds(timer.interval.sec), intervalNsec: Number(timer.interval.nsec),
  };
}

function isArmed({ valueSec, valueNsec }: Itimerspec): boolean {
  return valueSec !== 0 || valueNsec !== 0;
}

/** Time may have passed since: less than what was set may be left, but not nothing of more than a minute. */
function isAsSet(set: Itimerspec, got: Itimerspec): boolean {
  const isInterval = !isArmed(set) || (set.intervalSec === got.intervalSec && set.intervalNsec === got.intervalNsec);
  if (!isArmed(set) || !isInterval) return isInterval && !isArmed(got);
  const left = got.valueSec + got.valueNsec / 1e9;
  const most = Math.max(set.valueSec + set.valueNsec / 1e9, set.intervalSec + set.intervalNsec / 1e9);
  return left <= most && (set.valueSec < 60 || isArmed(got));
}

/** Every timer is charged to the user, nothing else is. */
export function checkCharges({ left }: Report, { charged }: RehearseOptions): Check {
  if (charged === undefined) {
    return { check: 'charges', ok: null, text: 'not looked at: other processes are charged to the same user' };
  }
  const got = charged();
  return { check: 'charges', ok: got === left.length, text: `${count(got)} for ${counted(left.length, 'timer')}` };
}

/** One more timer gets the ID that the plan says comes next; it is deleted immediately. */
export function checkNextId(
  stage: RehearsedProcess,
  plan: ProcessPlan,
  { left }: Report,
  { direction = 1, idCount = EVERY_ID }: RehearseOptions,
): Check {
  const check = 'next-id';
  const live = new Set(left);
  let expected = plan.nextId;
  while (live.has(expected)) expected = (expected + direction + idCount) % idCount;
  const got = stage.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_NONE });
  if (got === -ERRNO.EAGAIN!) return { check, ok: null, text: 'not looked at: no more timers are allowed (EAGAIN)' };
  if (got >= 0) stage.timerDelete(got);
  const text = got === expected ? count(got) : `${result(got)}, expected ${count(expected)}`;
  return { check, ok: got === expected, text };
}

/** Deletes what the plan left, leaves restore mode, and looks if anything is there still. */
export function cleanUp(stage: RehearsedProcess, { left }: Report): Check {
  const failed = left.filter((id) => stage.timerDelete(id) !== 0);
  const isOn = stage.prctl(PR_TIMER_CREATE_RESTORE_IDS, GET) === 1;
  if (isOn) stage.prctl(PR_TIMER_CREATE_RESTORE_IDS, OFF);
  if (failed.length > 0) {
    return { check: 'clean-up', ok: false, text: `${counted(failed.length, 'timer')} could not be deleted` };
  }
  const off = isOn ? ', restore mode switched off' : '';
  return { check: 'clean-up', ok: true, text: `${counted(left.length, 'timer')} deleted${off}` };
}

function shownTimers(ids: readonly number[]): string {
  if (ids.length === 0) return 'no timer';
  const some = ids.slice(0, 3).map(count).join(', ');
  return ids.length > 4
    ? `${counted(ids.length, 'timer')}, IDs ${some}, … ${count(ids.at(-1)!)}`
    : `ID${ids.length > 1 ? 's' : ''} ${ids.map(count).join(', ')}`;
}

/** An ID, or the name of an error. */
export function result(value: number): string {
  return value < 0 ? (errnoName(value) ?? `errno ${-value}`) : count(value);
}

function counted(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}
