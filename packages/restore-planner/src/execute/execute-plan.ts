// Executes a plan on a kernel: a model's or the running one.
import { checkKeys } from '../check-keys.ts';
import { nextTurn } from '../next-turn.ts';
import { refusal, refuse } from '../refusal.ts';
import type { StopSignal } from '../stop-signal.ts';
import type { TimerSyscalls } from '../timer-syscalls.ts';
import type { CallCounts, ProcessPlan, RestorePlan } from '../types.ts';
import { Execution } from './execution.ts';
import { callsOf } from './paper-run.ts';
import type { ExecuteProgress, Report } from './report.ts';
import { validatePlan, validateProcessPlan } from './validate-plan.ts';

const PAUSE_EVERY = 2 ** 20;

/** How a plan is executed. */
export interface ExecuteOptions {
  /** Stops the execution at its next pause; the promise is fulfilled with a report of what was done. */
  signal?: StopSignal | undefined;
  /** Called at every pause, and at the end. The execution goes on when the promise that it returns is fulfilled: so a caller can hold it. */
  onProgress?: ((progress: ExecuteProgress) => void | Promise<void>) | undefined;
  /** Afterwards delete every timer that was created and leave restore mode, however it ended. Default false. */
  cleanUp?: boolean | undefined;
  /** Calls between two pauses, at least 2. Default 2²⁰, about 10⁶. */
  pauseEvery?: number | undefined;
}

const KEYS: readonly string[] = ['signal', 'onProgress', 'cleanUp', 'pauseEvery'] satisfies (keyof ExecuteOptions)[];

/**
 * Makes the system calls of a plan, one by one and in order, and compares every result with the plan.
 *
 * The first call that gives something else is the last one made. Timers are created, not armed. What was created stays, unless `cleanUp` is set; a process
 * that is to be in the state of the plan's end must be a fresh one, with nothing else making timers in it.
 * @param plan Of one process; a plan for a whole checkpoint may be passed if at most one of its processes has timers.
 * @param syscalls The calls of that process.
 * @returns A promise of what was done, also if it differs from the plan or was stopped. It pauses for the event loop after every 10⁶ calls or so, or as told.
 * @throws RangeError (the promise is rejected, before any call) for a plan that is not sound, see {@link validatePlan}, one for several processes,
 *   `syscalls` that lack a call of the plan, or an option that there is not.
 * Cost: that of the calls; memory for the IDs that are alive.
 */
export async function executePlan(
  plan: ProcessPlan | RestorePlan,
  syscalls: TimerSyscalls,
  options: ExecuteOptions = {},
): Promise<Report> {
  checkKeys(options, KEYS);
  const { signal, onProgress, cleanUp = false, pauseEvery = PAUSE_EVERY } = options;
  const processPlan = onlyProcess(plan);
  checkSyscalls(processPlan, syscalls);
  if (!(Number.isSafeInteger(pauseEvery) && pauseEvery >= 2)) {
    refuse('pauseEvery', pauseEvery, 'a whole number of calls, 2 or more');
  }
  const execution = new Execution(processPlan, syscalls, pauseEvery);
  const started = performance.now();
  const ending = await playAll(execution, processPlan, signal, onProgress);
  const seconds = (performance.now() - started) / 1000;
  const restored = [...new Set(processPlan.timers.map(({ id }) => id))].filter((id) => execution.live.has(id));
  const cleaned = cleanUp ? await drain(execution.cleanUp()) : { creates: 0, deletes: 0, prctls: 0 };
  const { creates, deletes, prctls, cursors, verified, differences, live } = execution;
  // biome-ignore format: what belongs together stands in a row
  return {
    ending,
    creates, deletes, prctls, cursors, verified, restored, differences,
    left: [...live],
    cleanUp: cleaned,
    seconds,
  };
}

async function playAll(
  execution: Execution,
  { steps }: ProcessPlan,
  signal: StopSignal | undefined,
  onProgress: ExecuteOptions['onProgress'],
): Promise<Report['ending']> {
  const planned = steps.map(callsOf).reduce((sum, calls) => sum + calls.creates + calls.deletes + calls.prctls, 0);
  const cursors = steps.filter(({ op }) => op === 'cursor').length;
  let paused = 0; // calls made before the last pause
  for (const [step, what] of steps.entries()) {
    if (signal?.aborted) return 'stopped';
    const pauses = execution.play(what, step);
    for (let at = pauses.next(); ; at = pauses.next()) {
      if (execution.differences.length > 0) return 'differs';
      const { calls, lastId } = execution;
      const isLast = at.done === true && step === steps.length - 1;
      if (isLast || !at.done || calls - paused >= execution.pauseEvery) {
        paused = calls;
        const held = onProgress?.({ done: calls, total: planned + cursors, step, lastId });
        await (held instanceof Promise ? held : nextTurn());
      }
      if (signal?.aborted && !isLast) return 'stopped';
      if (at.done) break;
    }
  }
  return 'as-planned';
}

async function drain(work: Generator<void, CallCounts>): Promise<CallCounts> {
  for (let at = work.next(); ; at = work.next()) {
    if (at.done) return at.value;
    await nextTurn();
  }
}

function onlyProcess(plan: ProcessPlan | RestorePlan): ProcessPlan {
  if (typeof plan === 'object' && plan !== null && 'processes' in plan) {
    validatePlan(plan);
    const [first, ...others] = plan.processes.filter(({ timers }) => timers.length > 0);
    if (others.length === 0) return first ?? NOTHING;
    const pids = [first!, ...others].map(({ pid }) => pid).join(', ');
    throw refusal('plan', `processes ${pids} with timers`, 'the plan of one, such as plan.processes[0]');
  }
  validateProcessPlan(plan);
  return plan;
}

/** What is done for a checkpoint without timers. */
// biome-ignore format: what belongs together stands in a row
const NOTHING: ProcessPlan = {
  pid: 0, timers: [], strategy: 'none', outcome: 'ok', error: null, errno: null, warnings: [], steps: [],
  creates: 0, deletes: 0, prctls: 0, peakTimers: 0, nextId: 0, seconds: 0,
};

function checkSyscalls({ steps }: ProcessPlan, syscalls: TimerSyscalls): void {
  const needed = new Set<keyof TimerSyscalls>(['timerCreate', 'timerDelete']);
  for (const step of steps) {
    if (step.op === 'prctl') needed.add('prctl');
    if (step.op === 'cursor') needed.add('setNextId');
    if (step.op === 'create' && step.how === 'at-id') needed.add('timerCreateAt');
  }
  for (const name of needed) {
    const call: unknown = syscalls?.[name];
    if (typeof call === 'function') continue;
    refuse(`syscalls.${name}`, call, 'a function: the plan makes this call');
  }
}
