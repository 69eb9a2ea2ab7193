// A plan checked before it is executed: it may come from a file of unknown origin.

import { ERRNO } from '../errno.ts';
import { INT_MAX } from '../int-max.ts';
import { OUTCOMES } from '../outcome.ts';
import { refuse } from '../refusal.ts';
import type { CheckpointTimer, ProcessPlan, RestorePlan, Step } from '../types.ts';
import { countsOf, playOnPaper } from './paper-run.ts';

const IDS = 2 ** 31;
const U32_MAX = 2 ** 32 - 1;
const U64_MAX = 2n ** 64n - 1n;

const STRATEGIES = ['restore-ids', 'create-at-id', 'cursor', 'dance', 'fill', 'none'];
const NOTIFIES = ['signal', 'none', 'thread', 'thread-id', 'unknown'];
const CREATE_CALLS = ['plain', 'restore-mode', 'at-id', 'use-id'];

/**
 * Checks that a plan is one: every part of the right kind and range, steps that add up to the counts, delete nothing but what they created and, where the
 * outcome is `ok` or `depends`, leave exactly the plan's timers.
 *
 * Times, warnings and totals are not looked at beyond their kind: they change no system call.
 * @param plan Anything; only a sound plan passes.
 * @throws RangeError naming the first part that is wrong, what it is and what is expected.
 * Cost: O(n log n) in timers and steps, whatever their IDs.
 */
export function validatePlan(plan: unknown): asserts plan is RestorePlan {
  const { kernel, criu, nsPerPair, nsPerRestore, processes } = fields(plan, 'plan');
  text(kernel, 'plan.kernel');
  text(criu, 'plan.criu');
  amount(nsPerPair, 'plan.nsPerPair');
  amount(nsPerRestore, 'plan.nsPerRestore');
  for (const [index, process] of list(processes, 'plan.processes')) {
    validateProcessPlan(process, `plan.processes[${index}]`);
  }
}

/** Checks the plan of one process. @param name How errors name it. @throws RangeError as {@link validatePlan}. */
export function validateProcessPlan(plan: unknown, name = 'plan'): asserts plan is ProcessPlan {
  const { pid, timers, strategy, outcome, error, errno, peakTimers, nextId, seconds, warnings, steps } = fields(
    plan,
    name,
  );
  whole(pid, `${name}.pid`, 0, U32_MAX);
  oneOf(strategy, `${name}.strategy`, STRATEGIES);
  oneOf(outcome, `${name}.outcome`, OUTCOMES);
  if (error !== null) text(error, `${name}.error`);
  if (errno !== null) oneOf(errno, `${name}.errno`, Object.keys(ERRNO));
  whole(nextId, `${name}.nextId`, 0, INT_MAX);
  whole(peakTimers, `${name}.peakTimers`, 0, IDS);
  amount(seconds, `${name}.seconds`);
  validateWarnings(warnings, `${name}.warnings`);
  validateTimers(timers, `${name}.timers`, outcome === 'ok' || outcome === 'depends');
  const count = (timers as unknown[]).length;
  for (const [index, step] of list(steps, `${name}.steps`)) validateStep(step, `${name}.steps[${index}]`, count);
  validateSums(plan as ProcessPlan, name);
}

/** @param succeeds Every timer comes back, so that their IDs are possible and distinct. */
function validateTimers(timers: unknown, name: string, succeeds: boolean): void {
  let last = -1;
  for (const [index, timer] of list(timers, name)) {
    const where = `${name}[${index}]`;
    validateTimer(timer, where);
    const { id } = timer as CheckpointTimer;
    if (succeeds && id <= last) refuse(`${where}.id`, id, `more than ${last}: timers stand in ascending order`);
    last = id;
  }
}

function validateTimer(timer: unknown, name: string): void {
  const { id, clock, clockName, notify, notifyKind, signo, sival, interval, value, overrun, notifyThreadId } = fields(
    timer,
    name,
  );
  whole(id, `${name}.id`, -IDS, INT_MAX);
  whole(clock, `${name}.clock`, -IDS, INT_MAX);
  text(clockName, `${name}.clockName`);
  oneOf(notify, `${name}.notify`, NOTIFIES);
  if (notifyKind !== undefined) whole(notifyKind, `${name}.notifyKind`, -IDS, INT_MAX);
  whole(signo, `${name}.signo`, -IDS, INT_MAX);
  word(sival, `${name}.sival`);
  for (const [key, time] of Object.entries({ interval, value })) {
    const { sec, nsec } = fields(time, `${name}.${key}`);
    word(sec, `${name}.${key}.sec`);
    word(nsec, `${name}.${key}.nsec`);
  }
  whole(overrun, `${name}.overrun`, 0, U32_MAX);
  if (notifyThreadId !== undefined) whole(notifyThreadId, `${name}.notifyThreadId`, -IDS, INT_MAX);
}

function validateStep(step: unknown, name: string, timers: number): void {
  const { op, timer, on, refused, id, from, to, pairs, how } = fields(step, name);
  const isId = (value: unknown, key: string): void => whole(value, `${name}.${key}`, 0, INT_MAX);
  oneOf(op, `${name}.op`, ['prctl', 'cursor', 'dance', 'fill', 'create', 'delete']);
  if (op === 'dance' || op === 'fill' || op === 'create') whole(timer, `${name}.timer`, 0, timers - 1);
  if (op === 'dance' || op === 'fill' || op === 'delete') isId(from, 'from');
  if (op === 'fill' || op === 'delete') isId(to, 'to');
  if (op === 'delete' && (to as number) < (from as number)) refuse(`${name}.to`, to, `${from} or more`);
  if (op === 'cursor') isId(id, 'id');
  if (op === 'create' && id !== null) isId(id, 'id');
  if (op === 'create') oneOf(how, `${name}.how`, CREATE_CALLS);
  if (op === 'dance') whole(pairs, `${name}.pairs`, 1, IDS - (from as number));
  if (op === 'prctl') {
    flag(on, `${name}.on`);
    flag(refused, `${name}.refused`);
  }
}

/** The steps must say the same as the counts, and end with the timers where the outcome is `ok`. */
function validateSums(plan: ProcessPlan, name: string): void {
  const { creates, deletes, prctls } = countsOf(plan.steps);
  for (const [key, count] of Object.entries({ creates, deletes, prctls })) {
    const got = plan[key as 'creates'];
    if (got !== count) refuse(`${name}.${key}`, got, `${count}, as the steps add up to`);
  }
  const { defect, peak, live } = playOnPaper(plan.steps);
  if (defect !== null) refuse(`${name}.steps[${defect.step}]`, defect.got as Step, defect.expected);
  if (plan.peakTimers !== peak) refuse(`${name}.peakTimers`, plan.peakTimers, `${peak}, as the steps add up to`);
  const last = plan.steps.findIndex((step) => step.op === 'create' && step.id === null);
  if (last >= 0 && plan.errno === null) refuse(`${name}.errno`, null, 'the error of the refused create');
  if (plan.outcome !== 'ok' && plan.outcome !== 'depends') return;
  const left = live.size === plan.timers.length && plan.timers.every(({ id }) => live.has(id));
  if (!left)
    refuse(`${name}.steps`, plan.steps, 'to leave exactly the timers of the plan, as the outcome is ok or depends');
}

function validateWarnings(warnings: unknown, name: string): void {
  for (const [index, warning] of list(warnings, name)) {
    const { code, ids, text: words } = fields(warning, `${name}[${index}]`);
    text(code, `${name}[${index}].code`);
    text(words, `${name}[${index}].text`);
    for (const [at, id] of list(ids, `${name}[${index}].ids`)) {
      whole(id, `${name}[${index}].ids[${at}]`, -IDS, INT_MAX);
    }
  }
}

function fields(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(name, value, 'an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, name: string): IterableIterator<[number, unknown]> {
  if (!Array.isArray(value)) refuse(name, value, 'an array');
  return value.entries();
}

function text(value: unknown, name: string): void {
  if (typeof value !== 'string') refuse(name, value, 'a string');
}

function flag(value: unknown, name: string): void {
  if (typeof value !== 'boolean') refuse(name, value, 'true or false');
}

function oneOf(value: unknown, name: string, names: readonly string[]): void {
  if (!names.includes(value as string)) refuse(name, value, `one of ${names.join(', ')}`);
}

function whole(value: unknown, name: string, min: number, max: number): void {
  const isWhole = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  if (!isWhole) refuse(name, value, max < min ? 'none: there are no timers' : `a whole number, ${min}…${max}`);
}

function amount(value: unknown, name: string): void {
  if (!(Number.isFinite(value) && (value as number) >= 0)) refuse(name, value, 'a number, 0 or more');
}

function word(value: unknown, name: string): void {
  if (!(typeof value === 'bigint' && value >= 0n && value <= U64_MAX))
    refuse(name, value, 'an integer, 0…18446744073709551615 (a bigint, in JSON a decimal string)');
}
