// The tables of a workload: what each of its calls costs, what it leaves of the IDs, and when an ID is reached.

import type { WorkloadDesign, WorkloadEvaluation } from '@idspace/evaluation';
import { EVENT_KINDS } from '@idspace/evaluation';
import { NS_PER_PAIR } from '@idspace/restore-planner';
import { generationsNote } from '../format/designs.ts';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';
import { printable } from '../format/printable.ts';

const INT_MAX_PAIRS = 2 ** 31;

/** What the kinds of events are called. */
const TITLES: Record<(typeof EVENT_KINDS)[number], string> = {
  create: 'One create',
  restore: 'One restore by ID',
  lookup: 'One lookup',
  delete: 'One delete',
  exit: 'One exit',
  list: 'One listing in /proc',
};

/** Makes the tables, in the order in which they are read. */
export function workloadExhibits(evaluation: WorkloadEvaluation): Exhibit[] {
  const kinds = EVENT_KINDS.filter((kind) =>
    evaluation.designs.some(({ operations }) => operations[kind] !== undefined),
  );
  return [
    ...kinds.map((kind) => costsExhibit(evaluation, kind)),
    sharingExhibit(evaluation),
    idsExhibit(evaluation),
    ...(evaluation.workload.rate === null ? [] : [reachExhibit(evaluation)]),
  ];
}

/** Says what was run. */
export function workloadLine({ workload, machine }: WorkloadEvaluation): string {
  const { name, meaning, processes, threads, seed, warmUp, counted: events } = workload;
  const size = `${counted(processes, 'process', 'processes')}, ${counted(threads, 'thread')}, ${machine.running} running at the same time`;
  const warm = warmUp === 0 ? '' : ` after ${count(warmUp)} that warm up`;
  return `${printable(name)}: ${printable(meaning)}. ${size}; ${counted(events, 'event')} counted${warm}, seed ${seed}.`;
}

const WAITS: ColumnOf<{ cpuWaitNs: number }> = {
  head: 'waits\nfor CPU',
  cell: ({ cpuWaitNs }) => duration(cpuWaitNs / 1e9),
};

function costsExhibit({ designs }: WorkloadEvaluation, kind: (typeof EVENT_KINDS)[number]): Exhibit {
  const with_ = designs.filter(({ operations }) => operations[kind] !== undefined);
  const [first] = with_;
  const waits = with_.some(({ operations }) => operations[kind]!.cpuWaitNs > 0);
  const many = (first.operations[kind]?.timers ?? 1) > 1;
  return {
    title: TITLES[kind],
    ...tableOf(
      with_.map(({ design, operations }) => ({ design, ...operations[kind]! })),
      [
        { head: 'Design', align: 'left', cell: ({ design }) => design },
        { head: 'D refs', cell: ({ refs }) => mean(refs) },
        { head: 'lines', cell: ({ linesTouched }) => mean(linesTouched) },
        { head: 'D1 misses', cell: ({ d1Misses }) => mean(d1Misses) },
        { head: 'LLd misses', cell: ({ llMisses }) => mean(llMisses) },
        { head: 'from other\ncores', cell: ({ transfers }) => mean(transfers) },
        { head: 'TLB\nmisses', drop: 1, cell: ({ tlbMisses }) => mean(tlbMisses) },
        { head: 'list\nrefs', drop: 2, cell: ({ by }) => mean(by.list.refs) },
        { head: 'locks', cell: ({ lockAcquisitions }) => mean(lockAcquisitions) },
        { head: 'time', cell: ({ nsPerOp }) => duration(nsPerOp / 1e9) },
        ...(waits ? [WAITS] : []),
      ],
    ),
    reading: `Means of ${counted(first.operations[kind]!.count, 'event')}${many ? `, each over ${mean(first.operations[kind]!.timers)} timers` : ''}, in the kernel's layout; time is the machine model's${waits ? ', on a CPU: there are more threads than CPUs, so that a call also waits for one, and by the clock takes both' : ''}. list refs: references to a list of the process's timers beside the table.`,
  };
}

function sharingExhibit({ designs }: WorkloadEvaluation): Exhibit {
  return {
    title: 'Lines, pages and cores, over all that was counted',
    ...tableOf(
      designs.map(({ design, sharing }) => ({ design, ...sharing })),
      [
        { head: 'Design', align: 'left', cell: ({ design }) => design },
        {
          head: 'useful bytes\nof a line',
          cell: (one) => (one.usefulBytesPerLine === 0 ? '–' : mean(one.usefulBytesPerLine)),
        },
        { head: 'TLB misses\nper event', cell: ({ tlbMisses }) => mean(tlbMisses) },
        { head: 'moved between\ncores per event', cell: ({ moved }) => mean(moved) },
        { head: 'false\nsharing', cell: ({ falseSharing }) => mean(falseSharing) },
        {
          head: "hottest line's\nshare",
          cell: ({ hottestShare }) => (hottestShare === 0 ? '–' : `${(100 * hottestShare).toFixed(0)} %`),
        },
        { head: 'which', align: 'left', cell: ({ hottestLine }) => hottestLine },
      ],
    ),
    reading:
      'Useful: bytes of a line that are used while it is in the first level; – if no line came. TLB: misses of the first TLB, with pages of 2 MiB. Moved: lines that came from another core, or that a core took from others to write; the last column has the share of the hottest line.',
  };
}

function idsExhibit({ designs }: WorkloadEvaluation): Exhibit {
  const refusing = designs.filter(({ refused }) => refused > 0);
  const refused = refusing.map(({ design, refused: times }) => `${design} refused ${counted(times, 'ID')}.`).join(' ');
  return {
    title: 'IDs and memory when most timers are alive',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      { head: 'IDs', cell: ({ ids }) => count(ids.handedOut) },
      { head: 'live', cell: ({ ids }) => count(ids.live) },
      { head: 'highest', cell: ({ ids }) => count(ids.highestId) },
      { group: 'holes', head: 'refilled', cell: ({ ids }) => count(ids.recoverable) },
      { group: 'holes', head: 'lost', cell: ({ ids }) => count(ids.lost) },
      { group: 'restore', head: 'dance', cell: ({ restore }) => duration(restore.dance.seconds) },
      { group: 'restore', head: 'by ID', cell: ({ restore }) => duration(restore.byId.seconds) },
      { group: 'bytes per timer', head: 'timer', cell: ({ memory }) => mean(memory.timer) },
      { group: 'bytes per timer', head: '+ table', cell: ({ memory }) => mean(memory.table) },
    ]),
    reading:
      `IDs: handed out until then. refilled: by the next creates; lost: until the ID space has been used up once. dance: creating and deleting until each ID comes. The fixed part of the table is not in it: ${fixedParts(designs)}. ${refused}`.trim() +
      generationsNote(designs),
  };
}

function fixedParts(designs: readonly WorkloadDesign[]): string {
  const parts = designs
    .filter(({ memory }) => memory.fixed > 0)
    .map(({ design, memory }) => `${design} ${count(memory.fixed)} B`);
  return parts.length === 0 ? 'there is none' : parts.join(', ');
}

function reachExhibit({ workload, designs }: WorkloadEvaluation): Exhibit {
  const { idsPerSecond, from } = workload.rate!;
  return {
    title: 'How long until an ID is reached',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      { head: 'ID 1,000,000 after', cell: ({ reach }) => (reach === null ? 'never' : duration(reach.million)) },
      { head: 'INT_MAX after', cell: ({ reach }) => (reach === null ? 'never' : duration(reach.intMax)) },
    ]),
    reading: `At ${mean(idsPerSecond)} IDs per second: ${from}. Without a way to ask for an ID, a restore then takes ${duration((1e6 * NS_PER_PAIR) / 1e9)} and ${duration((INT_MAX_PAIRS * NS_PER_PAIR) / 1e9)}. never: IDs are used again immediately.`,
  };
}
