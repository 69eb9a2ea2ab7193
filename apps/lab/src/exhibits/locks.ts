// How often each operation takes a lock, and what waiting for the busiest one costs.
import type { Evaluation, OperationCost } from '../evaluate/evaluation.ts';
import { count, counted, mean } from '../text/number.ts';
import type { Exhibit } from './exhibit.ts';
import { OPERATIONS } from './operation.ts';

/** Shows lock acquisitions per operation and the lock that is waited for most. */
export function locksExhibit({ designs, workload, machine }: Evaluation): Exhibit {
  return {
    title: 'Locks',
    columns: [
      { head: 'Design', align: 'left' },
      ...OPERATIONS.map((operation) => ({ head: `per\n${operation}` })),
      ...OPERATIONS.flatMap((operation) => [
        { head: `dearest wait\nin a ${operation}`, align: 'left' as const },
        { head: '\nns' },
      ]),
    ],
    rows: designs.map((design) => [
      design.design,
      ...OPERATIONS.map((operation) => mean(design[operation].lockAcquisitions)),
      ...OPERATIONS.flatMap((operation) => dearestWait(design[operation])),
    ]),
    reading:
      `Acquisitions are counted; waiting is modelled for ${counted(workload.processes * workload.threads, 'thread')}, ` +
      `${count(machine.running)} of them running at once. One lock for all makes every thread wait for every other; a lock per bucket or per process hardly ever does.`,
  };
}

function dearestWait({ locks }: OperationCost): [name: string, ns: string] {
  const [dearest] = [...locks].sort((a, b) => b.acquired * b.waitNs - a.acquired * a.waitNs);
  const ns = dearest ? dearest.acquired * dearest.waitNs : 0;
  return dearest && ns > 0 ? [dearest.name, mean(ns)] : ['none', '0'];
}
