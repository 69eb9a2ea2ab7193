// The tables of a workload: what each of its calls costs, what it leaves of the IDs, and when an ID is reached.

import type { WorkloadDesign, WorkloadEvaluation } from '@idspace/evaluation';
import { EVENT_KINDS } from '@idspace/evaluation';
import { NS_PER_PAIR } from '@idspace/restore-planner';
import { generationsNote } from '../format/designs.ts';
import type { Exhibit } from '../format/exhibit.ts';
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

function costsExhibit({ designs }: WorkloadEvaluation, kind: (typeof EVENT_KINDS)[number]): Exhibit {
  const with_ = designs.filter(({ operations }) => operations[kind] !== undefined);
  const [first] = with_;
  const waits = with_.some(({ operations }) => operations[kind]!.cpuWaitNs > 0);
  const many = (first.operations[kind]?.timers ?? 1) > 1;
  return {
    title: TITLES[kind],
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'D refs' },
      { head: 'lines' },
      { head: 'D1 misses' },
      { head: 'LLd misses' },
      { head: 'from other\ncores' },
      { head: 'TLB\nmisses', drop: 1 },
      { head: 'list\nrefs', drop: 2 },
      { head: 'locks' },
      { head: 'time' },
      ...(waits ? [{ head: 'waits\nfor CPU' }] : []),
    ],
    rows: with_.map(({ design, operations }) => {
      const cost = operations[kind]!;
      return [
        design,
        mean(cost.refs),
        mean(cost.linesTouched),
        mean(cost.d1Misses),
        mean(cost.llMisses),
        mean(cost.transfers),
        mean(cost.tlbMisses),
        mean(cost.by.list.refs),
        mean(cost.lockAcquisitions),
        duration(cost.nsPerOp / 1e9),
        ...(waits ? [duration(cost.cpuWaitNs / 1e9)] : []),
      ];
    }),
    reading: `Means of ${counted(first.operations[kind]!.count, 'event')}${many ? `, each over ${mean(first.operations[kind]!.timers)} timers` : ''}, in the kernel's layout; time is the machine model's${waits ? ', on a CPU: there are more threads than CPUs, so that a call also waits for one, and by the clock takes both' : ''}. list refs: references to a list of the process's timers beside the table.`,
  };
}

function sharingExhibit({ designs }: WorkloadEvaluation): Exhibit {
  return {
    title: 'Lines, pages and cores, over all that was counted',
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'useful bytes\nof a line' },
      { head: 'TLB misses\nper event' },
      { head: 'moved between\ncores per event' },
      { head: 'false\nsharing' },
      { head: "hottest line's\nshare" },
      { head: 'which', align: 'left' },
    ],
    rows: designs.map(({ design, sharing }) => [
      design,
      sharing.usefulBytesPerLine === 0 ? '–' : mean(sharing.usefulBytesPerLine),
      mean(sharing.tlbMisses),
      mean(sharing.moved),
      mean(sharing.falseSharing),
      sharing.hottestShare === 0 ? '–' : `${(100 * sharing.hottestShare).toFixed(0)} %`,
      sharing.hottestLine,
    ]),
    reading:
      'Useful: bytes of a line that are used while it is in the first level; – if no line came. TLB: misses of the first TLB, with pages of 2 MiB. Moved: lines that came from another core, or that a core took from others to write; the last column has the share of the hottest line.',
  };
}

function idsExhibit({ designs }: WorkloadEvaluation): Exhibit {
  const refusing = designs.filter(({ refused }) => refused > 0);
  const refused = refusing.map(({ design, refused: times }) => `${design} refused ${counted(times, 'ID')}.`).join(' ');
  return {
    title: 'IDs and memory when most timers are alive',
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'IDs' },
      { head: 'live' },
      { head: 'highest' },
      { group: 'holes', head: 'refilled' },
      { group: 'holes', head: 'lost' },
      { group: 'restore', head: 'dance' },
      { group: 'restore', head: 'by ID' },
      { group: 'bytes per timer', head: 'timer' },
      { group: 'bytes per timer', head: '+ table' },
    ],
    rows: designs.map(({ design, ids, restore, memory }) => [
      design,
      count(ids.handedOut),
      count(ids.live),
      count(ids.highestId),
      count(ids.recoverable),
      count(ids.lost),
      duration(restore.dance.seconds),
      duration(restore.byId.seconds),
      mean(memory.timer),
      mean(memory.table),
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
  const shown = (seconds: number): string => duration(seconds);
  return {
    title: 'How long until an ID is reached',
    columns: [{ head: 'Design', align: 'left' }, { head: 'ID 1,000,000 after' }, { head: 'INT_MAX after' }],
    rows: designs.map(({ design, reach }) =>
      reach === null ? [design, 'never', 'never'] : [design, shown(reach.million), shown(reach.intMax)],
    ),
    reading: `At ${mean(idsPerSecond)} IDs per second: ${from}. Without a way to ask for an ID, a restore then takes ${duration((1e6 * NS_PER_PAIR) / 1e9)} and ${duration((INT_MAX_PAIRS * NS_PER_PAIR) / 1e9)}. never: IDs are used again immediately.`,
  };
}
