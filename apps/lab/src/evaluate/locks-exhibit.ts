// How often each operation takes a lock, and what waiting for the busiest one costs.
import type { Evaluation, OperationCost } from '@idspace/evaluation';
import { DESIGN, type DesignName } from '@idspace/posix-timers';
import type { Column, Exhibit } from '../format/exhibit.ts';
import { count, counted, mean } from '../format/number.ts';
import { capital } from '../format/sentence.ts';
import { longestWait, OPERATIONS } from './operation-exhibit.ts';

/** Shows lock acquisitions per operation and, where threads wait, the lock that they wait for most. */
export function locksExhibit({ designs, workload, machine }: Evaluation): Exhibit {
  const threadsWait = designs.some((design) => OPERATIONS.some((operation) => longestWait(design[operation]).ns > 0));
  const waitColumns = OPERATIONS.flatMap((operation): Column[] => [
    { group: `${operation} waits`, head: 'for', align: 'left' },
    { group: `${operation} waits`, head: 'ns' },
  ]);
  const threads = workload.processes * workload.threads;
  const reading = threadsWait
    ? `Waiting is modelled for ${counted(threads, 'thread')}, ${count(machine.running)} running at the same time.`
    : machine.running === 1
      ? 'One thread alone never waits; use --threads and --processes to see waiting.'
      : 'No thread waits for a lock here.';
  return {
    title: 'Locks taken',
    columns: [
      { head: 'Design', align: 'left' },
      ...OPERATIONS.map((operation) => ({ head: `per\n${operation}` })),
      ...(threadsWait ? waitColumns : []),
    ],
    rows: designs.map((design) => [
      design.design,
      ...OPERATIONS.map((operation) => mean(design[operation].lockAcquisitions)),
      ...(threadsWait ? OPERATIONS.flatMap((operation) => waitCells(design[operation])) : []),
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

function waitCells(cost: OperationCost): [name: string, ns: string] {
  const { name, ns } = longestWait(cost);
  return [name, mean(ns)];
}
