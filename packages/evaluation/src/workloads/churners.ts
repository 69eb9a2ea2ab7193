// Workloads that go on for as long as a service runs: timers are created and deleted again, and the next ID rises.
import type { Event, Workload } from './event.ts';
import { checkWorkload, type WorkloadOptions } from './workload-options.ts';

/** Rounds that are run: the first ones warm up. */
const ROUNDS = 120;
const WARM_UP_ROUNDS = 20;

interface Churner {
  meaning: string;
  /** Threads that get a timer each in a round. */
  threads: number;
  /** Seconds from round to round. */
  period: number;
  from: string;
}

const CHURNERS: Readonly<Record<ChurnerName, Churner>> = {
  'thread-pool': {
    meaning:
      'one control thread arms a CPU timer on each thread of a pool, and deletes them all when the pool is torn down, over and over',
    threads: 64,
    period: 10,
    from: 'assumed: a pool of 64 threads is consolidated every 10 s',
  },
  'go-pprof': {
    meaning: 'a Go service under continuous profiling: one thread-CPU timer per thread for each CPU profile',
    threads: 32,
    period: 60,
    from: 'Go 1.18 and later create one timer per thread when a CPU profile starts and delete it when it ends; assumed: 32 threads, a profile a minute',
  },
  'jfr-cpu-time': {
    meaning: 'a JVM that records CPU time: one thread-CPU timer for each thread that starts, deleted when it ends',
    threads: 200,
    period: 1,
    from: 'JDK 25 (JEP 509) creates a timer with each thread while it records; assumed: 200 threads start and end a second',
  },
  'async-profiler-ctimer': {
    meaning: 'async-profiler in ctimer mode: a CPU timer per thread, all made again with each session',
    threads: 100,
    period: 30,
    from: 'the ctimer engine creates a timer per thread at the start of a session and with each new thread; assumed: 100 threads, a session every 30 s',
  },
};
/** The name of a program that uses up IDs. */
export type ChurnerName = 'thread-pool' | 'go-pprof' | 'jfr-cpu-time' | 'async-profiler-ctimer';
/** Their names. */
export const CHURNER_NAMES: readonly ChurnerName[] = Object.keys(CHURNERS) as ChurnerName[];

/**
 * Makes a churner.
 *
 * @param options `threads` and `rate` are taken from it.
 * @throws RangeError naming the option that is out of range, or that no workload has.
 */
export function churner(name: ChurnerName, options: WorkloadOptions): Workload {
  checkWorkload(options);
  const { meaning, threads: usual, period, from } = CHURNERS[name];
  const threads = options.threads ?? usual;
  const { rate } = options;
  return {
    name,
    meaning,
    processes: 1,
    threads,
    timers: threads,
    runningThreads: 1,
    lookAt: (ROUNDS * 3 - 1) * threads,
    length: ROUNDS * threads * 3,
    warmUp: WARM_UP_ROUNDS * threads * 3,
    events: () => rounds(threads),
    rate:
      rate === undefined ? { idsPerSecond: threads / period, from } : { idsPerSecond: rate, from: 'as told by --rate' },
  };
}

/** Each round: a timer for every thread, armed (a lookup) immediately, all deleted at the end. One thread does it. */
function* rounds(threads: number): Generator<Event> {
  const by = { process: 0, thread: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (let timer = 0; timer < threads; timer++) {
      yield { do: 'create', timer, ...by };
      yield { do: 'lookup', timer, ...by };
    }
    for (let timer = 0; timer < threads; timer++) yield { do: 'delete', timer, ...by };
  }
}
