// Cache locality: the hash tables of two eras and the tree, workload by workload.

import { HARDWARE_NAMES, hardwareNamed, runWorkload, WORKLOADS } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';
import { count, mean } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { fills, OLD, of, RECORDED, TODAY, TREE } from './fills.ts';

const COMPARED = [OLD, TODAY, TREE] as const;
/** A design that is compared. */
export type Compared = typeof OLD | typeof TODAY | typeof TREE;
const CPUS = 64;

/** Workloads beside the fill: few timers in many processes, IDs far apart, the end of a process, its listing. */
const CASES = [
  { name: 'few-timers', label: '4 timers × 300 processes', options: { processes: 300, timers: 4 } },
  { name: 'restore', label: '1,024 IDs 512 apart', options: { timers: 1024, stride: 512 } },
  { name: 'restore', label: '2,048 IDs 512 apart', options: { timers: 2048, stride: 512 } },
  { name: 'exit', label: '1,000 timers of a process', options: { processes: 4, timers: 1000 } },
  { name: 'proc-listing', label: '1,000 timers of a process', options: { processes: 4, timers: 1000 } },
] as const;

/** Lookups of the fill say their order; those of other workloads are in random order. */
const CALLED: Readonly<Record<string, string>> = { lookup: 'lookup in order', lookupRandom: 'lookup at random' };

/** What an operation costs per timer, by design. */
export interface LocalityCell {
  workload: string;
  operation: string;
  d1Misses: Record<Compared, number>;
  linesTouched: Record<Compared, number>;
  listRefs: Record<Compared, number>;
  listLines: Record<Compared, number>;
}

export interface LocalityFigures {
  cells: LocalityCell[];
}

export async function locality(lab: Lab): Promise<LocalityFigures> {
  const cells: LocalityCell[] = [];
  for (const fill of await lab.once(fills)) {
    if (fill.threads > 1) continue;
    for (const operation of ['create', 'lookup', 'lookupRandom', 'delete'] as const) {
      const costs = byDesign((design) => of(fill, design)[operation]);
      cells.push({
        workload: `${count(fill.timers)} timers`,
        operation: CALLED[operation] ?? operation,
        ...turned(costs),
      });
    }
  }
  for (const workload of CASES) cells.push(...workloadCells(workload, lab.seed));
  return { cells };
}

interface Cost {
  d1Misses: number;
  linesTouched: number;
  listRefs: number;
  listLines: number;
}

function workloadCells({ name, label, options }: (typeof CASES)[number], seed: number): LocalityCell[] {
  const run = {
    designs: COMPARED as readonly DesignName[],
    cpus: CPUS,
    seed,
    machine: hardwareNamed(HARDWARE_NAMES[0]),
  };
  const { designs } = runWorkload(WORKLOADS[name].make({ ...options, seed }), run);
  const operations = Object.keys(designs[0].operations) as (keyof (typeof designs)[0]['operations'])[];
  return operations.map((operation) => {
    const costs = byDesign((design): Cost => {
      const cost = designs.find((one) => one.design === design)!.operations[operation]!;
      const { d1Misses, linesTouched, timers, by } = cost;
      const list = { listRefs: by.list.refs / timers, listLines: by.list.linesTouched / timers };
      return { d1Misses: d1Misses / timers, linesTouched: linesTouched / timers, ...list };
    });
    return { workload: label, operation, ...turned(costs) };
  });
}

function byDesign<Value>(value: (design: Compared) => Value): Record<Compared, Value> {
  return Object.fromEntries(COMPARED.map((design) => [design, value(design)])) as Record<Compared, Value>;
}

/** By design and figure → by figure and design. */
function turned(costs: Record<Compared, Cost>): Omit<LocalityCell, 'workload' | 'operation'> {
  return {
    d1Misses: byDesign((design) => costs[design].d1Misses),
    linesTouched: byDesign((design) => costs[design].linesTouched),
    listRefs: byDesign((design) => costs[design].listRefs),
    listLines: byDesign((design) => costs[design].listLines),
  };
}

const measure = (lab: Lab): Promise<LocalityFigures> => lab.once(locality);

const nameOf = ({ workload, operation }: LocalityCell): string => `${operation}, ${workload}`;
const missesMore = ({ d1Misses }: LocalityCell, other: Compared): boolean => d1Misses[TREE] > d1Misses[other];

const good: Claim<LocalityFigures> = {
  id: 'S11',
  claim: 'An xarray per process is good for cache locality',
  source: LETTER,
  measure,
  judge({ cells }) {
    const lookups = cells.filter(({ operation }) => operation.startsWith('lookup'));
    const text =
      `D1 misses per timer in ${COMPARED.join(', ')} on ${HARDWARE_NAMES[0]}: ` +
      `${cells.map((cell) => `${nameOf(cell)} ${series(cell.d1Misses)}`).join('; ')}. ` +
      `Lines that a lookup touches: ${lookups.map((cell) => `${nameOf(cell)} ${series(cell.linesTouched)}`).join('; ')}. ` +
      `Of the fills ${count(RECORDED)} operations of each kind are recorded, in windows spread over all; \`idspace evaluate\` records more of them, ` +
      `so its means differ a little. ${TODAY} has the timer of 6.15, which is split by cache lines; the others have that of 6.14.`;
    const moreThan = ([OLD, TODAY] as const).map((other) => cells.filter((cell) => missesMore(cell, other)));
    if (moreThan.every(({ length }) => length === 0)) return holds(text);
    if (moreThan.every(({ length }) => length === cells.length)) return doesNotHold(text);
    const [old, today] = moreThan.map((worse) => worse.map(nameOf).join('; ') || 'nowhere');
    return holdsOnlyIf(`except where it misses more than ${OLD} (${old}) or than ${TODAY} (${today})`, text);
  },
};

function series(figure: Record<Compared, number>): string {
  return COMPARED.map((design) => mean(figure[design])).join(' ');
}

const noList: Claim<LocalityFigures> = {
  id: 'S12',
  claim: 'It does away with the second list of a process’s timers',
  source: LETTER,
  measure,
  judge({ cells }) {
    const walks = cells.filter(({ operation }) => ['exit', 'list'].includes(operation));
    const changes = cells.filter(
      ({ workload, operation }) => workload === '20,000 timers' && !operation.startsWith('lookup'),
    );
    const told = changes.map(({ operation, listRefs, listLines }) => {
      return `a ${operation} spends ${mean(listRefs[TODAY])} refs on ${mean(listLines[TODAY])} lines on it in ${TODAY}, ${mean(listRefs[TREE])} in ${TREE}`;
    });
    const instead = walks.map(({ operation, linesTouched }) => {
      const series = COMPARED.map((design) => `${mean(linesTouched[design])} (${design})`).join(', ');
      return `${operation === 'exit' ? 'exit' : '/proc/PID/timers'} ${series}`;
    });
    const text = `${told.join('; ')}. Who needs all timers walks the table itself, lines per timer: ${instead.join('; ')}.`;
    const had = [...changes, ...walks].every(({ listRefs }) => listRefs[OLD] > 0 && listRefs[TODAY] > 0);
    return holdsIf(had && cells.every(({ listRefs }) => listRefs[TREE] === 0), text);
  },
};

export const LOCALITY_CLAIMS: readonly Claim<LocalityFigures>[] = [good, noList];
