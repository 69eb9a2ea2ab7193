// WorkloadEvaluation: what a workload costs in each design. Plain data, ready for JSON.
import type { DesignName } from '@idspace/posix-timers';
import type { HardwareSummary, LockUse, Memory, OperationCounts, RestoreCost, Served } from '../evaluate/evaluation.ts';
import type { EventKind } from '../hardware/operation-time.ts';
import type { Rate } from './event.ts';
import type { SharingCounts } from './sharing.ts';

/** Means over the counted events of one kind. */
export interface EventCost extends OperationCounts, Served {
  /** How many were counted. */
  count: number;
  /** Timers per event: 1, or as many as an exit deletes and a listing shows, mean. */
  timers: number;
  /** One thread's time on a CPU, waiting for locks included, from the machine model, ns; and how long it waits for a CPU. */
  nsPerOp: number;
  cpuWaitNs: number;
  locks: LockUse[];
  lockAcquisitions: number;
}

/** The IDs of all processes together, when the most of what the workload needs is alive. */
export interface IdsLeft {
  /** IDs handed out up to then. */
  handedOut: number;
  /** The highest that was handed out. */
  highestId: number;
  live: number;
  /** IDs up to the highest of each process that are free. */
  holes: number;
  /** Holes that the next creates fill. */
  recoverable: number;
  /** Holes that stay until the ID space has been used up once. */
  lost: number;
}

/** What one design costs under a workload, and what it leaves behind. */
export interface WorkloadDesign {
  design: DesignName;
  layout: string;
  operations: Partial<Record<EventKind, EventCost>>;
  /** Over all counted events together. */
  sharing: SharingCounts;
  /** Restores that the design refused: another ID sits where this one belongs. */
  refused: number;
  bytesPerTimer: number;
  memory: Memory;
  ids: IdsLeft;
  /** What restoring the timers that live then costs. */
  restore: RestoreCost;
  /** Seconds until an ID is reached at the workload's rate; null where IDs are used again immediately. */
  reach: { million: number; intMax: number } | null;
}

/** What `runWorkload` returns. Plain data, ready for JSON. */
export interface WorkloadEvaluation {
  workload: {
    name: string;
    meaning: string;
    processes: number;
    threads: number;
    /** Live at the same time, at most. */
    timers: number;
    seed: number;
    /** Events that were not counted, and those that were. */
    warmUp: number;
    counted: number;
    rate: Rate | null;
  };
  machine: HardwareSummary;
  designs: WorkloadDesign[];
}
