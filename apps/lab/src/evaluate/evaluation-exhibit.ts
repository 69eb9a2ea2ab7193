// All tables of an evaluation, and the line that says what was evaluated.
import type { Evaluation } from '@idspace/evaluation';
import type { Exhibit } from '../format/exhibit.ts';
import { bytes, count, counted } from '../format/number.ts';
import { churnExhibit } from './churn-exhibit.ts';
import { layoutsExhibit } from './layouts-exhibit.ts';
import { locksExhibit } from './locks-exhibit.ts';
import { memoryExhibit } from './memory-exhibit.ts';
import { operationExhibit, operationsOf } from './operation-exhibit.ts';
import { partsExhibit } from './parts-exhibit.ts';
import { servedExhibit } from './served-exhibit.ts';

/** The tables of an evaluation, in the order in which they are read. */
export function evaluationExhibits(evaluation: Evaluation): Exhibit[] {
  return [
    ...operationsOf(evaluation).map((operation) => operationExhibit(evaluation, operation)),
    partsExhibit(evaluation),
    servedExhibit(evaluation),
    memoryExhibit(evaluation),
    locksExhibit(evaluation),
    churnExhibit(evaluation),
    layoutsExhibit(evaluation),
  ];
}

/** Says what was run: '1 process × 1 thread × 20,000 timers, seed 1'. */
export function workloadLine({ workload }: Evaluation): string {
  const { processes, threads, timers, totalTimers, seed, recorded } = workload;
  const sampled = recorded < totalTimers ? `, ${count(recorded)} operations of each phase recorded` : '';
  const parts = [counted(processes, 'process', 'processes'), counted(threads, 'thread'), counted(timers, 'timer')];
  return `${parts.join(' × ')}, seed ${seed}${sampled}`;
}

/** Says on what machine: '64 CPUs; L1d 32 KiB 8-way, LL 32 MiB 16-way, 64 B lines'. */
export function machineLine({ machine }: Pick<Evaluation, 'machine'>): string {
  const levels = machine.levels.map(
    ({ name, size, ways, line }) => `${name} ${bytes(size)} ${ways}-way ${line} B lines`,
  );
  return `${machine.title}, ${counted(machine.cpus, 'CPU')}: ${levels.join(', ')}`;
}
