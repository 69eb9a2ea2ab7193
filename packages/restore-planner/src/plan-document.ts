// A plan as a file: everything in it, its steps included, written as JSON and read back.

import { CheckpointError } from './checkpoint-error.ts';
import { validatePlan } from './execute/validate-plan.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { timersPlan } from './spaces/timers/timers.ts';
import { judge } from './spaces/verdict.ts';
import { totalsOf } from './totals.ts';
import type { CheckpointTimer, Duration, ProcessPlan, RestorePlan } from './types.ts';
import { parseVersion } from './version.ts';

const FORMAT = 'idspace-plan';
const VERSION = 1;

/** A value as a plan's file holds it: what is a bigint in a plan is a decimal string there. */
export type Written<Value> = Value extends bigint
  ? string
  : Value extends readonly (infer Item)[]
    ? Written<Item>[]
    : Value extends object
      ? { [Key in keyof Value]: Written<Value[Key]> }
      : Value;

/** A plan as its file holds it: of a {@link RestorePlan} all that tells how timers are restored, with decimal strings for bigints, named and numbered. */
export type PlanDocument = { format: typeof FORMAT; version: typeof VERSION } & Written<
  Omit<RestorePlan, 'reasons' | 'spaces'>
>;

/**
 * Turns a plan, its steps included, into plain data for JSON.stringify; {@link parsePlan} reads it back. The verdict on other IDs than timers is left out.
 *
 * See {@link planToJson} for the short form that scripts read.
 */
export function planDocument({ reasons: _, spaces: __, ...plan }: RestorePlan): PlanDocument {
  const processes = plan.processes.map(({ timers, ...rest }) => ({ ...rest, timers: timers.map(writtenTimer) }));
  return { format: FORMAT, version: VERSION, ...plan, outcome: plan.totals.outcome, processes };
}

/** Writes a timer down, its keys always in the same order. */
export function writtenTimer(timer: CheckpointTimer): Written<CheckpointTimer> {
  const { id, clock, clockName, notify, signo, sival, interval, value, ...rest } = timer;
  const named = { id, clock, clockName, notify, signo };
  return { ...named, sival: sival.toString(), interval: writtenTime(interval), value: writtenTime(value), ...rest };
}

function writtenTime({ sec, nsec }: Duration): Written<Duration> {
  return { sec: sec.toString(), nsec: nsec.toString() };
}

/**
 * Reads a plan back that {@link planDocument} wrote, and trusts nothing in it.
 *
 * @param text JSON: the document itself, or what `idspace plan --emit json` prints for one checkpoint.
 * @param source What errors call it, such as its path.
 * @returns A plan that {@link validatePlan} accepts; its totals are added up again.
 * @throws CheckpointError ('bad-plan') for anything else, naming the part.
 */
export function parsePlan(text: string, source = 'plan'): RestorePlan {
  const document = onlyPlan(parseJson(text, source)) as Partial<Record<keyof PlanDocument, unknown>> | null;
  if (document?.format !== FORMAT || document.version !== VERSION) {
    const got = `format ${JSON.stringify(document?.format)}, version ${JSON.stringify(document?.version)}`;
    throw new CheckpointError('bad-plan', { file: source }, got, `"${FORMAT}", version ${VERSION}`);
  }
  const { kernel, criu, nsPerPair, nsPerRestore, processes } = document;
  const plan: unknown = { kernel, criu, nsPerPair, nsPerRestore, processes: mapped(processes, readProcess) };
  try {
    validatePlan(plan);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw badPart(error, source);
  }
  const versions = { kernel: parseVersion(plan.kernel), criu: parseVersion(plan.criu), target: undefined };
  return {
    ...plan,
    totals: totalsOf(plan.processes),
    ...judge(timersPlan(plan.processes, versions.kernel), undefined, versions),
  };
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('bad-plan', { file: source }, (cause as Error).message, 'the JSON of a plan', cause);
  }
}

/** Takes the plan out of `{ checkpoints: [{ plan }] }`; anything else is passed on as it is. */
function onlyPlan(document: unknown): unknown {
  if (!isObject(document) || !Array.isArray(document.checkpoints) || document.checkpoints.length !== 1) return document;
  const [only] = document.checkpoints as unknown[];
  return isObject(only) && isObject(only.plan) ? only.plan : document;
}

/** What the check refuses becomes an error about this input. */
function badPart(refusal: Refusal, file: string): CheckpointError {
  const { argument, got, expected } = refusal;
  const part = argument === 'plan' ? 'a plan' : argument.slice('plan.'.length);
  return new CheckpointError('bad-plan', { file }, `${part} = ${got}`, expected, refusal);
}

/** What is not of the right shape is passed on as it is: the check names it. */
function mapped(value: unknown, read: (part: Record<string, unknown>) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((part: unknown) => (isObject(part) ? read(part) : part));
}

function readProcess(process: Record<string, unknown>): unknown {
  const { timers, ...rest } = process as Partial<Record<keyof ProcessPlan, unknown>>;
  return { ...rest, timers: mapped(timers, readTimer) };
}

function readTimer({ sival, interval, value, ...rest }: Record<string, unknown>): unknown {
  return { ...rest, sival: readInteger(sival), interval: readTime(interval), value: readTime(value) };
}

function readTime(time: unknown): unknown {
  return isObject(time) ? { sec: readInteger(time.sec), nsec: readInteger(time.nsec) } : time;
}

function readInteger(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
