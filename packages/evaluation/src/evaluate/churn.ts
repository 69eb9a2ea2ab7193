// Churn: timers that come and go at random, and what is left of the ID space.
import { createTimerTable, DESIGN, type DesignName, type TimerTable } from '@idspace/posix-timers';
import type { Churn, RestoreCost } from './evaluation.ts';
import { growingBytes } from './memory.ts';
import type { EvaluationPlan } from './options.ts';
import { addProcesses } from './processes.ts';
import { randomBelow } from './random.ts';
import { type IdSpace, idSpaceOf, restoreCost } from './restore-cost.ts';

/** What the churn left, and what restoring it costs. */
export interface ChurnOutcome {
  churn: Churn;
  restore: RestoreCost;
}

/** Fills a fresh table, replaces timers at random, deletes a random half, and looks at the IDs of the survivors. */
export function runChurn(
  design: DesignName,
  plan: EvaluationPlan,
  progress: (operations: number) => void,
): ChurnOutcome {
  const { workload, churnTimers, cpus } = plan;
  const table = createTimerTable(design, { cpus, capacity: churnTimers, processes: workload.processes });
  const processes = addProcesses(table, workload.processes, workload.seed);
  const below = randomBelow(workload.seed ^ 0x6368_7572);
  const live = new LiveTimers(table, processes);
  for (let i = 0; i < churnTimers; i++) live.create(i % processes.length);
  progress(churnTimers);
  for (let i = 0; i < workload.churn; i++) live.create(live.delete(below(live.count)));
  progress(workload.churn);
  for (let i = Math.floor(churnTimers / 2); i > 0; i--) live.delete(below(live.count));
  const spaces = live.idSpaces(design);
  const holes = sum(spaces, ({ highest, live }) => highest + 1 - live.length);
  const recoverable = DESIGN[design].reuse !== 'never';
  const churn = {
    live: live.count,
    highestId: spaces.reduce((highest, space) => Math.max(highest, space.highestId), 0),
    holes,
    recoverable: recoverable ? holes : 0,
    lost: recoverable ? 0 : holes,
    tableBytesPerTimer: live.count === 0 ? 0 : growingBytes(table, design) / live.count,
  };
  return { churn, restore: restoreCost(spaces) };
}

/** Timers that can be drawn at random. */
class LiveTimers {
  private readonly table: TimerTable;
  private readonly processes: readonly number[];
  private readonly owners: number[] = [];
  private readonly ids: number[] = [];

  constructor(table: TimerTable, processes: readonly number[]) {
    this.table = table;
    this.processes = processes;
  }

  get count(): number {
    return this.ids.length;
  }

  /** Creates a timer of process number `owner`. */
  create(owner: number): void {
    const process = this.processes[owner];
    const timer = this.table.timers.allocate();
    const id = this.table.add(process, timer);
    this.table.publish(process, timer);
    this.owners.push(owner);
    this.ids.push(id);
  }

  /** Deletes the timer at a position. @returns The number of its process. */
  delete(position: number): number {
    const owner = this.owners[position];
    this.table.timers.free(this.table.remove(this.processes[owner], this.ids[position]));
    const [lastOwner, lastId] = [this.owners.pop()!, this.ids.pop()!];
    if (position < this.ids.length) {
      this.owners[position] = lastOwner;
      this.ids[position] = lastId;
    }
    return owner;
  }

  /** The IDs by ID space: one for the machine, or one per process. */
  idSpaces(design: DesignName): IdSpace[] {
    const { scope } = DESIGN[design];
    const byProcess = this.processes.map((): number[] => []);
    for (const [i, id] of this.ids.entries()) byProcess[scope === 'system' ? 0 : this.owners[i]].push(id);
    return byProcess.filter((ids) => ids.length > 0).map((ids) => idSpaceOf(design, ids));
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
