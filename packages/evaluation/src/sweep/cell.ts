// A cell of a sweep: one design, one size, one machine. Its processes get their timers back by ID, look them up, delete them.

import { DESIGN } from '@idspace/posix-timers';
import type { Memory } from '../evaluate/evaluation.ts';
import { FEWEST_BUCKETS } from '../evaluate/limits.ts';
import { bytesPerTimer, memoryOf } from '../evaluate/memory.ts';
import { type EvaluationPlan, planEvaluation } from '../evaluate/options.ts';
import type { PhaseCounts } from '../evaluate/phases.ts';
import { idSpaceOf, restoreCost } from '../evaluate/restore-cost.ts';
import { startRun, timeOf } from '../evaluate/run.ts';
import { INT_MAX } from '../int-max.ts';
import { bucketsOf, hasFixedBuckets } from '../layouts/kernel-layouts.ts';
import type { Operation } from '../layouts/reference-sink.ts';
import { checkKeys, whole } from '../refusal.ts';
import { AXES, countsRandom, type Grid, MAX_SAMPLE, type Place } from './grid.ts';

/** Means per operation, in the kernel's layout. */
export interface CellCost {
  refs: number;
  linesTouched: number;
  d1Misses: number;
  llMisses: number;
  lockAcquisitions: number;
  /** One thread's time on a CPU, waiting for locks included, from the machine model. */
  nsPerOp: number;
}

/** What a cell came to. Plain data, ready for JSON. */
export interface Cell extends Place {
  /** Its number in the grid. */
  cell: number;
  /** Operations of each phase that were recorded. */
  recorded: number;
  /** Null where there was none: all IDs that were looked at had been refused. */
  restore: CellCost | null;
  /** In creation order. */
  lookup: CellCost | null;
  /** In random order; only where it was asked for. */
  lookupRandom?: CellCost | null;
  delete: CellCost | null;
  /** IDs that the design refused: another timer sits where they belong. */
  refused: number;
  /** The highest ID that is there. */
  highestId: number;
  bytesPerTimer: number;
  memory: Memory;
  /** Seconds to get all timers back: by creating and deleting until each ID comes, and by asking for it. */
  danceSeconds: number;
  byIdSeconds: number;
}

/** The costs of a cell, in the order of the tables. */
export const CELL_COSTS: readonly (keyof CellCost)[] = [
  'refs',
  'linesTouched',
  'd1Misses',
  'llMisses',
  'lockAcquisitions',
  'nsPerOp',
];

/** Chain elements that a phase may pass in a table of 512 buckets. */
const RECORDED_WALK = 20_000;
/** Operations that are recorded at least. */
const LEAST_RECORDED = 200;

const PLACE_KEYS: readonly string[] = [
  'timers',
  'processes',
  'stride',
  'machine',
  'cpus',
  'design',
] satisfies (keyof Place)[];
const GRID_KEYS: readonly string[] = [...AXES, 'orders', 'seed', 'sample'] satisfies (keyof Grid)[];

/**
 * Evaluates a cell. A pure function: the same arguments, the same result.
 *
 * @param cell Its number, for the result. @param place Where it is. @param grid What is the same for all cells: its axes are not read.
 * @throws RangeError naming the key that there is not, or the value that is out of range.
 *
 * Cost: see {@link weightOf}.
 */
export function evaluateCell(cell: number, place: Place, grid: Pick<Grid, 'orders' | 'seed' | 'sample'>): Cell {
  checkKeys('place', place, PLACE_KEYS);
  checkKeys('grid', grid, GRID_KEYS);
  whole('stride', place.stride, 1, INT_MAX);
  whole('sample', grid.sample, 1, MAX_SAMPLE);
  const { design } = place;
  const plan = planOf(place, grid.seed, grid.sample);
  const { totalTimers, recorded } = plan.workload;
  const { table, recording, phases } = startRun(design, plan, [plan.machine], () => {});
  const restored = phases.run('create');
  const spaces = phases.created(DESIGN[design].scope);
  const live = spaces.reduce((sum, ids) => sum + ids.length, 0);
  const memory = memoryOf(table, design, plan.cpus, live);
  const lookedUp = phases.run('lookup');
  const atRandom = countsRandom(grid) ? phases.run('lookup', 'random') : null;
  const deleted = phases.run('delete');
  recording.stop();
  const idSpaces = spaces.map((ids) => idSpaceOf(design, ids));
  const { dance, byId } = restoreCost(idSpaces);
  return {
    cell,
    ...place,
    recorded,
    restore: costOf('create', restored, place, plan),
    lookup: costOf('lookup', lookedUp, place, plan),
    ...(atRandom && { lookupRandom: costOf('lookup', atRandom, place, plan) }),
    delete: costOf('delete', deleted, place, plan),
    refused: totalTimers - live,
    highestId: Math.max(...idSpaces.map(({ highestId }) => highestId)),
    bytesPerTimer: bytesPerTimer(memory, live),
    memory,
    danceSeconds: dance.seconds,
    byIdSeconds: byId.seconds,
  };
}

/** Estimates how long a cell takes against others. */
export function weightOf(place: Place, sample: number): number {
  const total = place.timers * place.processes;
  const chain = hasFixedBuckets(place.design) ? total / bucketsOf(place.design, place.cpus) : 0;
  return 30_000 + total + recordedOf(total, sample) * (15 + 8 * chain);
}

function recordedOf(totalTimers: number, sample: number): number {
  const chain = Math.max(totalTimers / FEWEST_BUCKETS, 1);
  // The same for all designs, so that neighbours can be compared.
  const recorded = Math.min(sample, Math.max(LEAST_RECORDED, Math.floor(RECORDED_WALK / chain)));
  return recorded >= 0.75 * totalTimers ? totalTimers : recorded;
}

function planOf(
  { design, timers, processes, stride, cpus, machine }: Place,
  seed: number,
  sample: number,
): EvaluationPlan {
  const plan = planEvaluation({ designs: [design], timers, processes, cpus, machine, seed });
  const recorded = recordedOf(plan.workload.totalTimers, sample);
  return { ...plan, stride, workload: { ...plan.workload, recorded } };
}

function costOf(
  operation: Operation,
  { kernel, operations, work }: PhaseCounts,
  { design }: Place,
  plan: EvaluationPlan,
): CellCost | null {
  if (operations === 0) return null;
  const { nsPerOp, lockAcquisitions } = timeOf(operation, work[0], design, plan, plan.machine);
  const { refs, linesTouched, d1Misses, llMisses } = kernel;
  return { refs, linesTouched, d1Misses, llMisses, lockAcquisitions, nsPerOp };
}
