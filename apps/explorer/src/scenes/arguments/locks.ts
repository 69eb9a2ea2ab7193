import { evaluate, HARDWARE_NAMES, hardwareNamed } from '@idspace/evaluation';
import { count, duration } from '../../shell/number.ts';
import { type Scene, scene } from '../scene.ts';

const CPUS = 64;
const TIMERS = 16;
const OLD = 'hash-512';
const TODAY = 'hash-scaled-jhash';
const MOST = 63;
/** Processes that create timers at the same time, one on each CPU. */
export const PROCESSES: readonly number[] = [1, 2, 4, 8, 16, 32, MOST];

/** How long a create waits for the lock of the table, by table, ns. */
export interface LockWaits {
  processes: number;
  /** One lock for the table; one for each bucket. */
  one: number;
  many: number;
}

/** Lets processes create timers at the same time, in the old table and in today’s. */
export function lockWaits(processes: number): LockWaits {
  const { designs } = evaluate({
    designs: [OLD, TODAY],
    timers: TIMERS,
    processes,
    cpus: CPUS,
    orders: ['creation'],
    sample: 1000,
  });
  const wait = (design: string, lock: string): number =>
    designs.find((one) => one.design === design)!.create.locks.find(({ name }) => name === lock)!.waitNs;
  return { processes, one: wait(OLD, 'hash_lock'), many: wait(TODAY, 'bucket lock') };
}

/** Writes a wait: what is far below a nanosecond is none. */
export function waitText(ns: number): string {
  return ns < 0.5 ? 'less than 1\u00a0ns' : duration(ns / 1e9);
}

export const LOCKS: Scene = scene({
  name: 'locks',
  title: 'One lock against many',
  idea: 'A table that changes must be locked, so that two CPUs do not change it together. Until 6.14 one lock guarded the table of the whole machine: while one CPU held it, all others that wanted to create or delete a timer waited. Since 6.15 each bucket has a lock of its own.',
  async measure(turn) {
    await turn();
    return lockWaits(MOST);
  },
  guess: ({ one }) => ({
    question: `${MOST} processes create timers at the same time, each on a CPU of its own. How long does one create wait for the one lock?`,
    choices: [
      { text: duration(one / 1e11), right: false },
      { text: duration(one / 1e9), right: true },
      { text: duration(one / 1e6), right: false },
    ],
  }),
  answer: ({ one, many }) =>
    `${waitText(one)} with one lock, ${waitText(many)} with a lock per bucket. Each create takes the lock of the table once in both. Threads of one process still queue at another lock, which every process has once.`,
  look: 'Choose how many processes create timers at the same time. The wait for the one lock grows with each of them.',
  from: `Lock passages are counted by the evaluation package. The times are of its machine model, ${hardwareNamed(HARDWARE_NAMES[0]).title} with ${CPUS} CPUs; ${count(TIMERS)} timers for each process.`,
  exhibit: 'locks',
});
