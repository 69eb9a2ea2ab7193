// The workloads by their names.

import { randomBelow, shuffled } from '../evaluate/random.ts';
import { INT_MAX } from '../int-max.ts';
import { refusal } from '../refusal.ts';
import { CHURNER_NAMES, type ChurnerName, churner } from './churners.ts';
import type { Workload } from './event.ts';
import { checkWorkload, type WorkloadOption, type WorkloadOptions } from './workload-options.ts';

/** A kind of workload, and how one is made. */
export interface WorkloadKind {
  /** A line for the help. */
  meaning: string;
  /** What of the options it uses. */
  options: readonly WorkloadOption[];
  /** @throws RangeError naming the options that are out of range or do not go together, or one that no workload has. */
  make(options: WorkloadOptions): Workload;
}

const CHURNER_MEANINGS: Readonly<Record<ChurnerName, string>> = {
  'thread-pool': 'a CPU timer on each thread of a pool, torn down and armed again, over and over',
  'go-pprof': 'a Go service profiled continuously: a timer per thread per profile',
  'jfr-cpu-time': 'a JVM recording CPU time: a timer with each thread that starts',
  'async-profiler-ctimer': 'a timer per thread per session',
};

const KINDS: Readonly<Record<string, WorkloadKind>> = {
  ...Object.fromEntries(
    CHURNER_NAMES.map((name): [string, WorkloadKind] => [
      name,
      { meaning: CHURNER_MEANINGS[name], options: ['threads', 'rate'], make: (options) => churner(name, options) },
    ]),
  ),
  'few-timers': {
    meaning: 'few timers in many processes, looked up at random',
    options: ['processes', 'timers'],
    make: fewTimers,
  },
  'threads-affine': {
    meaning: 'threads of one process use their own timers',
    options: ['threads', 'timers'],
    make: (options) => threads(options, true),
  },
  'threads-random': {
    meaning: "threads of one process use each other's timers",
    options: ['threads', 'timers'],
    make: (options) => threads(options, false),
  },
  sparse: {
    meaning: 'survivors of a churn, one of every --stride timers, looked up at random',
    options: ['timers', 'stride'],
    make: sparse,
  },
  restore: {
    meaning: 'a process gets its timers back by ID, --stride apart, and uses them',
    options: ['timers', 'stride'],
    make: restore,
  },
  exit: { meaning: 'processes with many timers exit', options: ['processes', 'timers'], make: exit },
  'proc-listing': {
    meaning: '/proc/PID/timers is read',
    options: ['processes', 'timers'],
    make: procListing,
  },
};

/** The workloads, except for fill, gleixner-2025 and those read from a file. */
export const WORKLOADS: Readonly<Record<string, WorkloadKind>> = Object.fromEntries(
  Object.entries(KINDS).map(([name, kind]) => [
    name,
    { ...kind, make: (options: WorkloadOptions) => kind.make(checkWorkload(options)) },
  ]),
);

const base = { threads: 1, rate: null, lookAt: Number.POSITIVE_INFINITY };

function fewTimers({ processes = 500, timers = 4, seed }: WorkloadOptions): Workload {
  const total = processes * timers;
  return {
    ...base,
    name: 'few-timers',
    meaning: `each process creates ${timers}; all are looked up in random order and deleted in another`,
    processes,
    timers: total,
    runningThreads: processes,
    lookAt: 2 * total,
    length: 3 * total,
    warmUp: 0,
    *events() {
      for (let timer = 0; timer < total; timer++) yield { do: 'create', timer, ...at(timer % processes) };
      for (const timer of shuffled(total, randomBelow(seed))) yield { do: 'lookup', timer, ...at(timer % processes) };
      for (const timer of shuffled(total, randomBelow((seed + 1) >>> 0)))
        yield { do: 'delete', timer, ...at(timer % processes) };
    },
  };
}

function threads({ threads = 16, timers = 64, seed }: WorkloadOptions, affine: boolean): Workload {
  const total = threads * timers;
  return {
    ...base,
    name: affine ? 'threads-affine' : 'threads-random',
    meaning: `each of the threads creates ${timers}, in turn; then all are looked up, deleted and created again, by ${affine ? 'the thread that created them' : 'any thread'} (counted)`,
    processes: 1,
    threads,
    runningThreads: threads,
    timers: total,
    length: 7 * total,
    warmUp: total,
    *events() {
      const below = randomBelow(seed);
      const by = (timer: number): { process: number; thread: number } => ({
        process: 0,
        thread: affine ? timer % threads : below(threads),
      });
      for (let timer = 0; timer < total; timer++) yield { do: 'create', timer, process: 0, thread: timer % threads };
      for (let round = 0; round < 2; round++) {
        for (const timer of shuffled(total, randomBelow((seed + round) >>> 0)))
          yield { do: 'lookup', timer, ...by(timer) };
        for (const timer of shuffled(total, randomBelow((seed + 2 + round) >>> 0))) {
          yield { do: 'delete', timer, ...by(timer) };
          yield { do: 'create', timer, ...by(timer) };
        }
      }
    },
  };
}

function sparse({ timers = 8192, stride = 64, seed }: WorkloadOptions): Workload {
  const survivors = Math.ceil(timers / stride);
  return {
    ...base,
    name: 'sparse',
    meaning: `all but one of every ${stride} timers are deleted; the survivors are looked up in random order, ten times (counted)`,
    processes: 1,
    runningThreads: 1,
    timers,
    length: 2 * timers + 9 * survivors,
    warmUp: 2 * timers - survivors,
    *events() {
      for (let timer = 0; timer < timers; timer++) yield { do: 'create', timer, ...at(0) };
      for (let timer = 0; timer < timers; timer++) if (timer % stride !== 0) yield { do: 'delete', timer, ...at(0) };
      for (let round = 0; round < 10; round++) {
        for (const place of shuffled(survivors, randomBelow((seed + round) >>> 0)))
          yield { do: 'lookup', timer: place * stride, ...at(0) };
      }
    },
  };
}

function restore({ timers = 2048, stride = 512, seed }: WorkloadOptions): Workload {
  const last = (timers - 1) * stride;
  if (last > INT_MAX) {
    const most = `at most ${Math.floor(INT_MAX / stride) + 1} timers, or a stride of at most ${Math.floor(INT_MAX / (timers - 1))}`;
    throw refusal('timers × stride', `${timers} × ${stride}, so that the last ID is ${last}`, most);
  }
  return {
    ...base,
    name: 'restore',
    meaning: `timers are created at IDs 0, ${stride}, ${2 * stride} … by asking for each; then looked up in random order`,
    processes: 1,
    runningThreads: 1,
    timers,
    length: 2 * timers,
    warmUp: 0,
    *events() {
      for (let timer = 0; timer < timers; timer++) yield { do: 'restore', timer, id: timer * stride, ...at(0) };
      for (const timer of shuffled(timers, randomBelow(seed))) yield { do: 'lookup', timer, ...at(0) };
    },
  };
}

function exit({ processes = 8, timers = 1000 }: WorkloadOptions): Workload {
  return {
    ...base,
    name: 'exit',
    meaning: `the processes create ${timers} each, in turn; then all of them exit at the same time (counted)`,
    processes,
    runningThreads: processes,
    timers: processes * timers,
    lookAt: processes * timers,
    length: processes * timers + processes,
    warmUp: processes * timers,
    *events() {
      for (let timer = 0; timer < processes * timers; timer++) yield { do: 'create', timer, ...at(timer % processes) };
      for (let process = 0; process < processes; process++) yield { do: 'exit', ...at(process) };
    },
  };
}

function procListing({ processes = 8, timers = 1000 }: WorkloadOptions): Workload {
  return {
    ...base,
    name: 'proc-listing',
    meaning: `the processes create ${timers} each, in turn; then the timers of each are listed, all at the same time (counted)`,
    processes,
    runningThreads: processes,
    timers: processes * timers,
    lookAt: processes * timers,
    length: processes * timers + processes,
    warmUp: processes * timers,
    *events() {
      for (let timer = 0; timer < processes * timers; timer++) yield { do: 'create', timer, ...at(timer % processes) };
      for (let process = 0; process < processes; process++) yield { do: 'list', ...at(process) };
    },
  };
}

/** Who does it: the process's one thread. */
function at(process: number): { process: number; thread: number } {
  return { process, thread: process };
}
