// Checks the arguments of planRestore: a checkpoint may be made by hand, options may come from plain JavaScript.

import { checkKeys } from './check-keys.ts';
import { refuse } from './refusal.ts';
import type { CheckpointIds } from './spaces/checkpoint-ids.ts';
import { checkTarget, type Target } from './spaces/target.ts';
import type { Checkpoint, CheckpointProcess, CheckpointTimer, PlanOptions } from './types.ts';

/** @throws RangeError naming the first part that has not the shape of a checkpoint. */
export function checkCheckpoint(checkpoint: Checkpoint): void {
  checkObject('checkpoint', checkpoint, 'a Checkpoint, as from await readCheckpoint(…)');
  if (checkpoint instanceof Promise)
    refuse('checkpoint', checkpoint, 'a Checkpoint: await what readCheckpoint returns');
  checkObjects('checkpoint.processes', checkpoint.processes);
  for (const [index, process] of checkpoint.processes.entries()) {
    checkProcess(`checkpoint.processes[${index}]`, process);
  }
  if (checkpoint.ids !== undefined) checkIds(checkpoint.ids);
}

const SPACES_OF_IDS = ['pids', 'inotify', 'sysv', 'pty', 'aio'] as const;

function checkIds(list: readonly CheckpointIds[]): void {
  checkObjects('checkpoint.ids', list);
  for (const [index, ids] of list.entries()) {
    for (const space of SPACES_OF_IDS) {
      const value: unknown = ids[space];
      if (value === null && space === 'sysv') continue;
      checkObject(`checkpoint.ids[${index}].${space}`, value, 'the IDs of that space, or { missing: … }');
    }
  }
}

function checkProcess(name: string, { timers, threads }: CheckpointProcess): void {
  checkObjects(`${name}.timers`, timers);
  for (const [index, timer] of timers.entries()) checkTimer(`${name}.timers[${index}]`, timer);
  if (!Array.isArray(threads)) refuse(`${name}.threads`, threads, 'an array of thread IDs');
}

function checkTimer(name: string, { id, clock, interval, value }: CheckpointTimer): void {
  if ((clock | 0) !== clock) refuse(`${name}.clock`, clock, 'a clock ID of 32 bits, signed');
  for (const [key, time] of Object.entries({ interval, value })) {
    if (typeof time?.sec === 'bigint' && typeof time.nsec === 'bigint') continue;
    refuse(`${name}.${key}`, time, 'a time { sec, nsec } of bigints');
  }
  if ((id | 0) !== id) refuse(`${name}.id`, id, 'a timer ID of 32 bits, signed');
}

type RoomKey = 'sigpending' | 'sigq' | 'target';
const ROOM_KEYS: readonly RoomKey[] = ['sigpending', 'sigq', 'target'];
const OWN_KEYS = ['nsPerPair', 'nsPerRestore', 'deprecated', 'rtc', 'capWakeAlarm'] as const;

/** The keys of {@link PlanOptions} but the pair. */
export const SHARED_KEYS: readonly (keyof PlanOptions)[] = [...ROOM_KEYS, ...OWN_KEYS];

const PLAN_KEYS: readonly string[] = ['kernel', 'criu', ...SHARED_KEYS];

/**
 * Versions must be strings: the number 4.10 is 4.1, and what was meant could not be told.
 *
 * @throws RangeError naming the first option that is unknown, of the wrong kind or below 0.
 */
export function checkOptions(options: PlanOptions): void {
  checkObject('options', options, "an object such as { kernel: '6.18', criu: '4.2' }");
  checkKeys(options, PLAN_KEYS);
  if (typeof options.kernel !== 'string') refuse('kernel', options.kernel, "a string such as '6.18'");
  if (typeof options.criu !== 'string') refuse('criu', options.criu, "a string such as '4.2'");
  checkRate('nsPerPair', options.nsPerPair);
  checkRate('nsPerRestore', options.nsPerRestore);
  checkRoom(options);
  if (options.target !== undefined) checkGivenTarget(options.target);
  for (const name of ['deprecated', 'rtc', 'capWakeAlarm'] as const) {
    const value = options[name];
    if (value !== undefined && typeof value !== 'boolean') refuse(name, value, 'true or false');
  }
}

/** Targets that have passed: one may be given with a thousand checkpoints, and have a million numbers. */
const passed = new WeakSet<Target>();

function checkGivenTarget(target: Target): void {
  checkObject('target', target, 'a Target, as from parseTarget(…)');
  if (passed.has(target)) return;
  checkTarget(target);
  passed.add(target);
}

/** Checks the options that tell how much room there is, where there are no others. @throws RangeError naming the first that is unknown or not what it should be. */
export function checkRoomOptions(options: Pick<PlanOptions, RoomKey>): void {
  checkKeys(options, ROOM_KEYS);
  checkRoom(options);
  if (options.target !== undefined) checkGivenTarget(options.target);
}

/** @throws RangeError for a limit or a charge that is none. */
function checkRoom({ sigpending, sigq }: Pick<PlanOptions, 'sigpending' | 'sigq'>): void {
  checkLimit(sigpending);
  if (sigq === undefined || (Number.isSafeInteger(sigq) && sigq >= 0)) return;
  refuse('sigq', sigq, 'a whole number of signals, 0 or more');
}

function checkObject(name: string, value: unknown, expected: string): void {
  if (typeof value !== 'object' || value === null) refuse(name, value, expected);
}

function checkObjects(name: string, list: readonly unknown[]): void {
  if (!Array.isArray(list)) refuse(name, list, 'an array');
  for (const [index, entry] of list.entries()) checkObject(`${name}[${index}]`, entry, 'an object');
}

/** Of a call: a quarter of an hour. What is computed from it stays a number. */
const MOST_NS = 1e12;

function checkRate(name: string, rate: number | undefined): void {
  if (rate === undefined) return;
  if (!(Number.isFinite(rate) && rate >= 0)) refuse(name, rate, 'nanoseconds, 0 or more');
  if (rate > MOST_NS) refuse(name, rate, `nanoseconds, 0…${MOST_NS}`);
}

function checkLimit(limit: number | bigint | undefined): void {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return;
  const isWhole = typeof limit === 'bigint' || Number.isInteger(limit);
  if (!isWhole || limit < 0) refuse('sigpending', limit, 'a whole number of timers, 0 or more');
}
