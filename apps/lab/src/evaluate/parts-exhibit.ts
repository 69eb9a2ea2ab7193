// Where the references go: the table, the per-process list, locks, the timers themselves.
import type { Evaluation } from '@idspace/evaluation';
import type { Exhibit } from '../format/exhibit.ts';
import { OPERATIONS, someOr } from './operation-exhibit.ts';

const PARTS = ['table', 'list', 'lock', 'timer'] as const;

/** Shows the references of each operation split by part. */
export function partsExhibit({ designs }: Evaluation): Exhibit {
  return {
    title: 'D refs by part, kernel layout',
    columns: [
      { head: 'Design', align: 'left' },
      ...OPERATIONS.flatMap((operation) => PARTS.map((part) => ({ group: operation, head: part }))),
    ],
    rows: designs.map((design) => [
      design.design,
      ...OPERATIONS.flatMap((operation) => PARTS.map((part) => someOr(design[operation].by[part].refs))),
    ]),
    reading:
      'Four columns per operation. table: hash buckets and chains, or tree nodes; list: the second list of a ' +
      "process's timers, which designs that can walk their own table do not need; lock: lock words; timer: the rest of struct k_itimer, also on a line that counts for another part. –: none.",
  };
}
