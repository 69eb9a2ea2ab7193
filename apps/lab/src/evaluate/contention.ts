// Many threads of one process: how long locks are held then, and how long is waited for them.
import { type EvaluateOptions, type Evaluation, hasRivals, RIVALS } from '@idspace/evaluation';
import { LOOKS } from '../format/colours.ts';
import { type DotRow, dotChart } from '../format/dot-chart.ts';
import type { Figure } from '../format/figure.ts';
import { counted, duration } from '../format/number.ts';
import { longestWait, OPERATIONS } from './operation-exhibit.ts';
import { figures } from './rival-figures.ts';

/** As many threads as in the published table. */
const THREADS = 63;
/** Of each thread: enough for chains of a dozen in 512 buckets, and few enough for a second or two. */
const TIMERS = 100;
const SAMPLE = 1000;

/** What to evaluate beside an evaluation in which no thread waits; null where threads do, or not all designs are there that are compared. */
export function contentionOptions(evaluation: Evaluation): EvaluateOptions | null {
  const { machine, workload } = evaluation;
  if (machine.running > 1 || !hasRivals(evaluation)) return null;
  const { cpus, name } = machine;
  const run = { threads: THREADS, timers: TIMERS, sample: SAMPLE, orders: ['creation'] as const };
  return { ...run, designs: RIVALS, cpus, machine: name, seed: workload.seed };
}

/** 'With 63 threads, a create waits 18.1 µs (siglock, held for 120 ns) in hash-scaled-jhash, …' */
export function contentionAnswer(evaluation: Evaluation): string {
  const { processes, threads } = evaluation.workload;
  const waits = figures(evaluation, ({ create }) => {
    const { name, ns, holdNs } = longestWait(create);
    return ns === 0 ? 'not at all' : `${duration(ns / 1e9)} (${name}, held for ${duration(holdNs / 1e9)})`;
  });
  return `With ${processes * threads} threads, a create waits ${waits}.`;
}

/** Plots hold and wait of the lock that is waited for longest; null where no operation waits. */
export function contentionChart({ designs, workload }: Evaluation): Figure | null {
  const rows = OPERATIONS.flatMap((operation) =>
    designs.flatMap(({ design, [operation]: cost }): DotRow[] => {
      const { name, ns, holdNs } = longestWait(cost);
      if (ns === 0) return [];
      return [
        {
          label: `${operation} in ${design}`,
          note: name,
          dots: [
            { key: 'hold', look: LOOKS[1]!, seconds: holdNs / 1e9 },
            { key: 'wait', look: LOOKS[2]!, seconds: ns / 1e9 },
          ],
        },
      ];
    }),
  );
  if (rows.length === 0) return null;
  const threads = workload.processes * workload.threads;
  return dotChart({
    id: 'lock-waits',
    title: `Hold (■) and wait (▲) of the busiest lock, ${counted(threads, 'thread')} × ${counted(workload.timers, 'timer')}`,
    description:
      'Two marks for each operation and design on a logarithmic axis: how long one acquisition holds the lock, and how long an operation waits for it.',
    unit: 'time by the machine model',
    rows,
    room: [216, 110],
  });
}
