import { count, duration, three } from '../../shell/number.ts';
import { LOCK_TIMERS, MACHINE_TITLE, PROCESSES } from '../counting.ts';
import { type Scene, scene } from '../scene.ts';

const MOST: number = PROCESSES.at(-1)!;

/** Writes a wait: what is far below a nanosecond is none. */
export function waitText(ns: number): string {
  return ns < 0.5 ? 'less than 1\u00a0ns' : duration(ns / 1e9);
}

const timesText = (times: number): string => (times === 1 ? 'once' : `${three(times)} times`);

export const LOCKS: Scene = scene({
  name: 'locks',
  title: 'One lock against many',
  idea: 'A table that changes must be locked, so that two CPUs do not change it together. Until 6.14 one lock guarded the table of the whole machine: while one CPU held it, all others that wanted to create or delete a timer waited. Since 6.15 each bucket has a lock of its own.',
  measure: (counter) => counter.lockWaits({ processes: MOST }),
  guess: ({ one }) => ({
    question: `${MOST} processes create timers at the same time, each on a CPU of its own. How long does one create wait for the one lock?`,
    choices: [
      { text: duration(one.waitNs / 1e11), right: false },
      { text: duration(one.waitNs / 1e9), right: true },
      { text: duration(one.waitNs / 1e6), right: false },
    ],
  }),
  answer: ({ one, many }) =>
    `${waitText(one.waitNs)} with one lock, ${waitText(many.waitNs)} with a lock per bucket. A create takes the one lock ${timesText(one.acquired)}, or locks of buckets ${timesText(many.acquired)}; with buckets it is seldom the same lock. Threads of one process still queue at another lock, which every process has once.`,
  look: 'Choose how many processes create timers at the same time. The wait for the one lock grows with each of them.',
  from: `Lock passages are counted by the evaluation package. The times are of its machine model, ${MACHINE_TITLE}; ${count(LOCK_TIMERS)} timers for each process.`,
  exhibit: 'locks',
});
