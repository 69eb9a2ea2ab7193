// Plays each op of a recording on the model and tells what it did, in the recording's words.
import { CLOCK_MONOTONIC } from '../clock.ts';
import type { IdPointer } from '../create-options.ts';
import { errnoName } from '../errno.ts';
import type { Itimerspec } from '../itimerspec.ts';
import { PR_TIMER_CREATE_RESTORE_IDS } from '../prctl.ts';
import type { Process, Thread } from '../process.ts';
import { FAULT, SIGALRM, SIGEV_NONE, SIGEV_SIGNAL, type Sigevent } from '../sigevent.ts';
import { listedIds, normalizeListing } from './listing.ts';
import type { Observation, Step } from './recording.ts';
import type { Stage } from './stage.ts';
import { integer, oneOf, StepError } from './step-field.ts';

type Actor = Process | Thread;
type Op = (actor: Actor, step: Step, stage: Stage) => Observation;

const SIGVAL = 0x5a5a;
const NONE: Sigevent = { notify: SIGEV_NONE };

const POINTERS: ReadonlyMap<unknown, IdPointer> = new Map([
  ['ok', 'ok'],
  ['NULL', 'null'],
  ['unmapped', 'unmapped'],
  ['read-only', 'read-only'],
]);
const OPTIONS: ReadonlyMap<unknown, number> = new Map([['PR_TIMER_CREATE_RESTORE_IDS', PR_TIMER_CREATE_RESTORE_IDS]]);
const RESOURCES: ReadonlyMap<unknown, true> = new Map([['RLIMIT_SIGPENDING', true]]);
const LISTINGS: ReadonlyMap<unknown, true> = new Map([['/proc/self/timers', true]]);
/** What glibc's wrapper passes on. It hands SIGEV_THREAD to a helper thread of its own, which the model has not. */
const GLIBC_SIGEVENTS: ReadonlyMap<unknown, Sigevent> = new Map([
  ['SIGEV_NONE', NONE],
  ['SIGEV_SIGNAL', { notify: SIGEV_SIGNAL, signo: SIGALRM }],
]);

const OPS: ReadonlyMap<string, Op> = new Map<string, Op>([
  ['timer_create', create],
  ['timer_delete', (actor, step) => answer(actor.timerDelete(integer(step, 'id')))],
  ['timer_gettime', gettime],
  ['timer_settime', settime],
  ['timer_getoverrun', (actor, step) => answer(actor.timerGetoverrun(integer(step, 'id')))],
  ['create_delete_pairs', pairs],
  ['glibc_timer_create', glibcCreate],
  ['prctl', prctl],
  ['setrlimit', setrlimit],
  ['setuid', (actor, step) => answer(actor.setuid(integer(step, 'uid')))],
  ['read', read],
  ['fork', change((stage, actor) => stage.fork(actor))],
  ['waitpid', change((stage, actor) => stage.wait(actor), { status: 0 })],
  ['pthread_create', change((stage, actor) => stage.startThread(actor))],
  ['pthread_join', change((stage) => stage.joinThread())],
  ['execve', change((stage, actor) => stage.exec(actor))],
]);

/**
 * Plays one step.
 *
 * @returns What it did, in at least the keys that recordings have.
 * @throws StepError or RangeError if it cannot be played: an unknown op, field or value, or an actor that is not there.
 */
export function playStep(step: Step, stage: Stage): Observation {
  const op = OPS.get(step.op);
  if (op === undefined) throw new StepError(`unknown op "${step.op}", expected one of ${[...OPS.keys()].join(', ')}`);
  return op(stage.actor(step.who), step, stage);
}

/** What a system call returned, as C sees it. */
function answer(result: number): Observation {
  return result < 0 ? { ret: -1, errno: errnoName(result) } : { ret: result };
}

/** An op that changes who is on the stage. */
function change(act: (stage: Stage, actor: Actor) => void, observation: Observation = { ret: 0 }): Op {
  return (actor, _step, stage) => {
    act(stage, actor);
    return observation;
  };
}

function create(actor: Actor, step: Step, stage: Stage): Observation {
  const buffer = { id: integer(step, 'id_in', -1), idPointer: oneOf(step, 'id_ptr', POINTERS, 'ok') };
  const result = actor.timerCreate(integer(step, 'clockid'), sigevent(actor, step, stage), buffer);
  if (result >= 0) return { ret: 0, id: result };
  const written = actor.lastWrittenId;
  // Writing what was there already cannot be told from not writing.
  const changed = written !== -1 && written !== step.id_in;
  return { ...answer(result), id_buf_after: changed ? written : 'unchanged' };
}

function sigevent(actor: Actor, step: Step, stage: Stage): Sigevent | null | typeof FAULT {
  const value = step.sigevent;
  if (value === null) return null;
  if (value === 'bad-pointer') return FAULT;
  if (typeof value !== 'object') {
    throw new StepError(`sigevent: expected null, "bad-pointer" or an object, got ${JSON.stringify(value)}`);
  }
  const event = value as Step;
  const tids = new Map<unknown, number>([
    ['self', actor.tid],
    ['leader', actor.pid],
    ['other', stage.foreign.tid],
    [0, 0],
    ['0', 0],
  ]);
  const tid = oneOf(event, 'tid', tids, '0');
  return { notify: integer(event, 'notify'), signo: integer(event, 'signo', 0), value: SIGVAL, tid };
}

function gettime(actor: Actor, step: Step): Observation {
  const now: Itimerspec = { valueSec: 0, valueNsec: 0, intervalSec: 0, intervalNsec: 0 };
  const result = actor.timerGettime(integer(step, 'id'), now);
  if (result < 0) return answer(result);
  const armed = now.valueSec !== 0 || now.valueNsec !== 0;
  return { ret: 0, armed, interval_ns: now.intervalSec * 1e9 + now.intervalNsec };
}

function settime(actor: Actor, step: Step): Observation {
  const [valueSec, valueNsec] = split(integer(step, 'value_ms', 0));
  const [intervalSec, intervalNsec] = split(integer(step, 'interval_ms', 0));
  const setting: Itimerspec = { valueSec, valueNsec, intervalSec, intervalNsec };
  return answer(actor.timerSettime(integer(step, 'id'), integer(step, 'flags', 0), setting));
}

/** Splits milliseconds into seconds and nanoseconds. */
function split(ms: number): [sec: number, nsec: number] {
  const sec = Math.trunc(ms / 1000);
  return [sec, (ms - sec * 1000) * 1e6];
}

function pairs(actor: Actor, step: Step): Observation {
  const count = integer(step, 'count');
  let lastId = -1;
  let failures = 0;
  for (let left = count; left > 0; ) {
    const made = actor.createDeletePairs(CLOCK_MONOTONIC, NONE, left);
    // What keeps a pair from being made is there from the first on.
    lastId = made.lastId;
    left -= made.pairs;
    if (left === 0) break;
    failures++;
    left--;
  }
  return { last_id: lastId, failures };
}

function glibcCreate(actor: Actor, step: Step): Observation {
  const result = actor.timerCreate(CLOCK_MONOTONIC, oneOf(step, 'notify', GLIBC_SIGEVENTS));
  return result < 0 ? answer(result) : { ret: 0, timer_t: result, sizeof_timer_t: 8 };
}

function prctl(actor: Actor, step: Step): Observation {
  const option = oneOf(step, 'option', OPTIONS, 'PR_TIMER_CREATE_RESTORE_IDS');
  const [arg3, arg4, arg5] = ['arg3', 'arg4', 'arg5'].map((field) => integer(step, field, 0));
  return answer(actor.prctl(option, integer(step, 'arg2', 0), arg3, arg4, arg5));
}

function setrlimit(actor: Actor, step: Step): Observation {
  oneOf(step, 'resource', RESOURCES, 'RLIMIT_SIGPENDING');
  const value = integer(step, 'value');
  // RLIM_INFINITY is 2⁶⁴−1, or −1 read as signed.
  return answer(actor.setrlimit(value < 0 || value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value));
}

function read(actor: Actor, step: Step): Observation {
  oneOf(step, 'path', LISTINGS, '/proc/self/timers');
  const text = actor.procTimers();
  return { text_normalized: normalizeListing(text, actor.pid), id_order: listedIds(text) };
}
