// How often each operation takes a lock, and what waiting for the busiest one costs.
import type { DesignEvaluation, Evaluation } from '@idspace/evaluation';
import { DESIGN, type DesignName } from '@idspace/posix-timers';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, counted, mean } from '../format/number.ts';
import { capital } from '../format/sentence.ts';
import { longestWait, OPERATIONS } from './operation-exhibit.ts';

/** Shows lock acquisitions per operation and, where threads wait, the lock that they wait for most. */
export function locksExhibit({ designs, workload, machine }: Evaluation): Exhibit {
  const threadsWait = designs.some((design) => OPERATIONS.some((operation) => longestWait(design[operation]).ns > 0));
  const waits = OPERATIONS.flatMap((operation): ColumnOf<DesignEvaluation>[] => {
    const group = `${operation} waits`;
    return [
      { group, head: 'for', align: 'left', cell: ({ [operation]: cost }) => longestWait(cost).name },
      { group, head: 'ns', cell: ({ [operation]: cost }) => mean(longestWait(cost).ns) },
    ];
  });
  const threads = workload.processes * workload.threads;
  const reading = threadsWait
    ? `Waiting is modelled for ${counted(threads, 'thread')}, ${count(machine.running)} running at the same time.`
    : machine.running === 1
      ? 'One thread alone never waits; use --threads and --processes to see waiting.'
      : 'No thread waits for a lock here.';
  return {
    title: 'Locks taken',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      ...OPERATIONS.map((operation): ColumnOf<DesignEvaluation> => {
        return { head: `per\n${operation}`, cell: ({ [operation]: cost }) => mean(cost.lockAcquisitions) };
      }),
      ...(threadsWait ? waits : []),
    ]),
    reading: `Mean acquisitions, counted. ${reading} ${kindsOfLocks(designs)}`,
  };
}

const LOCKS: Readonly<Record<(typeof DESIGN)[DesignName]['locks'], string>> = {
  system: 'one lock for all threads',
  process: 'one lock for each process',
  bucket: 'one lock for each bucket',
};

/** 'One lock for all threads: idr, hash-512; one lock for each process: xarray.' */
function kindsOfLocks(designs: Evaluation['designs']): string {
  const kinds = Object.entries(LOCKS).flatMap(([kind, what]) => {
    const names = designs.map(({ design }) => design).filter((design) => DESIGN[design].locks === kind);
    return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
  });
  return `${capital(kinds.join('; '))}.`;
}
